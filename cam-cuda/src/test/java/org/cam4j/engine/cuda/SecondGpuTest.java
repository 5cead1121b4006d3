package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.cam4j.engine.Batch;
import org.cam4j.engine.DeviceValues;
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

    private static long freeBytes() throws Exception {
        try (CudaEngine engine = CudaEngine.start(TestPlans.classifier(false), on(1))) {
            return Device.freeBytes() + engine.bytes();
        }
    }
}
