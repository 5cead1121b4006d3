package org.cam4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import net.jqwik.api.Example;
import org.cam4j.testing.Bfloat16Support;
import org.cam4j.testing.random.EngineUnderTest;
import org.cam4j.testing.random.PlanSweep;

/**
 * Random plans on every engine against the plain-Java reference: every operation, fused and joined in every way, each value
 * compared, alone and in batches.
 *
 * <p>Each engine runs in a process of its own, so that a plan that takes it down is named and shrunk like any other finding. The long
 * run takes other plans, for as long as one likes:
 *
 * <pre>
 * mvn test -pl cam-core -Dtest=RandomPlanTest -Dcam4j.plans=100000 -Dcam4j.plans.seed=7
 * </pre>
 *
 * <p>Findings are appended to {@code target/random-plans.txt} as they come.
 */
class RandomPlanTest {

    private static final int COUNT = Integer.getInteger("cam4j.plans", 60);
    private static final long SEED = Long.getLong("cam4j.plans.seed", 2016);

    private static void assertNothingIsFound(EngineUnderTest engine) throws IOException {
        PlanSweep sweep = new PlanSweep(engine, Path.of("target", "random-plans.txt"));

        assertThat(sweep.run(SEED * 1_000_000_007L, COUNT)).as(sweep.toString()).isEmpty();
    }

    @Example
    void oneDnnGivesWhatThePlanSays() throws IOException {
        assertNothingIsFound(EngineUnderTest.ONEDNN);
    }

    @Example
    void oneDnnWithoutAvx512GivesWhatThePlanSays() throws IOException {
        assertNothingIsFound(EngineUnderTest.ONEDNN_AVX2);
    }

    @Example
    void oneDnnWithoutAvx2GivesWhatThePlanSays() throws IOException {
        assertNothingIsFound(EngineUnderTest.ONEDNN_AVX);
    }

    @Example
    void oneDnnInBfloat16GivesWhatThePlanSaysWithinItsRounding() throws IOException {
        assumeThat(Bfloat16Support.isHere())
                .as("the processor multiplies in bfloat16")
                .isTrue();
        assertNothingIsFound(EngineUnderTest.ONEDNN_BFLOAT16);
    }

    @Example
    void nd4jGivesWhatThePlanSays() throws IOException {
        assertNothingIsFound(EngineUnderTest.ND4J);
    }

    @Example
    void javaGivesWhatThePlanSays() throws IOException {
        assertNothingIsFound(EngineUnderTest.JAVA);
    }
}
