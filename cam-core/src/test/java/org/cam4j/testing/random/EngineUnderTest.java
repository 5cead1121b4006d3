package org.cam4j.testing.random;

import java.util.Map;
import java.util.Optional;
import org.cam4j.dl4j.engine.Nd4jEngine;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Precision;
import org.cam4j.engine.java.JavaEngine;
import org.cam4j.engine.onednn.OneDnnEngine;
import org.cam4j.plan.InferencePlan;

/** What runs random plans. */
public enum EngineUnderTest implements EngineStarter {
    /** oneDNN with whatever instructions the processor has. */
    ONEDNN(Map.of()),
    /** oneDNN as on a processor that has no AVX-512. */
    ONEDNN_AVX2(Map.of("DNNL_MAX_CPU_ISA", "AVX2")),
    /** oneDNN as on a processor that has neither AVX-512 nor AVX2. */
    ONEDNN_AVX(Map.of("DNNL_MAX_CPU_ISA", "AVX")),
    /** oneDNN in bfloat16, on processors that have it. */
    ONEDNN_BFLOAT16(Map.of()) {

        @Override
        public Engine start(InferencePlan plan, int threads) throws EngineUnavailableException {
            return OneDnnEngine.start(
                    plan,
                    EngineSettings.standard().withThreads(threads).withPrecision(Precision.BFLOAT16),
                    Optional.empty());
        }

        /** It has 8 bits of mantissa, where single precision has 24. */
        @Override
        public double stored() {
            return 1.0 / (1 << 8);
        }
    },
    /** ND4J on the processor, on one core: its threads wait for each other longer than such small networks take. */
    ND4J(Map.of("OMP_NUM_THREADS", "1")),
    /** Plain Java: the reference's own loops, with values in single precision that are freed behind their last reader. */
    JAVA(Map.of());

    @SuppressWarnings("ImmutableEnumChecker") // Map.of does not change.
    private final Map<String, String> environment;

    EngineUnderTest(Map<String, String> environment) {
        this.environment = environment;
    }

    /** What its process has to find in its environment before a library is loaded. */
    Map<String, String> environment() {
        return environment;
    }

    @Override
    public Engine start(InferencePlan plan, int threads) throws EngineUnavailableException {
        return switch (this) {
            case ONEDNN, ONEDNN_AVX2, ONEDNN_AVX, ONEDNN_BFLOAT16 -> OneDnnEngine.start(plan, threads);
            case ND4J -> new Nd4jEngine(plan);
            case JAVA -> new JavaEngine(plan, threads);
        };
    }
}
