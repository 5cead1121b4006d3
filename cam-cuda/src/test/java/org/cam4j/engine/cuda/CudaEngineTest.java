package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Engines;
import org.cam4j.engine.Values;
import org.cam4j.engine.java.JavaEngine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.testing.Closeness;
import org.cam4j.testing.EngineContract;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine on the stand-in for NVIDIA's libraries: what every engine owes its callers, and precisions, batches and maps of its own, against the engine in plain Java. */
class CudaEngineTest extends EngineContract {

    private static final Set<String> BOTH = Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS);

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    @Test
    void mapsAreTheFeaturesTimesTheWeightsOfTheClassWithTheHighestLogit() throws Exception {
        for (boolean isDepthwise : new boolean[] {false, true}) {
            InferencePlan plan = TestPlans.classifier(isDepthwise);
            Batch images = TestPlans.images(plan, 3);
            try (CudaEngine engine = TestPlans.start(plan, Precision.EXACT);
                    Engine java = new JavaEngine(plan, 1)) {
                ClassMaps maps = engine.maps(images, TestPlans.head());

                Values values = java.run(images, BOTH);
                float[] logits = values.host(InferencePlan.LOGITS);
                float[] features = values.host(InferencePlan.FEATURES);
                int cells = maps.cells().length / 3;
                float[] expected = new float[3 * cells];
                for (int i = 0; i < 3; i++) {
                    int chosen = maps.classes()[i];
                    for (int c = 0; c < TestPlans.CLASSES; c++) {
                        assertThat(logits[i * TestPlans.CLASSES + c])
                                .isLessThanOrEqualTo(logits[i * TestPlans.CLASSES + chosen]);
                    }
                    for (int cell = 0; cell < cells; cell++) {
                        double sum = 0;
                        for (int k = 0; k < TestPlans.CHANNELS; k++) {
                            sum += (double) TestPlans.head()[chosen * TestPlans.CHANNELS + k]
                                    * features[(i * cells + cell) * TestPlans.CHANNELS + k];
                        }
                        expected[i * cells + cell] = (float) sum;
                    }
                }
                assertThat(Closeness.relative(maps.cells(), expected)).isLessThan(1e-6);
                assertThat(maps.pixels()).hasSize(3 * 13 * 11);
                assertThat(maps.logits()).hasSize(logits.length);
            }
        }
    }

    @Test
    void mapsOfAPartOfAGrowingConcatenationReadItsOwnChannels() throws Exception {
        InferencePlan block = TestPlans.denseBlock(4);
        int middle = block.output("side") - 1;
        Shape shape = block.shape(middle);
        PlanBuilder builder = new PlanBuilder(block.input());
        block.steps()
                .forEach(step -> builder.add(
                        step.name(),
                        step.operation(),
                        step.inputs().stream().mapToInt(Integer::intValue).toArray()));
        int means = builder.add("means", new GlobalPooling(Pooling.Kind.AVERAGE), middle);
        float[] weights = TestPlans.numbers(50, 3 * shape.channels(), 0.3);
        int logits = builder.add("head", Dense.of(weights, new float[3], Activation.IDENTITY), means);
        InferencePlan plan = builder.build(Map.of(
                InferencePlan.FEATURES,
                middle,
                InferencePlan.LOGITS,
                logits,
                "joined",
                block.output("joined"),
                "last",
                block.output(InferencePlan.FEATURES)));
        Batch images = TestPlans.images(plan, 1);
        try (CudaEngine engine = TestPlans.start(plan, Precision.EXACT)) {
            ClassMaps maps = engine.maps(images, weights);

            float[] features = engine.run(images, BOTH).host(InferencePlan.FEATURES);
            float[] expected = new float[maps.cells().length];
            for (int cell = 0; cell < expected.length; cell++) {
                for (int k = 0; k < shape.channels(); k++) {
                    expected[cell] +=
                            weights[maps.classes()[0] * shape.channels() + k] * features[cell * shape.channels() + k];
                }
            }
            assertThat(Closeness.relative(maps.cells(), expected)).isLessThan(1e-6);
        }
    }

    @ParameterizedTest
    @CsvSource({"EXACT, 3e-7", "TF32, 3e-7", "FP16, 2e-3", "BF16, 2e-2"})
    void everyPrecisionIsAsCloseToJavaAsItsNumbersAllow(Precision precision, double bound) throws Exception {
        for (boolean isDepthwise : new boolean[] {false, true}) {
            InferencePlan plan = TestPlans.classifier(isDepthwise);
            Batch images = TestPlans.images(plan, 5);
            try (Engine engine = TestPlans.start(plan, precision);
                    Engine java = new JavaEngine(plan, 1)) {
                Values found = engine.run(images, BOTH);
                Values expected = java.run(images, BOTH);

                for (String output : BOTH) {
                    assertThat(Closeness.relative(found.host(output), expected.host(output)))
                            .as(output)
                            .isLessThan(bound);
                    assertThat(found.shape(output)).isEqualTo(expected.shape(output));
                }
            }
        }
    }

    @Test
    void manyImagesAreRunInSeveralBatchesAtATime() throws Exception {
        InferencePlan plan = TestPlans.denseBlock(3);
        Batch images = TestPlans.images(plan, 71);
        Set<String> wanted = Set.of(InferencePlan.FEATURES);
        try (Engine engine = TestPlans.start(plan, Precision.EXACT);
                Engine java = new JavaEngine(plan, 1)) {
            float[] found = engine.run(images, wanted).host(InferencePlan.FEATURES);

            assertThat(Closeness.relative(found, java.run(images, wanted).host(InferencePlan.FEATURES)))
                    .isLessThan(4e-7);
        }
    }

    @Test
    void anotherStartGivesTheSameBits() throws Exception {
        InferencePlan plan = TestPlans.classifier(true);
        Batch images = TestPlans.images(plan, 4);
        float[][] found = new float[2][];
        for (int start = 0; start < 2; start++) {
            try (Engine engine = TestPlans.start(plan, Precision.FP16)) {
                found[start] = engine.run(images, BOTH).host(InferencePlan.FEATURES);
            }
        }
        assertThat(found[0]).isEqualTo(found[1]);
    }

    @Test
    void callsThatWaitAreRunTogetherIfAsked() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        int size = plan.input().size();
        float[] numbers = TestPlans.numbers(9, 24 * size, 1);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Engine engine = CudaEngine.start(plan, CudaSettings.standard().joining());
                Engine java = new JavaEngine(plan, 1)) {
            float[] expected = java.run(Batch.of(numbers, plan.input()), BOTH).host(InferencePlan.LOGITS);
            List<Future<Values>> results = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                Batch one = Batch.of(Arrays.copyOfRange(numbers, i * size, (i + 1) * size), plan.input());
                Set<String> wanted = i % 3 == 0 ? Set.of(InferencePlan.LOGITS) : BOTH;
                results.add(threads.submit(() -> engine.run(one, wanted)));
            }
            for (int i = 0; i < 24; i++) {
                float[] own = Arrays.copyOfRange(expected, i * TestPlans.CLASSES, (i + 1) * TestPlans.CLASSES);
                assertThat(Closeness.relative(results.get(i).get().host(InferencePlan.LOGITS), own))
                        .isLessThan(3e-7);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void imagesOfAnotherSizeAreRefused() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        try (CudaEngine engine = TestPlans.start(plan, Precision.EXACT)) {
            Batch other = Batch.of(new float[12], new Shape(2, 2, 3));

            assertThatThrownBy(() -> engine.run(other, BOTH)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> engine.maps(TestPlans.images(plan, 1), new float[3]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("3 weights");
        }
    }

    @Test
    void theProviderIsFoundAndRanksFirst() {
        InferencePlan plan = TestPlans.classifier(false);
        try (Engine engine = Engines.of(plan, EngineSettings.standard())) {
            assertThat(engine.name()).isEqualTo("CUDA on CUDA stand-in (EXACT, cuDNN 9.19.0)");
        }
    }

    @Override
    protected Engine start(InferencePlan plan) throws EngineUnavailableException {
        return TestPlans.start(plan, Precision.EXACT);
    }

    @Override
    protected double bound() {
        return 3e-7;
    }
}
