package org.cam4j.prepared;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.PhotoResult;
import org.cam4j.file.Npy;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.cam4j.localization.MapCheck;
import org.cam4j.localization.ObjectFinder;
import org.cam4j.render.overlay.Overlay;
import org.cam4j.render.report.Report;

/**
 * An application that only runs prepared models: photo in; map, box, overlay, report, archive and plain arrays out. Started by
 * {@link PreparedClasspathTest} without DL4J, ND4J and jHDF.
 */
final class PreparedOnly {

    private PreparedOnly() {}

    /** Arguments: the prepared model, a photo, a folder for results. */
    public static void main(String[] arguments) {
        Path photo = Path.of(arguments[1]);
        Path out = Path.of(arguments[2]);
        ClassActivationMapper.warmUp();
        requireAbsentDl4jNd4jAndHdf5();
        try (ClassActivationMapper mapper = ClassActivationMapper.open(Path.of(arguments[0]))) {
            Explanation explanation = mapper.explain(photo);
            ActivationMap map = explanation.map();
            Optional<BoundingBox> box = Localizer.paper().box(map);
            Npy.write(out.resolve("map.npy"), map.toArray(), map.height(), map.width());
            Overlay.of(explanation).label().write(out.resolve("overlay.png"));
            explanation.save(out.resolve("explanation.npz"));
            Report.of("prepared").write(out.resolve("report.html"), page -> mapper.explainAll(Stream.of(photo))
                    .forEach(page::add));
            mapper.save(out.resolve("again.cam4j"));
            int objects = ObjectFinder.of(mapper).find(explanation).size();
            System.out.println(explanation.prediction() + " | " + mapper.engine() + " | " + box.isPresent() + " | "
                    + objects + " | " + MapCheck.of(explanation).warnings().size() + " | "
                    + map.upsampledArray().length + " | "
                    + PhotoResult.class.getSimpleName());
            try {
                map.values();
                throw new IllegalStateException("an INDArray without ND4J");
            } catch (NoClassDefFoundError expected) {
                System.out.println("INDArray needs ND4J");
            }
        }
    }

    static void requireAbsentDl4jNd4jAndHdf5() {
        for (String absent : new String[] {
            "org.nd4j.linalg.factory.Nd4j", "org.deeplearning4j.nn.graph.ComputationGraph", "io.jhdf.HdfFile"
        }) {
            requireAbsent(absent);
        }
    }

    private static void requireAbsent(String name) {
        try {
            Class.forName(name, false, PreparedOnly.class.getClassLoader());
            throw new IllegalStateException(name + " is on the classpath");
        } catch (ClassNotFoundException expected) {
            System.out.println("without " + name);
        }
    }
}
