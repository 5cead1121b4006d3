package org.cam4j.spark;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.PhotoResult;
import org.cam4j.localization.Localizer;
import org.cam4j.localization.MapCheck;

/**
 * Photos a second of Spark in this JVM beside those of {@code explainAll}, in turn, on the same cores; and photos for each second of
 * processor time, which say more on a machine that is busy with other work. No test: its main method is run with the tests' class path.
 */
final class RateComparison {

    private final ClassActivationMapper mapper;
    private final boolean boxes;
    private long found;

    private RateComparison(ClassActivationMapper mapper, boolean boxes) {
        this.mapper = mapper;
        this.boxes = boxes;
    }

    /** Arguments: a prepared model, the number of photos, the number of rounds, and "boxes" for boxes and checks. */
    public static void main(String[] arguments) throws IOException {
        Path model = Path.of(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        boolean boxes = arguments.length > 3 && arguments[3].equals("boxes");
        int cores = Runtime.getRuntime().availableProcessors();
        Path folder = Files.createTempDirectory("cam4j-rate");
        PhotoFolder photos = PhotoFolder.fill(Files.createDirectory(folder.resolve("photos")), count, 0);
        SparkSession spark = TestSession.on("local[" + cores + "]", folder)
                // As docs/spark.md advises for small photos.
                .config("spark.sql.files.openCostInBytes", 100_000)
                .config("spark.sql.files.minPartitionNum", 8L * cores)
                .getOrCreate();
        CamTransformer transformer = new CamTransformer()
                .setModelFile(model.toString())
                .setBoxRule(boxes ? "paper" : "none")
                .setChecks(boxes);
        Dataset<Row> files =
                spark.read().format("binaryFile").load(photos.path().toString());
        Dataset<Row> content = transformer.transform(files);
        Dataset<Row> paths = transformer.setInputCol("path").transform(files.select("path"));
        try (ClassActivationMapper mapper = ClassActivationMapper.open(model)) {
            RateComparison comparison = new RateComparison(mapper, boxes);
            for (int round = 0; round < rounds; round++) {
                Rate alone = rate(count, () -> comparison.explainAll(photos.good()));
                System.out.println("explainAll " + alone);
                System.out.println(
                        "content    " + rate(count, () -> write(content)).beside(alone));
                System.out.println(
                        "paths      " + rate(count, () -> write(paths)).beside(alone));
            }
            System.out.println("explainAll: " + comparison.found + " cells, boxes and warnings");
        }
        System.out.println("Spark: " + CamProgress.of(spark.sparkContext()));
        spark.stop();
    }

    /** Photos for a second of the clock and of a processor. */
    private record Rate(double clock, double processor) {

        String beside(Rate other) {
            return this
                    + String.format(Locale.ROOT, ", %.2f and %.2f", clock / other.clock, processor / other.processor);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f photos a second, %.1f a second of a processor", clock, processor);
        }
    }

    private static Rate rate(int count, Runnable work) {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long processorStart = system.getProcessCpuTime();
        long start = System.nanoTime();
        work.run();
        double clock = (System.nanoTime() - start) / 1e9;
        return new Rate(count / clock, count / ((system.getProcessCpuTime() - processorStart) / 1e9));
    }

    private static void write(Dataset<Row> explained) {
        explained.select("explanation").write().format("noop").mode("overwrite").save();
    }

    private void explainAll(List<Path> photos) {
        try (Stream<PhotoResult> results = mapper.explainAll(photos.stream())) {
            results.forEach(result ->
                    look(((PhotoResult.Explained) result).explanation().map()));
        }
    }

    private void look(ActivationMap map) {
        found += map.toArray().length;
        if (boxes) {
            found += Localizer.paper().boxes(map).size();
            found += MapCheck.of(map).warnings().size();
        }
    }
}
