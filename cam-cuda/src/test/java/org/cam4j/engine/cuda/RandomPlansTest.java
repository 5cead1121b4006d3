package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.lifecycle.BeforeTry;
import org.cam4j.testing.random.PlansInProcess;

/** Random plans against the reference in double precision: every operation, alone and in batches, in both layouts. */
class RandomPlansTest {

    private static final int COUNT = Integer.getInteger("cam4j.plans", 12);
    private static final long SEED = Long.getLong("cam4j.plans.seed", 2016) * 1_000_000_007L;

    @BeforeTry
    void requireLibraries() {
        StandIn.require();
    }

    @Example
    void rowsGiveWhatThePlanSays() {
        assertThat(PlansInProcess.findings(
                        (plan, threads) -> CudaEngine.start(plan, CudaSettings.standard(), Layout.ROWS), SEED, COUNT))
                .isEmpty();
    }

    @Example
    void planesGiveWhatThePlanSays() {
        assertThat(PlansInProcess.findings(
                        (plan, threads) -> CudaEngine.start(plan, CudaSettings.standard(), Layout.PLANES),
                        SEED + 1_000_000,
                        COUNT))
                .isEmpty();
    }
}
