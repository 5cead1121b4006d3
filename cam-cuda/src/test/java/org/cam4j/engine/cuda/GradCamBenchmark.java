package org.cam4j.engine.cuda;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.explain.ExplainedImage;
import org.cam4j.explain.GradCam;
import org.cam4j.explain.RawMap;
import org.cam4j.explain.Target;
import org.cam4j.explain.network.ExplainedNetwork;
import org.cam4j.explain.network.Progress;
import org.cam4j.explain.network.TokenPlaces;
import org.cam4j.plan.InferencePlan;
import org.cam4j.testing.Closeness;

/**
 * Grad-CAM by a layer in the middle of a network, as mappers compute it: forward pass, way back and map of the class with the highest
 * logit, image by image, the images of a batch on several threads. Started by {@code cam-benchmarks/gpu/run.sh}.
 */
public final class GradCamBenchmark {

    private static final Set<String> BOTH = Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS);
    private static final String NAME = "%-17s %-6s";

    private final String net;
    private final String layer;
    private final InferencePlan plan;
    private final float[][] images;

    private GradCamBenchmark(Path plans, String net, String layer, int most) throws Exception {
        this.net = net;
        this.layer = layer;
        this.plan = PlanText.read(plans.resolve(net + ".plan"), 7);
        RandomNumbers numbers = new RandomNumbers(11);
        this.images = IntStream.range(0, most)
                .mapToObj(i -> numbers.normal(plan.input().size(), 1))
                .toArray(float[][]::new);
    }

    /** Takes the folder of plans, the network, a layer, batch sizes, seconds for each timing, and precisions. */
    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT);
        int[] batches = Arrays.stream(arguments[3].split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        int most = Arrays.stream(batches).max().orElse(1);
        GradCamBenchmark benchmark = new GradCamBenchmark(Path.of(arguments[0]), arguments[1], arguments[2], most);
        double seconds = Double.parseDouble(arguments[4]);
        float[] expected = benchmark.on("oneDNN", network -> network.map(0).values());
        for (String mode : List.of(arguments[5].split(","))) {
            System.setProperty("cam4j.cuda.precision", mode);
            try {
                benchmark.on("CUDA", network -> {
                    float[] found = network.map(0).values();
                    System.out.printf(
                            "ERROR  " + NAME + " Grad-CAM at '%s' %.2e of oneDNN's%n",
                            benchmark.net,
                            mode,
                            benchmark.layer,
                            Closeness.relative(found, expected));
                    System.out.printf(
                            "BITS   " + NAME + " Grad-CAM's map on the GPU %s%n",
                            benchmark.net,
                            mode,
                            Arrays.equals(found, network.onHost(0)) ? "as Java" : "NOT AS JAVA");
                    for (int batch : batches) {
                        System.out.printf(
                                "GRAD   " + NAME + " batch %-3d map %9.3f ms%n",
                                benchmark.net,
                                mode,
                                batch,
                                network.milliseconds(batch, seconds));
                    }
                    return found;
                });
            } catch (RuntimeException | Error e) {
                System.out.printf("FAIL   %s Grad-CAM %s: %s%n", benchmark.net, mode, e);
                e.printStackTrace(System.out);
            }
        }
        System.exit(0);
    }

    private interface Use {
        float[] of(Running network);
    }

    private float[] on(String name, Use use) {
        EngineSettings settings = EngineSettings.standard().withEngine(name);
        try (Engine engine = Engines.of(plan, settings);
                ExplainedNetwork network =
                        new ExplainedNetwork(plan, engine, settings, UnaryOperator.identity(), TokenPlaces.NONE)) {
            return use.of(new Running(engine, network));
        }
    }

    private final class Running {
        private final Engine engine;
        private final ExplainedNetwork network;

        Running(Engine engine, ExplainedNetwork network) {
            this.engine = engine;
            this.network = network;
        }

        RawMap map(int index) {
            ExplainedImage image = image(index);
            return GradCam.at(layer).map(image, best(image));
        }

        /** The map that Java makes of the same gradient and activations. */
        float[] onHost(int index) {
            ExplainedImage image = image(index);
            float[] gradient = image.gradient(layer, best(image).seed(image.logits()));
            return image.activations(layer).weightedSumByMeans(gradient).values();
        }

        private ExplainedImage image(int index) {
            Batch input = Batch.of(images[index], plan.input());
            return network.image(input, engine.run(input, BOTH), 0, Progress.NONE);
        }

        private static Target best(ExplainedImage image) {
            float[] logits = image.logits();
            int best = 0;
            for (int i = 1; i < logits.length; i++) {
                best = logits[i] > logits[best] ? i : best;
            }
            return Target.logit(best);
        }

        double milliseconds(int batch, double seconds) {
            for (int i = 0; i < 2; i++) {
                all(batch);
            }
            double[] times = new double[100];
            int count = 0;
            long until = System.nanoTime() + (long) (seconds * 1e9);
            while (count < 3 || (count < times.length && System.nanoTime() < until)) {
                long start = System.nanoTime();
                all(batch);
                times[count++] = (System.nanoTime() - start) / 1e6;
            }
            double[] sorted = Arrays.copyOf(times, count);
            Arrays.sort(sorted);
            return sorted[count / 2];
        }

        private List<RawMap> all(int batch) {
            return IntStream.range(0, batch).parallel().mapToObj(this::map).toList();
        }
    }
}
