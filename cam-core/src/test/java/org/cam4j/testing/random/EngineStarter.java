package org.cam4j.testing.random;

import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.InferencePlan;

/** Starts an engine for a random plan. */
@FunctionalInterface
public interface EngineStarter {

    /** Starts an engine that uses at most so many cores. */
    Engine start(InferencePlan plan, int threads) throws EngineUnavailableException;

    /** What storing a value or a weight may change beyond rounding to single precision, in parts of it. */
    default double stored() {
        return 0;
    }
}
