package org.cam4j.testing.random;

import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.InferencePlan;

/** Starts an engine for a random plan. */
@FunctionalInterface
public interface EngineStarter {

    /** Starts an engine that uses at most so many cores. */
    Engine start(InferencePlan plan, int threads) throws EngineUnavailableException;

    /** Returns the error that is allowed for a number: what rounding to single precision may do, unless the engine rounds otherwise. */
    default double allowed(double exact, double singleError) {
        return singleError;
    }
}
