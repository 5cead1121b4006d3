package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.cam4j.plan.InferencePlan;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What must hold on a GPU; on the stand-in if there is none. */
@Tag("gpu")
class GpuChecksTest {

    private final InferencePlan plan = TestPlans.classifier(false);
    private final GpuChecks checks = new GpuChecks(
            plan, TestPlans.head(), TestPlans.numbers(9, 8 * plan.input().size(), 1));

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    @Test
    void sumsOfFeaturesOnTheGpuHaveTheBitsOfJava() throws Exception {
        try (CudaEngine engine = CudaEngine.start(plan, CudaSettings.standard())) {
            assertThat(checks.sumsAreAsJava(engine)).isTrue();
        }
    }

    @Test
    void joinedCallsGiveWhatCallsByThemselvesGive() throws Exception {
        assertThat(checks.errorOfJoined(CudaSettings.standard())).isLessThan(1e-5);
    }

    /** By cudaMemGetInfo. */
    @Test
    void closingAnEngineFreesItsMemory() throws Exception {
        long left = checks.bytesNotFreed(CudaSettings.standard());

        assertThat(GpuChecks.isLeak(left)).as("%s bytes", left).isFalse();
    }
}
