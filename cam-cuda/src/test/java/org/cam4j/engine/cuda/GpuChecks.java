package org.cam4j.engine.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.cam4j.engine.Batch;
import org.cam4j.engine.DeviceValues;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;
import org.cam4j.testing.Closeness;

/** What tests show on the stand-in, for {@link GpuBenchmark} on a GPU: sums where features lie, calls that are joined, freed memory. */
final class GpuChecks {

    private static final Set<String> BOTH = Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS);
    private static final int THREADS = 4;

    /** Bytes that CUDA may keep of what an engine had. */
    private static final long KEPT = 64L << 20;

    private final InferencePlan plan;
    /** [channels][classes], as mappers have them. */
    private final float[] columns;

    private final float[] images;

    /**
     * Creates the checks of a network.
     *
     * @param classWeights [classes][channels]
     * @param images at least one, preprocessed
     */
    GpuChecks(InferencePlan plan, float[] classWeights, float[] images) {
        this.plan = plan;
        this.images = images;
        int channels = plan.shape(plan.output(InferencePlan.FEATURES)).channels();
        int classes = classWeights.length / channels;
        this.columns = new float[classWeights.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i % channels * classes + i / channels] = classWeights[i];
        }
    }

    private Batch image(int index) {
        int size = plan.input().size();
        return Batch.of(Arrays.copyOfRange(images, index * size, (index + 1) * size), plan.input());
    }

    private int count() {
        return images.length / plan.input().size();
    }

    /** Whether sums of channels where the features lie have the bits of Java's. */
    boolean sumsAreAsJava(CudaEngine engine) {
        DeviceValues values = (DeviceValues) engine.run(image(0), BOTH);
        Shape shape = values.shape(InferencePlan.FEATURES);
        int classes = columns.length / shape.channels();
        int chosen = classes / 2;
        float[] found = values.channelSums(InferencePlan.FEATURES, 0, 1, columns, 0, chosen)
                .orElseThrow();
        float[] features = values.host(InferencePlan.FEATURES);
        int cells = shape.height() * shape.width();
        boolean areEqual = true;
        for (int cell = 0; cell < cells; cell++) {
            areEqual &=
                    found[cells + cell] == sum(features, cell * shape.channels(), shape.channels(), chosen, classes);
        }
        return areEqual;
    }

    /** Four sums at a time, as mappers add. */
    private float sum(float[] features, int start, int channels, int chosen, int classes) {
        float[] sums = new float[4];
        for (int k = 0; k < channels; k++) {
            int lane = k < channels / 4 * 4 ? k % 4 : 0;
            sums[lane] += features[start + k] * columns[k * classes + chosen];
        }
        return (sums[0] + sums[1]) + (sums[2] + sums[3]);
    }

    /** How far the logits of joined calls of several threads are from those of calls by themselves, at most. */
    double errorOfJoined(CudaSettings settings) throws EngineUnavailableException {
        double most = 0;
        try (CudaEngine single = CudaEngine.start(plan, settings);
                CudaEngine engine = CudaEngine.start(plan, settings.joining())) {
            List<CompletableFuture<Double>> calls = new ArrayList<>();
            for (int i = 0; i < THREADS * 4; i++) {
                Batch image = image(i % count());
                calls.add(CompletableFuture.supplyAsync(
                        () -> Closeness.relative(logits(engine, image), logits(single, image)),
                        task -> new Thread(task).start()));
            }
            for (CompletableFuture<Double> call : calls) {
                most = Math.max(most, call.join());
            }
        }
        return most;
    }

    private static float[] logits(CudaEngine engine, Batch image) {
        return engine.run(image, Set.of(InferencePlan.LOGITS)).host(InferencePlan.LOGITS);
    }

    /** Bytes of the GPU that are missing after an engine ran and was closed, beside what the first one leaves to the libraries. */
    long bytesNotFreed(CudaSettings settings) throws EngineUnavailableException {
        runOnce(settings);
        long before = Device.freeBytes();
        runOnce(settings);
        return before - Device.freeBytes();
    }

    /** Whether so many bytes are more than CUDA keeps for itself. */
    static boolean isLeak(long bytes) {
        return bytes > KEPT;
    }

    private void runOnce(CudaSettings settings) throws EngineUnavailableException {
        try (CudaEngine engine = CudaEngine.start(plan, settings)) {
            engine.run(Batch.of(images, plan.input()), BOTH);
        }
    }
}
