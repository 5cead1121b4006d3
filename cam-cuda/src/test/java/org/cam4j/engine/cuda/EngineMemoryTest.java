package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Values;
import org.cam4j.engine.java.JavaEngine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.testing.Closeness;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Memory on the stand-in's GPU: what engines and values share, what limits it, and that all of it is freed. */
class EngineMemoryTest {

    private static final Set<String> BOTH = Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS);

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    @Test
    void closingFreesTheGpusMemory() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        TestPlans.start(plan, Precision.EXACT).close();
        long before = Device.freeBytes();
        try (CudaEngine engine = TestPlans.start(plan, Precision.EXACT)) {
            engine.run(TestPlans.images(plan, 9), BOTH);
            engine.maps(TestPlans.images(plan, 2), TestPlans.head());

            assertThat(before - Device.freeBytes()).isEqualTo(engine.bytes());
        }
        assertThat(Device.freeBytes()).isEqualTo(before);
    }

    @Test
    void enginesShareWeightsUntilTheLastIsClosed() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        Batch images = TestPlans.images(plan, 1);
        long before = Device.freeBytes();
        CudaEngine first = TestPlans.start(plan, Precision.EXACT);
        float[] expected = first.run(images, BOTH).host(InferencePlan.FEATURES);
        long ofOne = before - Device.freeBytes();
        try (CudaEngine second = TestPlans.start(plan, Precision.EXACT)) {
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
        Batch images = TestPlans.images(plan, 3);
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

    /** A convolution may take 512 MiB of this GPU, and takes less. */
    @Test
    void aNetworkNeedsNoMoreMemoryToTryAlgorithmsThanTheyTake() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        TestPlans.start(plan, Precision.EXACT).close();
        try (DeviceMemory others = new DeviceMemory(new MemoryLimit(0, Long.MAX_VALUE))) {
            others.allocate(Device.freeBytes() - (60L << 20));

            try (CudaEngine engine = TestPlans.start(plan, Precision.EXACT)) {
                assertThat(engine.bytes()).isLessThan(60L << 20);
            }
        }
    }

    @Test
    void valuesWithMemoryOfTheirOwnAreTheSame() throws Exception {
        InferencePlan plan = TestPlans.denseBlock(3);
        Batch images = TestPlans.images(plan, 2);
        Set<String> all = plan.outputs().keySet();
        try (Engine engine = TestPlans.start(plan, Precision.EXACT);
                Engine apart = CudaEngine.start(plan, CudaSettings.standard().apart())) {
            for (String output : all) {
                assertThat(apart.run(images, all).host(output))
                        .isEqualTo(engine.run(images, all).host(output));
            }
        }
    }

    @Test
    void outputsOfOneValueAreEachBroughtAlone() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        int features = plan.output(InferencePlan.FEATURES);
        InferencePlan twice = plan.withOutputs(Map.of("again", features, "first", features));
        Batch images = TestPlans.images(plan, 2);
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

    @ParameterizedTest
    @CsvSource({"ROWS, 12", "ROWS, 3", "PLANES, 12", "PLANES, 3"})
    void concatenationsThatGrowShareMemory(Layout layout, int growth) throws Exception {
        InferencePlan plan = TestPlans.denseBlock(growth);
        Batch images = TestPlans.images(plan, 3);
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
}
