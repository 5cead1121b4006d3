package org.cam4j.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.dnnl.engine;
import org.bytedeco.javacpp.Pointer;
import org.cam4j.Activations;
import org.cam4j.classifier.LinearHead;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.Precision;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Closeness;
import org.cam4j.testing.PlannedNetworks;
import org.cam4j.testing.Plans;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several images that run together. */
class MicroBatchTest {

    private static final int COUNT = 4;
    private static final double TOLERANCE = 1e-5;

    static List<PlannedNetworks> networks() {
        return Stream.of(PlannedNetworks.values())
                .filter(network -> MicroBatch.areKnown(plan(network)))
                .toList();
    }

    private static InferencePlan plan(PlannedNetworks network) {
        return GapClassifier.find(network.graph(CNN2DFormat.NHWC), PlannedNetworks.HEIGHT, PlannedNetworks.WIDTH)
                .plan()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void imagesTogetherGiveWhatTheyGiveOneByOne(PlannedNetworks network) throws Exception {
        InferencePlan plan = plan(network);
        float[] images = numbers(COUNT * plan.input().size(), new Random(11));

        OutputBuffers together = run(plan, images, COUNT);

        OutputBuffers apart = run(plan, images, 1);
        for (String output : Plans.OUTPUTS) {
            assertClose(together.arrays().get(output), apart.arrays().get(output));
        }
    }

    @Test
    void severalKindsOfNetworksAreKnown() {
        assertThat(networks())
                .contains(PlannedNetworks.VGG, PlannedNetworks.RESIDUAL, PlannedNetworks.NORMALISED)
                .hasSizeGreaterThan(4);
    }

    private static OutputBuffers run(InferencePlan plan, float[] images, int each) throws Exception {
        try (NativeObjects natives = new NativeObjects()) {
            engine processor = natives.own(new engine(engine.kind.cpu, 0));
            Weights weights = new Weights(processor, natives, Optional.empty(), new SharedWeights());
            CompiledNetwork network =
                    NetworkCompiler.compile(plan, Precision.FLOAT32, each, processor, weights, natives);
            OutputBuffers results = OutputBuffers.of(plan, Plans.OUTPUTS, COUNT);
            try (Execution execution = new Execution(network, processor)) {
                for (int image = 0; image < COUNT; image += each) {
                    execution.run(List.of(Batch.of(images, plan.input()).hosts()), image, results);
                }
            }
            return results;
        }
    }

    @Test
    void largeNetworksRunABatchInGroupsAndTheRestOneByOne() throws Exception {
        Random random = new Random(5);
        PlanBuilder building = new PlanBuilder(new Shape(6, 5, 8));
        int value = building.add("wide", convolution(1, 8, 1024, random), InferencePlan.INPUT);
        value = building.add("large", convolution(3, 1024, 1024, random), value);
        InferencePlan plan =
                Plans.classifier(building, value, new LinearHead(numbers(1024 * 3, random), numbers(3, random)));
        assertThat(MicroBatch.size(plan, true)).isEqualTo(Layouts.hasBlocks() ? 4 : 1);
        int size = plan.input().size();
        float[] images = numbers(11 * size, random);

        try (Engine engine = OneDnnEngine.start(plan, 2)) {
            Activations batch = Plans.run(engine, plan, images);
            for (int image = 0; image < 11; image++) {
                float[] alone = Arrays.copyOfRange(images, image * size, (image + 1) * size);
                assertClose(batch.logits(image), Plans.run(engine, plan, alone).logits(0));
            }
        }
    }

    @Test
    void flattenedMapsMeetLargeDenseLayersInGroups() throws Exception {
        Random random = new Random(6);
        for (int channels : new int[] {32, 19}) {
            PlanBuilder building = new PlanBuilder(new Shape(5, 4, 8));
            int map = building.add("map", convolution(1, 8, channels, random), InferencePlan.INPUT);
            int flat = building.add("flat", new Reshape(new Shape(20 * channels)), map);
            int hidden = building.add("hidden", dense(20 * channels, 8_200_000 / channels / 20, random), flat);
            int scores = building.add("scores", dense(building.shape(hidden).size(), 7, random), hidden);
            InferencePlan plan = building.build(Map.of("scores", scores));
            assertThat(MicroBatch.size(plan, false)).isEqualTo(Layouts.hasBlocks() ? 4 : 1);
            int size = plan.input().size();
            float[] images = numbers(9 * size, random);

            try (Engine engine = OneDnnEngine.start(plan, 2)) {
                float[] together = scores(engine, plan, images);
                for (int image = 0; image < 9; image++) {
                    float[] alone = Arrays.copyOfRange(images, image * size, (image + 1) * size);
                    assertClose(Arrays.copyOfRange(together, image * 7, image * 7 + 7), scores(engine, plan, alone));
                }
            }
        }
    }

    private static float[] scores(Engine engine, InferencePlan plan, float[] images) {
        return engine.run(Batch.of(images, plan.input()), Set.of("scores")).host("scores");
    }

    private static Dense dense(int inputs, int outputs, Random random) {
        return Dense.of(numbers(inputs * outputs, random), numbers(outputs, random), Activation.RELU);
    }

    @Test
    void sizesFollowTheWeightsAndTheCodeThatThereIs() {
        assertThat(MicroBatch.size(plan(PlannedNetworks.VGG), false)).isEqualTo(Layouts.hasBlocks() ? 2 : 1);
        assertThat(MicroBatch.size(plan(PlannedNetworks.VGG), true)).isEqualTo(1);
        Random random = new Random(5);
        PlanBuilder joined = new PlanBuilder(new Shape(6, 5, 8));
        int wide = joined.add("wide", convolution(1, 8, 1024, random), InferencePlan.INPUT);
        int large = joined.add("large", convolution(3, 1024, 1024, random), wide);
        int both = joined.add("both", Concatenate.channels(), wide, large);
        InferencePlan plan =
                Plans.classifier(joined, both, new LinearHead(numbers(2048 * 3, random), numbers(3, random)));
        assertThat(MicroBatch.size(plan, false)).isEqualTo(1);
    }

    @Test
    void thereIsRoomAsFarAsJavaCppsLimitGoes() {
        assertThat(Pointer.maxBytes()).isPositive();
        assertThat(NativeObjects.isRoomFor(1)).isTrue();
        assertThat(NativeObjects.isRoomFor(Pointer.maxBytes() + 1)).isFalse();
    }

    @Test
    void whatGoesBeyondJavaCppsLimitIsRefusedWithTheSettingThatRaisesIt() {
        assertThatThrownBy(() -> NativeObjects.block(Pointer.maxBytes() + 1))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessageContaining(Pointer.maxBytes() + " (by default as much as -Xmx)")
                .hasMessageEndingWith("-Dorg.bytedeco.javacpp.maxBytes");
    }

    private static Convolution convolution(int kernel, int in, int out, Random random) {
        int border = kernel / 2;
        return new Convolution(
                Window.of(kernel, kernel).withPadding(new Padding(border, border, border, border)),
                in,
                out,
                1,
                numbers(in * out * kernel * kernel, random),
                numbers(out, random),
                false,
                Activation.RELU);
    }

    private static float[] numbers(int count, Random random) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat() - 0.4f;
        }
        return numbers;
    }

    private static void assertClose(float[] found, float[] expected) {
        assertThat(Closeness.relative(found, expected)).isLessThan(TOLERANCE);
    }
}
