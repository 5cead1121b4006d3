package org.cam4j.dl4j.graph;

import org.cam4j.plan.operation.Activation;

/** Implemented by a custom {@code IActivation} that equals one of a plan's functions, so that fast engines can run it. */
public interface PlannedActivation {

    /**
     * Returns the same function for a plan.
     *
     * @return function and parameters
     */
    Activation planned();
}
