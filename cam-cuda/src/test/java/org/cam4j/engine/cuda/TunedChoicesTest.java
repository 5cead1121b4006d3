package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.Packing;
import org.cam4j.engine.java.JavaEngine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.testing.Closeness;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways of convolutions that a tuned engine tries, chooses and stores. */
class TunedChoicesTest {

    private static final Set<String> BOTH = Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS);

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    @Test
    void aTunedEngineTriesEveryWayAndSaysWhatItFound() throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        Batch images = TestPlans.images(plan, 1);
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
        Batch images = TestPlans.images(plan, 2);
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
        Batch images = TestPlans.images(plan, 1);
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
}
