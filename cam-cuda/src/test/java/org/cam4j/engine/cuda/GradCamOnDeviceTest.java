package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.cam4j.engine.Batch;
import org.cam4j.engine.DeviceValues;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.engine.Values;
import org.cam4j.explain.ExplainedImage;
import org.cam4j.explain.GradCam;
import org.cam4j.explain.LayerActivations;
import org.cam4j.explain.RawMap;
import org.cam4j.explain.Target;
import org.cam4j.explain.network.ExplainedNetwork;
import org.cam4j.explain.network.Progress;
import org.cam4j.explain.network.TokenPlaces;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;
import org.cam4j.testing.Closeness;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that stay on the stand-in's GPU between the parts of a network, and Grad-CAM's map that is computed of them there. */
class GradCamOnDeviceTest {

    private static final Set<String> BOTH = Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS);

    private final InferencePlan plan = TestPlans.classifier(false);

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    private Batch images(int count) {
        return Batch.of(TestPlans.numbers(9, count * plan.input().size(), 1), plan.input());
    }

    private interface Work {
        void on(ExplainedNetwork network);
    }

    private void with(String engineName, Work work) {
        EngineSettings settings = EngineSettings.standard().withEngine(engineName);
        try (Engine engine = Engines.of(plan, settings);
                ExplainedNetwork network =
                        new ExplainedNetwork(plan, engine, settings, UnaryOperator.identity(), TokenPlaces.NONE)) {
            work.on(network);
        }
    }

    private RawMap gradCam(ExplainedNetwork network, String layer) {
        return GradCam.at(layer).map(network.image(images(1).numbers(), Progress.NONE), Target.logit(2));
    }

    /** {@code second} is read again behind it, and {@code first} has a branch around it. */
    @ParameterizedTest
    @ValueSource(strings = {ExplainedImage.TARGET_LAYER, "pooled", "joined", "second", "first"})
    void mapsHaveTheBitsOfJavasSumsOverTheSameNumbers(String layer) {
        with("CUDA", network -> {
            RawMap found = gradCam(network, layer);

            ExplainedImage image = network.image(images(1).numbers(), Progress.NONE);
            float[] gradient = image.gradient(layer, Target.logit(2).seed(image.logits()));
            RawMap expected = image.activations(layer).weightedSumByMeans(gradient);
            assertThat(found.values()).containsExactly(expected.values());
            assertThat(found.layer()).isEqualTo(expected.layer());
            with("Java", java -> assertThat(Closeness.relative(
                            found.values(), gradCam(java, layer).values()))
                    .isLessThan(2e-6));
        });
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void sumsByMeansHaveTheBitsOfJava(Precision precision) throws Exception {
        Map<String, Integer> outputs = Map.of("a", plan.output(InferencePlan.FEATURES), "b", 3);
        InferencePlan two = plan.withOutputs(outputs);
        try (CudaEngine engine = CudaEngine.start(two, CudaSettings.standard().withPrecision(precision))) {
            for (String output : outputs.keySet()) {
                DeviceValues gradients =
                        (DeviceValues) engine.runKeeping(Map.of(InferencePlan.IMAGE, images(37)), outputs.keySet());
                Values values = engine.runKeeping(Map.of(InferencePlan.IMAGE, images(37)), Set.of(output));

                float[] found =
                        gradients.sumsByMeans(output, values.batch(output)).orElseThrow();

                Shape shape = two.shape(two.output(output));
                int cells = shape.height() * shape.width();
                for (int i = 0; i < 37; i++) {
                    float[] one = Arrays.copyOfRange(values.host(output), i * shape.size(), (i + 1) * shape.size());
                    LayerActivations of =
                            new LayerActivations("", shape.height(), shape.width(), shape.channels(), one);
                    assertThat(Arrays.copyOfRange(found, i * cells, (i + 1) * cells))
                            .containsExactly(of.weightedSumByMeans(one).values());
                }
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> gradients.sumsByMeans(output, images(37)))
                        .withMessageContaining("13x11x3");
                assertThat(gradients.sumsByMeans(output, Batch.of(values.host(output), shape)))
                        .isEmpty();
            }
        }
    }

    @Test
    void anEngineReadsWhatAnotherOneKeepsWithTheSameBits() throws Exception {
        InferencePlan same = plan.withOutputs(Map.of("image", InferencePlan.INPUT));
        Batch images = images(37);
        Values kept;
        try (CudaEngine second = CudaEngine.start(plan, CudaSettings.standard())) {
            float[] expected = second.run(images, BOTH).host(InferencePlan.LOGITS);
            try (CudaEngine first = CudaEngine.start(same, CudaSettings.standard())) {
                kept = first.runKeeping(Map.of(InferencePlan.IMAGE, images), Set.of("image"));
                assertThat(kept.batch("image")).isInstanceOf(KeptBatch.class);
                assertThat(second.run(kept.batch("image"), BOTH).host(InferencePlan.LOGITS))
                        .containsExactly(expected);
            }
            // Closing the first brought them to the host.
            assertThat(second.run(kept.batch("image"), BOTH).host(InferencePlan.LOGITS))
                    .containsExactly(expected);
            assertThat(kept.isFinite("image", 36)).isTrue();
        }
    }

    @Test
    void releasedValuesMakeRoomForOthersAndCannotBeAskedFor() throws Exception {
        try (CudaEngine engine = CudaEngine.start(plan, CudaSettings.standard())) {
            Values first = engine.runKeeping(Map.of(InferencePlan.IMAGE, images(3)), BOTH);
            Batch batch = first.batch(InferencePlan.FEATURES);
            first.release();
            first.release();
            long before = engine.bytes();
            for (int i = 0; i < 40; i++) {
                engine.runKeeping(Map.of(InferencePlan.IMAGE, images(3)), BOTH).release();
            }

            assertThat(engine.bytes()).isEqualTo(before);
            assertThatIllegalStateException().isThrownBy(batch::host).withMessage("the output 'features' was released");
            assertThatIllegalArgumentException().isThrownBy(() -> engine.run(batch, BOTH));
        }
    }
}
