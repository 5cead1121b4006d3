package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.cam4j.engine.Batch;
import org.cam4j.engine.DeviceValues;
import org.cam4j.engine.PixelBatch;
import org.cam4j.image.Fit;
import org.cam4j.image.Interpolation;
import org.cam4j.plan.InferencePlan;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An engine on the stand-in's second GPU, called by threads that never chose one: CUDA gives them the first. */
class SecondGpuTest {

    private static final Set<String> BOTH = Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS);
    private static final float[] HEAD = TestPlans.head();
    private static final float[] WEIGHTS = TestPlans.numbers(60, TestPlans.CHANNELS * TestPlans.CLASSES, 0.3);

    private final InferencePlan plan = TestPlans.classifier(false);
    private final Batch images = Batch.of(TestPlans.numbers(9, 3 * plan.input().size(), 1), plan.input());

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    private static CudaSettings on(int gpu) {
        return new CudaSettings(gpu, Precision.EXACT, false, Long.MAX_VALUE, false, false);
    }

    /** What a new thread finds. */
    private static <T> T elsewhere(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(task).start();
        return task.get();
    }

    private List<float[]> found(int gpu) throws Exception {
        CudaEngine engine = elsewhere(() -> CudaEngine.start(plan, on(gpu)));
        try {
            DeviceValues values = (DeviceValues) elsewhere(() -> engine.run(images, BOTH));
            DeviceValues again = (DeviceValues) elsewhere(
                    () -> engine.runKeeping(Map.of(InferencePlan.IMAGE, images), Set.of(InferencePlan.FEATURES)));
            float[] sums = elsewhere(() ->
                    values.channelSums(InferencePlan.FEATURES, 0, 3, WEIGHTS, 1).orElseThrow());
            float[] byMeans =
                    elsewhere(() -> again.sumsByMeans(InferencePlan.FEATURES, values.batch(InferencePlan.FEATURES))
                            .orElseThrow());
            float[] large = elsewhere(() ->
                    engine.enlarged(() -> sums, 3, sums.length / 9, 13, 11).orElseThrow());
            float[] features = elsewhere(() -> values.host(InferencePlan.FEATURES));
            ClassMaps maps = elsewhere(() -> engine.maps(images, HEAD));
            return List.of(sums, byMeans, large, features, values.host(InferencePlan.LOGITS), maps.pixels());
        } finally {
            elsewhere(() -> {
                engine.close();
                return engine;
            });
        }
    }

    @Test
    void everyThreadComputesOnTheEnginesGpu() throws Exception {
        List<float[]> expected = found(0);
        long before = elsewhere(SecondGpuTest::freeBytes);

        List<float[]> found = found(1);

        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i)).as("result %s", i).isEqualTo(expected.get(i));
        }
        assertThat(elsewhere(SecondGpuTest::freeBytes)).isEqualTo(before);
    }

    /** Virtual threads go on in other threads after they have waited. */
    @Test
    void eachPartOfACallMayRunInAThreadOfItsOwn() throws Exception {
        PixelBatch photos = PixelsTest.pixels(plan, Interpolation.LANCZOS, Fit.SQUASH, 1);
        float[] expected = elsewhere(() -> logits(0, photos));

        assertThat(logits(1, photos)).isEqualTo(expected);
    }

    private float[] logits(int gpu, Batch photos) throws Exception {
        CudaEngine engine = elsewhere(() -> CudaEngine.start(plan, on(gpu)));
        try {
            // Another one than the start has made.
            Execution first = elsewhere(() -> engine.executions().take(1));
            Execution execution = elsewhere(() -> engine.executions().take(1));
            Execution.Wanted wanted = new Execution.Wanted(Set.of(InferencePlan.LOGITS), Set.of(), Optional.empty());
            Map<String, float[]> results = Map.of(InferencePlan.LOGITS, new float[TestPlans.CLASSES]);
            for (int run = 0; run < 2; run++) {
                elsewhere(() -> {
                    execution.start(
                            wanted,
                            () -> inThread(() -> {
                                execution.stage(List.of(Source.of(photos)), 0, 1, 0);
                                return execution;
                            }));
                    return execution;
                });
                elsewhere(() -> {
                    execution.finish(0, 1, results);
                    return execution;
                });
            }
            engine.executions().give(execution);
            engine.executions().give(first);
            return results.get(InferencePlan.LOGITS);
        } finally {
            engine.close();
        }
    }

    private static <T> T inThread(Callable<T> work) {
        try {
            return elsewhere(work);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static long freeBytes() throws Exception {
        try (CudaEngine engine = CudaEngine.start(TestPlans.classifier(false), on(1))) {
            return Device.freeBytes() + engine.bytes();
        }
    }
}
