package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cam4j.engine.Batch;
import org.cam4j.engine.DeviceValues;
import org.cam4j.engine.HostValues;
import org.cam4j.engine.Values;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Features that stay on the stand-in's GPU until they are asked for. */
class KeptValuesTest {

    private static final Set<String> BOTH = Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS);
    private static final float[] WEIGHTS = TestPlans.numbers(60, TestPlans.CHANNELS * TestPlans.CLASSES, 0.3);

    private final InferencePlan plan = TestPlans.classifier(false);

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    private Batch images(int count) {
        return Batch.of(TestPlans.numbers(9, count * plan.input().size(), 1), plan.input());
    }

    private static float sum(float[] features, int start, int column) {
        float[] sums = new float[4];
        for (int k = 0; k < TestPlans.CHANNELS; k++) {
            int lane = k < TestPlans.CHANNELS / 4 * 4 ? k % 4 : 0;
            sums[lane] += features[start + k] * WEIGHTS[k * TestPlans.CLASSES + column];
        }
        return (sums[0] + sums[1]) + (sums[2] + sums[3]);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void sumsOfChannelsHaveTheBitsOfJava(Precision precision) throws Exception {
        try (CudaEngine engine = CudaEngine.start(plan, CudaSettings.standard().withPrecision(precision))) {
            DeviceValues values = (DeviceValues) engine.run(images(37), BOTH);

            float[] found = values.channelSums(InferencePlan.FEATURES, 1, 36, WEIGHTS, 5, 0, 5)
                    .orElseThrow();

            Shape shape = values.shape(InferencePlan.FEATURES);
            int cells = shape.height() * shape.width();
            float[] features = values.host(InferencePlan.FEATURES);
            float[] expected = new float[36 * 3 * cells];
            for (int i = 0; i < expected.length; i++) {
                int image = 1 + i / cells / 3;
                int column = i / cells % 3 == 1 ? 0 : 5;
                expected[i] = sum(features, (image * cells + i % cells) * TestPlans.CHANNELS, column);
            }
            assertThat(found).isEqualTo(expected);
            assertThat(values.isFinite(InferencePlan.FEATURES, 36)).isTrue();
        }
    }

    @Test
    void sumsOfAnyNumberOfChannelsHaveTheBitsOfJava() throws Exception {
        // 23 channels: three behind the last four.
        InferencePlan block = TestPlans.denseBlock(3).withOutputs(Map.of(InferencePlan.FEATURES, 3));
        Shape shape = block.shape(3);
        float[] weights = TestPlans.numbers(61, shape.channels() * 2, 1);
        Batch image = Batch.of(TestPlans.numbers(9, block.input().size(), 1), block.input());
        try (CudaEngine engine = CudaEngine.start(block, CudaSettings.standard())) {
            DeviceValues values = (DeviceValues) engine.run(image, Set.of(InferencePlan.FEATURES));
            float[] found =
                    values.channelSums(InferencePlan.FEATURES, 0, 1, weights, 1).orElseThrow();

            float[] features = values.host(InferencePlan.FEATURES);
            assertThat(shape.channels() % 4).isEqualTo(3);
            for (int cell = 0; cell < found.length; cell++) {
                float[] sums = new float[4];
                for (int k = 0; k < shape.channels(); k++) {
                    int lane = k < shape.channels() / 4 * 4 ? k % 4 : 0;
                    sums[lane] += features[cell * shape.channels() + k] * weights[2 * k + 1];
                }
                assertThat(found[cell]).isEqualTo((sums[0] + sums[1]) + (sums[2] + sums[3]));
            }
        }
    }

    @Test
    void imagesWithNumbersThatAreNotFiniteAreFoundOnTheGpu() throws Exception {
        int size = plan.input().size();
        float[] numbers = TestPlans.numbers(9, 3 * size, 1);
        Arrays.fill(numbers, size, 2 * size, 3e38f);
        try (CudaEngine engine = CudaEngine.start(plan, CudaSettings.standard())) {
            Values values = engine.run(Batch.of(numbers, plan.input()), BOTH);

            assertThat(values).isInstanceOf(KeptValues.class);
            for (int image = 0; image < 3; image++) {
                assertThat(values.isFinite(InferencePlan.FEATURES, image))
                        .as("image %s", image)
                        .isEqualTo(image != 1);
            }
        }
    }

    @Test
    void closingTheEngineBringsFeaturesToTheHost() throws Exception {
        long before = Device.freeBytes();
        float[] expected;
        Values values;
        try (CudaEngine engine = CudaEngine.start(plan, CudaSettings.standard())) {
            expected = engine.run(images(2), BOTH).host(InferencePlan.FEATURES);
            values = engine.run(images(2), BOTH);
        }

        assertThat(Device.freeBytes()).isEqualTo(before);
        assertThat(values.host(InferencePlan.FEATURES)).isEqualTo(expected);
        assertThat(((DeviceValues) values).channelSums(InferencePlan.FEATURES, 0, 1, WEIGHTS, 0))
                .isEqualTo(Optional.empty());
    }

    @Test
    void withoutRoomOnTheGpuFeaturesGoToTheHost() throws Exception {
        CudaSettings settings = CudaSettings.standard().withMaxBytes(60 << 20);
        try (CudaEngine engine = CudaEngine.start(plan, settings)) {
            List<Values> held = new ArrayList<>();
            // Each takes 512 KiB, and an eighth of the memory is 7.5 MiB.
            for (int i = 0; i < 17; i++) {
                held.add(engine.run(images(64), BOTH));
            }

            assertThat(held.subList(0, 15)).hasOnlyElementsOfType(KeptValues.class);
            assertThat(held.subList(15, 17)).hasOnlyElementsOfType(HostValues.class);
            assertThat(held.get(0).host(InferencePlan.FEATURES))
                    .isEqualTo(held.get(16).host(InferencePlan.FEATURES));
        }
    }

    @Test
    void blocksOfOtherSizesMakeRoom() throws Exception {
        CudaSettings settings = CudaSettings.standard().withMaxBytes(60 << 20);
        try (CudaEngine engine = CudaEngine.start(plan, settings)) {
            List<Values> held = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
                held.add(engine.run(images(64), BOTH));
            }
            held.forEach(Values::release);

            assertThat(engine.run(images(128), BOTH)).isInstanceOf(KeptValues.class);
        }
    }

    @Test
    void whatTheGpuHasNoRoomForIsLeftToTheHost() throws Exception {
        CudaSettings settings = CudaSettings.standard().withMaxBytes(60 << 20);
        try (CudaEngine engine = CudaEngine.start(plan, settings)) {
            DeviceValues values = (DeviceValues) engine.run(images(64), BOTH);

            assertThat(values.channelSums(InferencePlan.FEATURES, 0, 64, WEIGHTS, new int[20_000]))
                    .isEmpty();
            assertThat(engine.enlarged(() -> new float[4], 2, 2, 4_000, 4_000)).isEmpty();
            assertThat(values.channelSums(InferencePlan.FEATURES, 0, 64, WEIGHTS, 0))
                    .isPresent();
        }
    }

    @Test
    void sumsOfWhatIsNotThereAreRefused() throws Exception {
        try (CudaEngine engine = CudaEngine.start(plan, CudaSettings.standard())) {
            DeviceValues values = (DeviceValues) engine.run(images(2), BOTH);

            assertThatThrownBy(() -> values.channelSums("other", 0, 1, WEIGHTS, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'other' was not asked for");
            assertThatThrownBy(() -> values.host("other")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> values.channelSums(InferencePlan.FEATURES, 1, 2, WEIGHTS, 0))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> values.channelSums(InferencePlan.FEATURES, 0, 1, WEIGHTS, TestPlans.CLASSES))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> values.channelSums(InferencePlan.FEATURES, 0, 1, new float[7], 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("7 weights");
        }
    }
}
