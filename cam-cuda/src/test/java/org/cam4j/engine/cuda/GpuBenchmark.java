package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaEventCreate;
import static org.bytedeco.cuda.global.cudart.cudaEventElapsedTime;
import static org.bytedeco.cuda.global.cudart.cudaEventRecord;
import static org.bytedeco.cuda.global.cudart.cudaEventSynchronize;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.PixelBatch;
import org.cam4j.engine.Values;
import org.cam4j.engine.onednn.OneDnnEngine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Shape;
import org.cam4j.testing.Closeness;

/**
 * One network on the GPU: against oneDNN on the CPU, the same bits or not, and how fast. Started by {@code cam-benchmarks/gpu/run.sh};
 * each line of output begins with what it is.
 */
public final class GpuBenchmark {

    private static final long BORN = System.currentTimeMillis();
    private static final Set<String> BOTH = Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS);

    /** Images of the comparison; fewer where the GPU is a slow stand-in. */
    private static final int COUNT = Integer.getInteger("images", 8);

    private final String net;
    private final InferencePlan plan;
    private final float[] classWeights;
    private final double seconds;
    private final int[] batches;
    private final float[] images;
    /** Keeps arrays from being optimised away. */
    private volatile float[] kept = {};

    private GpuBenchmark(Path plans, String net, int[] batches, double seconds) throws Exception {
        this.net = net;
        this.seconds = seconds;
        this.batches = batches;
        this.plan = PlanText.read(plans.resolve(net + ".plan"), 7);
        this.classWeights = head(plan);
        int most = Math.max(COUNT, Arrays.stream(batches).max().orElse(1));
        this.images = new RandomNumbers(11).normal(most * plan.input().size(), 1);
    }

    /** Takes the folder of plans, the network, batch sizes, seconds for each timing, and precisions. */
    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT);
        int[] batches = Arrays.stream(arguments[2].split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        GpuBenchmark benchmark =
                new GpuBenchmark(Path.of(arguments[0]), arguments[1], batches, Double.parseDouble(arguments[3]));
        benchmark.run(List.of(arguments[4].split(",")));
        System.exit(0);
    }

    private void say(String tag, String text) {
        System.out.println("%-6s %-17s %s".formatted(tag, net, text));
        System.out.flush();
    }

    private void failed(String what, Throwable failure) {
        say("FAIL", "%s: %s".formatted(what, failure));
        failure.printStackTrace(System.out);
    }

    private void run(List<String> modes) {
        say("INFO", "%d steps, %d ms after start".formatted(plan.steps().size(), System.currentTimeMillis() - BORN));
        float[][] reference = null;
        for (String mode : modes) {
            try {
                if (mode.equals("cpu")) {
                    reference = reference();
                } else if (mode.startsWith("probe")) {
                    probe(mode.endsWith("planes") ? Layout.PLANES : Layout.ROWS, mode.substring(5, 9));
                } else if (mode.equals("more")) {
                    more();
                } else {
                    run(mode, reference);
                }
            } catch (Exception | Error e) {
                failed(mode, e);
            }
        }
        say("INFO", "done after %d ms".formatted(System.currentTimeMillis() - BORN));
    }

    private float[] some(int count) {
        return Arrays.copyOf(images, count * plan.input().size());
    }

    private Batch batch(float[] numbers) {
        return Batch.of(numbers, plan.input());
    }

    private float[][] reference() throws EngineUnavailableException {
        try (Engine engine = OneDnnEngine.start(plan, Runtime.getRuntime().availableProcessors())) {
            Values values = engine.run(batch(some(COUNT)), BOTH);
            float[] one = some(1);
            double time = milliseconds(() -> engine.run(batch(one), BOTH), 0.5);
            say("CPU", "%s: batch 1 %.3f ms".formatted(engine.name(), time));
            return new float[][] {values.host(InferencePlan.FEATURES), values.host(InferencePlan.LOGITS)};
        }
    }

    private void run(String mode, float[][] reference) throws Exception {
        boolean isTuned = mode.endsWith("tuned");
        Precision precision = Precision.valueOf(mode.replace("tuned", "").toUpperCase(Locale.ROOT));
        long start = System.nanoTime();
        try (CudaEngine engine = CudaEngine.start(plan, settings(precision, isTuned))) {
            double opened = (System.nanoTime() - start) / 1e6;
            say("INFO", "%s: %s".formatted(mode, engine.name()));
            ClassMaps first = engine.maps(batch(some(1)), classWeights);
            say(
                    "START",
                    "%-10s engine %.0f ms, first map %.0f ms"
                            .formatted(mode, opened, (System.nanoTime() - start) / 1e6));
            compare(engine, mode, reference);
            same(engine, mode, first);
            PixelBenchmark pixels = new PixelBenchmark(engine, plan.input(), classWeights);
            say(
                    "BITS",
                    "%-10s bytes sampled on the GPU %s"
                            .formatted(mode, pixels.hasBitsOfJava(COUNT) ? "as Java" : "NOT AS JAVA"));
            say(
                    "BITS",
                    "%-10s sums of kept features %s"
                            .formatted(mode, checks().sumsAreAsJava(engine) ? "as Java" : "NOT AS JAVA"));
            for (int count : batches) {
                time(engine, mode, count);
            }
            say("ALGO", "%-10s %s".formatted(mode, engine.algorithms()));
            say("MEMORY", "%-10s %.0f MiB".formatted(mode, engine.bytes() / 1048576.0));
        }
    }

    /** What takes engines of its own. */
    private void more() throws EngineUnavailableException {
        CudaSettings settings = CudaSettings.standard();
        say("JOINED", "%-10s logits %.2e".formatted("exact", checks().errorOfJoined(settings)));
        long left = checks().bytesNotFreed(settings);
        say(
                "FREED",
                "%-10s all but %.1f MiB%s"
                        .formatted("exact", left / 1048576.0, GpuChecks.isLeak(left) ? ", NOT FREED" : ""));
    }

    private GpuChecks checks() {
        return new GpuChecks(plan, classWeights, some(COUNT));
    }

    private static CudaSettings settings(Precision precision, boolean isTuned) {
        CudaSettings settings = CudaSettings.standard().withPrecision(precision);
        return isTuned ? settings.tuned() : settings;
    }

    /** Times every way of every convolution. */
    private void probe(Layout layout, String precision) throws EngineUnavailableException {
        Precision of = Precision.valueOf(precision.equals("exac") ? "EXACT" : precision.toUpperCase(Locale.ROOT));
        try (CudaEngine engine = CudaEngine.start(plan, settings(of, true), layout)) {
            for (int count : batches) {
                engine.maps(batch(some(count)), classWeights);
            }
            engine.trials().forEach(trial -> say("PROBE", "%s %s".formatted(of, trial)));
        }
    }

    private static float[] head(InferencePlan plan) {
        int logits = plan.output(InferencePlan.LOGITS);
        return plan.steps().stream()
                .filter(step -> step.value() == logits)
                .map(step -> ((Dense) step.operation()).weights().values())
                .findFirst()
                .orElseThrow();
    }

    // ---- right ----

    private void compare(CudaEngine engine, String mode, float[][] reference) {
        Values values = engine.run(batch(some(COUNT)), BOTH);
        float[] features = values.host(InferencePlan.FEATURES);
        float[] logits = values.host(InferencePlan.LOGITS);
        ClassMaps maps = engine.maps(batch(some(COUNT)), classWeights);
        Shape shape = plan.shape(plan.output(InferencePlan.FEATURES));
        int cells = shape.height() * shape.width();
        boolean agrees = true;
        float[] expected = new float[COUNT * cells];
        float[] pixels = new float[maps.pixels().length];
        for (int i = 0; i < COUNT; i++) {
            int chosen = largest(reference == null ? logits : reference[1], i, logits.length / COUNT);
            agrees &= chosen == maps.classes()[i];
            for (int cell = 0; cell < cells; cell++) {
                double sum = 0;
                for (int k = 0; k < shape.channels(); k++) {
                    sum += (double) classWeights[maps.classes()[i] * shape.channels() + k]
                            * (reference == null ? features : reference[0])[(i * cells + cell) * shape.channels() + k];
                }
                expected[i * cells + cell] = (float) sum;
            }
            upsample(maps.cells(), i, shape, pixels);
        }
        say(
                "ERROR",
                "%-10s features %.2e  logits %.2e  map %.2e  classes %s  upsampled %s"
                        .formatted(
                                mode,
                                reference == null ? -1 : Closeness.relative(features, reference[0]),
                                reference == null ? -1 : Closeness.relative(logits, reference[1]),
                                Closeness.relative(maps.cells(), expected),
                                agrees ? "agree" : "DIFFER",
                                Arrays.equals(pixels, maps.pixels()) ? "as Java" : "NOT AS JAVA"));
    }

    private static int largest(float[] logits, int image, int classes) {
        int best = image * classes;
        for (int i = best; i < (image + 1) * classes; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best - image * classes;
    }

    private void upsample(float[] cells, int image, Shape shape, float[] pixels) {
        int rows = plan.input().height();
        int columns = plan.input().width();
        int at = image * shape.height() * shape.width();
        for (int y = 0; y < rows; y++) {
            double v = cell(y, rows, shape.height());
            int row = (int) v;
            int top = at + row * shape.width();
            int bottom = at + Math.min(row + 1, shape.height() - 1) * shape.width();
            for (int x = 0; x < columns; x++) {
                double u = cell(x, columns, shape.width());
                int left = (int) u;
                int right = Math.min(left + 1, shape.width() - 1);
                float share = (float) (u - left);
                float above = mix(cells[top + left], cells[top + right], share);
                float below = mix(cells[bottom + left], cells[bottom + right], share);
                pixels[(image * rows + y) * columns + x] = mix(above, below, (float) (v - row));
            }
        }
    }

    private static double cell(int i, int pixels, int cells) {
        return Math.min(Math.max((i + 0.5) * cells / pixels - 0.5, 0), cells - 1);
    }

    private static float mix(float p, float q, float weight) {
        return p + (q - p) * weight;
    }

    // ---- the same bits ----

    private static int bits(ClassMaps maps) {
        return 31 * (31 * Arrays.hashCode(maps.logits()) + Arrays.hashCode(maps.classes()))
                + Arrays.hashCode(maps.pixels());
    }

    private void same(CudaEngine engine, String mode, ClassMaps first) {
        float[] one = some(1);
        float[] many = some(COUNT);
        int expected = bits(first);
        int expectedMany = bits(engine.maps(batch(many), classWeights));
        long until = System.nanoTime() + (long) (seconds * 1e9);
        int equal = 0;
        int runs = 0;
        for (; runs < 30 && (runs < 2 || System.nanoTime() < until); runs++) {
            equal += bits(engine.maps(batch(one), classWeights)) == expected ? 1 : 0;
        }
        int each = Math.max(2, runs / 3);
        List<CompletableFuture<Integer>> threads = IntStream.range(0, 4)
                .mapToObj(thread -> CompletableFuture.supplyAsync(
                        () -> {
                            int good = 0;
                            for (int i = 0; i < each; i++) {
                                boolean isMany = thread % 2 == 1 && i >= each / 2;
                                ClassMaps maps = engine.maps(batch(isMany ? many : one), classWeights);
                                good += bits(maps) == (isMany ? expectedMany : expected) ? 1 : 0;
                            }
                            return good;
                        },
                        task -> new Thread(task).start()))
                .toList();
        int good = threads.stream().mapToInt(CompletableFuture::join).sum();
        say("SAME", "%-10s %d of %d runs, 4 threads: %d of %d".formatted(mode, equal, runs, good, 4 * each));
    }

    // ---- fast ----

    /** The median of as many runs as there is time for. */
    private double milliseconds(Runnable work, double share) {
        for (int i = 0; i < 3; i++) {
            work.run();
        }
        double[] times = new double[300];
        int count = 0;
        long until = System.nanoTime() + (long) (seconds * share * 1e9);
        while (count < 3 || (count < times.length && System.nanoTime() < until)) {
            long start = System.nanoTime();
            work.run();
            times[count++] = (System.nanoTime() - start) / 1e6;
        }
        return median(Arrays.copyOf(times, count));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private void time(CudaEngine engine, String mode, int count) {
        try {
            float[] numbers = some(count);
            ClassMaps results = engine.maps(batch(numbers), classWeights);
            milliseconds(() -> engine.maps(batch(numbers), classWeights, results), 0.4);
            double map = milliseconds(() -> engine.maps(batch(numbers), classWeights, results), 1);
            double forward = forward(engine, mode, count);
            copies(engine, mode, Math.min(count, 32), some(Math.min(count, 32)));
            PixelBatch bytes = new PixelBenchmark(engine, plan.input(), classWeights).images(count);
            double ofBytes = milliseconds(() -> engine.maps(bytes, classWeights, results), 0.4);
            say("BYTES", "%-10s batch %-3d  CAM %8.3f ms".formatted(mode, count, ofBytes));
            double perSecond = count > 8 ? 0 : throughput(engine, numbers, count);
            say(
                    "TIME",
                    "%-10s batch %-3d  CAM %8.3f ms  forward %8.3f ms  4 threads %8.0f maps/s"
                            .formatted(mode, count, map, forward, perSecond));
        } catch (RuntimeException e) {
            failed(mode + " batch " + count, e);
        }
    }

    /** Milliseconds of the forward pass alone, by the GPU's clock; more images than one batch has are run in several. */
    private double forward(CudaEngine engine, String mode, int images) {
        int count = Math.min(images, 32);
        return forwardOfOne(engine, mode, count) * images / count;
    }

    private double forwardOfOne(CudaEngine engine, String mode, int count) {
        engine.device().use();
        Execution execution = engine.executions().take(count);
        CUevent_st start = new CUevent_st();
        CUevent_st end = new CUevent_st();
        try {
            Status.cuda(cudaEventCreate(start), "timing");
            Status.cuda(cudaEventCreate(end), "timing");
            execution.forward();
            execution.await();
            double[] times = new double[40];
            int runs = 0;
            long until = System.nanoTime() + (long) (seconds / 2 * 1e9);
            while (runs < 3 || (runs < times.length && System.nanoTime() < until)) {
                Status.cuda(cudaEventRecord(start, execution.stream()), "timing");
                for (int i = 0; i < 4; i++) {
                    execution.forward();
                }
                Status.cuda(cudaEventRecord(end, execution.stream()), "timing");
                Status.cuda(cudaEventSynchronize(end), "timing");
                float[] elapsed = new float[1];
                Status.cuda(cudaEventElapsedTime(elapsed, start, end), "timing");
                times[runs++] = elapsed[0] / 4;
            }
            say("GRAPH", "%-10s batch %-3d  %d kernels".formatted(mode, count, execution.launches()));
            return median(Arrays.copyOf(times, runs));
        } finally {
            engine.executions().give(execution);
        }
    }

    /** What the whole map takes beside the forward pass. */
    private void copies(CudaEngine engine, String mode, int count, float[] numbers) {
        Execution execution = engine.executions().take(count);
        try {
            List<Source> sources = List.of(Source.of(batch(numbers)));
            double up = milliseconds(
                    () -> {
                        execution.stage(sources, 0, count, 0);
                        execution.await();
                    },
                    0.2);
            ClassMaps results = engine.maps(batch(numbers), classWeights);
            execution.startMaps(sources.get(0), 0, count, engine.executions().uploaded(classWeights));
            double read = milliseconds(() -> execution.finishMaps(0, count, results), 0.1);
            double made = milliseconds(() -> kept = new float[results.pixels().length], 0.1);
            say(
                    "COPY",
                    "%-10s batch %-3d  to the GPU %.3f ms  reading %.3f ms  a new array %.3f ms"
                            .formatted(mode, count, up, read, made));
        } finally {
            engine.executions().give(execution);
        }
    }

    private double throughput(CudaEngine engine, float[] numbers, int count) {
        long start = System.nanoTime();
        long until = start + (long) (seconds / 2 * 1e9);
        long runs = IntStream.range(0, 4)
                .mapToObj(thread -> CompletableFuture.supplyAsync(
                        () -> {
                            long done = 0;
                            ClassMaps results = engine.maps(batch(numbers), classWeights);
                            while (System.nanoTime() < until || done == 0) {
                                engine.maps(batch(numbers), classWeights, results);
                                done++;
                            }
                            return done;
                        },
                        task -> new Thread(task).start()))
                .toList()
                .stream()
                .mapToLong(CompletableFuture::join)
                .sum();
        return runs * count / ((System.nanoTime() - start) / 1e9);
    }
}
