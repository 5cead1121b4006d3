package org.cam4j.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import org.cam4j.testing.random.PlansInProcess;

/** Random plans and ways back through them against the reference in double precision: every operation, alone and in batches. */
class RandomPlansTest {

    private static final int COUNT = Integer.getInteger("cam4j.plans", 20);
    private static final long SEED = Long.getLong("cam4j.plans.seed", 2016) * 1_000_000_007L;

    @Example
    void theEngineGivesWhatThePlanSays() {
        assertThat(PlansInProcess.findings(OnnxRuntimeEngine::start, SEED, COUNT))
                .isEmpty();
    }

    @Example
    void theEngineWalksBackAsDerivativesAndHeldGatesSay() {
        assertThat(PlansInProcess.waysBack(OnnxRuntimeEngine::start, SEED, COUNT))
                .isEmpty();
    }
}
