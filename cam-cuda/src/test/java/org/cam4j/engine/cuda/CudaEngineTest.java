package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Engines;
import org.cam4j.engine.Packing;
import org.cam4j.engine.Values;
import org.cam4j.engine.java.JavaEngine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.testing.Closeness;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine on the stand-in for NVIDIA's libraries, against the engine in plain Java. */
class CudaEngineTest {

    private static final Set<String> BOTH = Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS);

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    private static Batch images(InferencePlan plan, int count) {
        return Batch.of(TestPlans.numbers(9, count * plan.input().size(), 1), plan.input());
    }

    private static CudaEngine start(InferencePlan plan, Precision precision) throws EngineUnavailableException {
        return CudaEngine.start(plan, CudaSettings.standard().withPrecision(precision));
    }

    @ParameterizedTest
    @CsvSource({"EXACT, 3e-7", "TF32, 3e-7", "FP16, 2e-3", "BF16, 2e-2"})
    void everyPrecisionIsAsCloseToJavaAsItsNumbersAllow(Precision precision, double bound) throws Exception {
        for (boolean isDepthwise : new boolean[] {false, true}) {
            InferencePlan plan = TestPlans.classifier(isDepthwise);
            Batch images = images(plan, 5);
            try (Engine engine = start(plan, precision);
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
    void batchesOfAnyNumberGiveEachImageItsOwnResult() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        try (Engine engine = start(plan, Precision.EXACT);
                Engine java = new JavaEngine(plan, 1)) {
            for (int count : new int[] {1, 2, 3, 6, 7, 13}) {
                Batch images = images(plan, count);

                float[] found = engine.run(images, Set.of(InferencePlan.LOGITS)).host(InferencePlan.LOGITS);

                float[] expected =
                        java.run(images, Set.of(InferencePlan.LOGITS)).host(InferencePlan.LOGITS);
                assertThat(Closeness.relative(found, expected))
                        .as("%s images", count)
                        .isLessThan(3e-7);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"ROWS, 12", "ROWS, 3", "PLANES, 12", "PLANES, 3"})
    void concatenationsThatGrowShareMemory(Layout layout, int growth) throws Exception {
        InferencePlan plan = TestPlans.denseBlock(growth);
        Batch images = images(plan, 3);
        Set<String> all = plan.outputs().keySet();
        try (Engine engine = CudaEngine.start(plan, CudaSettings.standard(), layout);
                Engine java = new JavaEngine(plan, 1)) {
            Values found = engine.run(images, all);
            Values expected = java.run(images, all);

            for (String output : all) {
                assertThat(Closeness.relative(found.host(output), expected.host(output)))
                        .as(output)
                        .isLessThan(4e-7);
            }
        }
    }

    @Test
    void manyImagesAreRunInSeveralBatchesAtATime() throws Exception {
        InferencePlan plan = TestPlans.denseBlock(3);
        Batch images = images(plan, 71);
        Set<String> wanted = Set.of(InferencePlan.FEATURES);
        try (Engine engine = start(plan, Precision.EXACT);
                Engine java = new JavaEngine(plan, 1)) {
            float[] found = engine.run(images, wanted).host(InferencePlan.FEATURES);

            assertThat(Closeness.relative(found, java.run(images, wanted).host(InferencePlan.FEATURES)))
                    .isLessThan(4e-7);
        }
    }

    @Test
    void mapsAreTheFeaturesTimesTheWeightsOfTheClassWithTheHighestLogit() throws Exception {
        for (boolean isDepthwise : new boolean[] {false, true}) {
            InferencePlan plan = TestPlans.classifier(isDepthwise);
            Batch images = images(plan, 3);
            try (CudaEngine engine = start(plan, Precision.EXACT);
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
    void anyNumberOfThreadsGivesTheSameBits() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        Batch one = images(plan, 1);
        Batch six = images(plan, 6);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Engine engine = start(plan, Precision.EXACT)) {
            float[] expectedOne = engine.run(one, BOTH).host(InferencePlan.FEATURES);
            float[] expectedSix = engine.run(six, BOTH).host(InferencePlan.FEATURES);
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                boolean isOne = i % 2 == 0;
                results.add(threads.submit(() -> Arrays.equals(
                        engine.run(isOne ? one : six, BOTH).host(InferencePlan.FEATURES),
                        isOne ? expectedOne : expectedSix)));
            }
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void anotherStartGivesTheSameBits() throws Exception {
        InferencePlan plan = TestPlans.classifier(true);
        Batch images = images(plan, 4);
        float[][] found = new float[2][];
        for (int start = 0; start < 2; start++) {
            try (Engine engine = start(plan, Precision.FP16)) {
                found[start] = engine.run(images, BOTH).host(InferencePlan.FEATURES);
            }
        }
        assertThat(found[0]).isEqualTo(found[1]);
    }

    @Test
    void aTunedEngineTriesEveryWayAndSaysWhatItFound() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        Batch images = images(plan, 1);
        try (CudaEngine engine = CudaEngine.start(plan, CudaSettings.standard().tuned());
                Engine java = new JavaEngine(plan, 1)) {
            float[] found = engine.run(images, BOTH).host(InferencePlan.FEATURES);

            assertThat(Closeness.relative(found, java.run(images, BOTH).host(InferencePlan.FEATURES)))
                    .isLessThan(3e-7);
            assertThat(engine.trials()).hasSize(3).allMatch(line -> line.contains("plain 1"));
            assertThat(engine.algorithms().values().stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .isEqualTo(3);
        }
    }

    private static Optional<Packing> packing(CudaEngine engine) {
        List<Packing> found = new ArrayList<>();
        engine.showPacking(packing -> packing.ifPresent(found::add));
        return found.stream().findFirst();
    }

    @Test
    void whatATunedEngineChoseIsTakenAgainWithoutTiming() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        Batch images = images(plan, 2);
        try (CudaEngine tuned = CudaEngine.start(plan, CudaSettings.standard().tuned())) {
            float[] expected = tuned.run(images, BOTH).host(InferencePlan.FEATURES);
            Optional<Packing> packing = packing(tuned);
            try (CudaEngine again =
                    CudaEngine.start(plan, CudaSettings.standard().tuned(), packing)) {
                assertThat(again.run(images, BOTH).host(InferencePlan.FEATURES)).isEqualTo(expected);
                assertThat(again.trials()).isEmpty();
                assertThat(again.algorithms()).isEqualTo(tuned.algorithms());
            }
            Packing elsewhere = new Packing("CUDA on another GPU", "", new byte[] {1}, List.of());
            try (CudaEngine other = CudaEngine.start(plan, CudaSettings.standard(), Optional.of(elsewhere))) {
                assertThat(packing(other)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\tPLAIN\t1\t0", "a\tPLAIN\tone\t0\t0", "a\tSLOW\t1\t0\t0", "\u0000"})
    void damagedChoicesAreRefused(String text) throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        Packing damaged = new Packing(
                "CUDA on CUDA stand-in (EXACT, cuDNN 9.19.0)", "", text.getBytes(StandardCharsets.UTF_8), List.of());
        long before = Device.freeBytes();

        assertThatThrownBy(() -> CudaEngine.start(plan, CudaSettings.standard(), Optional.of(damaged)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the stored choices of convolutions are damaged");
        assertThat(Device.freeBytes()).isEqualTo(before);
    }

    /** Choices that name ways that are not possible are passed over. */
    @Test
    void impossibleChoicesAreNotTaken() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        Batch images = images(plan, 1);
        try (CudaEngine tuned = CudaEngine.start(plan, CudaSettings.standard().tuned());
                Engine java = new JavaEngine(plan, 1)) {
            Packing packing = packing(tuned).orElseThrow();
            String text = new String(packing.description(), StandardCharsets.UTF_8)
                    .replaceAll("\t[A-Z_]+\t[0-9]+\t[0-9]+\t[0-9]+", "\tFUSED\t77\t2\t123");
            Packing wrong = new Packing(packing.fits(), "", text.getBytes(StandardCharsets.UTF_8), List.of());
            try (CudaEngine engine = CudaEngine.start(plan, CudaSettings.standard(), Optional.of(wrong))) {
                assertThat(Closeness.relative(
                                engine.run(images, BOTH).host(InferencePlan.FEATURES),
                                java.run(images, BOTH).host(InferencePlan.FEATURES)))
                        .isLessThan(3e-7);
            }
        }
    }

    @Test
    void closingFreesTheGpusMemory() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        start(plan, Precision.EXACT).close();
        long before = Device.freeBytes();
        try (CudaEngine engine = start(plan, Precision.EXACT)) {
            engine.run(images(plan, 9), BOTH);
            engine.maps(images(plan, 2), TestPlans.head());

            assertThat(before - Device.freeBytes()).isEqualTo(engine.bytes());
        }
        assertThat(Device.freeBytes()).isEqualTo(before);
    }

    @Test
    void outputsOfOneValueAreEachBroughtAlone() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        int features = plan.output(InferencePlan.FEATURES);
        InferencePlan twice = plan.withOutputs(Map.of("again", features, "first", features));
        Batch images = images(plan, 2);
        try (Engine engine = CudaEngine.start(twice, CudaSettings.standard(), Layout.PLANES);
                Engine java = new JavaEngine(twice, 1)) {
            for (Set<String> wanted : List.of(Set.of("first"), Set.of("again"), Set.of("first", "again"))) {
                Values found = engine.run(images, wanted);

                for (String output : wanted) {
                    assertThat(Closeness.relative(
                                    found.host(output), java.run(images, wanted).host(output)))
                            .as("%s of %s", output, wanted)
                            .isLessThan(3e-7);
                }
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
        Batch images = images(plan, 1);
        try (CudaEngine engine = start(plan, Precision.EXACT)) {
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

    @Test
    void enginesShareWeightsUntilTheLastIsClosed() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        Batch images = images(plan, 1);
        long before = Device.freeBytes();
        CudaEngine first = start(plan, Precision.EXACT);
        float[] expected = first.run(images, BOTH).host(InferencePlan.FEATURES);
        long ofOne = before - Device.freeBytes();
        try (CudaEngine second = start(plan, Precision.EXACT)) {
            second.run(images, BOTH);
            assertThat(before - Device.freeBytes()).isLessThan(2 * ofOne).isLessThan(first.bytes() + second.bytes());

            first.close();

            assertThat(second.run(images, BOTH).host(InferencePlan.FEATURES)).isEqualTo(expected);
            assertThat(before - Device.freeBytes()).isEqualTo(second.bytes());
        }
        assertThat(Device.freeBytes()).isEqualTo(before);
    }

    @Test
    void callersShareWhatALimitOfMemoryAllows() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        Batch images = images(plan, 3);
        // Room for one execution, which has 32 MiB for cuBLAS.
        CudaSettings settings = CudaSettings.standard().withMaxBytes(60 << 20);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (CudaEngine engine = CudaEngine.start(plan, settings)) {
            float[] expected = engine.run(images, BOTH).host(InferencePlan.LOGITS);
            List<Future<float[]>> results = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                results.add(threads.submit(() -> engine.run(images, BOTH).host(InferencePlan.LOGITS)));
            }
            for (Future<float[]> result : results) {
                assertThat(Closeness.relative(result.get(), expected)).isLessThan(3e-7);
            }
            assertThat(engine.bytes()).isLessThanOrEqualTo(settings.maxBytes());
            assertThatThrownBy(() -> CudaEngine.start(plan, settings))
                    .isInstanceOf(EngineUnavailableException.class)
                    .hasMessageContaining("too little free memory")
                    .hasMessageContaining("cam4j.cuda.memory");
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void valuesWithMemoryOfTheirOwnAreTheSame() throws Exception {
        InferencePlan plan = TestPlans.denseBlock(3);
        Batch images = images(plan, 2);
        Set<String> all = plan.outputs().keySet();
        try (Engine engine = start(plan, Precision.EXACT);
                Engine apart = CudaEngine.start(plan, CudaSettings.standard().apart())) {
            for (String output : all) {
                assertThat(apart.run(images, all).host(output))
                        .isEqualTo(engine.run(images, all).host(output));
            }
        }
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
    void aClosedEngineSaysSo() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        Engine engine = start(plan, Precision.EXACT);
        engine.close();
        engine.close();

        assertThatThrownBy(() -> engine.run(images(plan, 1), BOTH))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void imagesOfAnotherSizeAreRefused() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        try (CudaEngine engine = start(plan, Precision.EXACT)) {
            Batch other = Batch.of(new float[12], new Shape(2, 2, 3));

            assertThatThrownBy(() -> engine.run(other, BOTH)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> engine.maps(images(plan, 1), new float[3]))
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

    @Test
    void anExternalStepIsRefusedByName() {
        PlanBuilder builder = new PlanBuilder(new Shape(2, 2, 1));
        builder.add("lambda", new External("a Lambda layer", new Shape(2, 2, 1), false), 0);
        InferencePlan plan = builder.build(Map.of(InferencePlan.FEATURES, 1));

        assertThatThrownBy(() -> start(plan, Precision.EXACT))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("'lambda'")
                .hasMessageContaining("a Lambda layer");
    }
}
