package org.cam4j.dl4j.graph;

import org.cam4j.plan.operation.Activation;

/** An activation function of one's own that a plan knows under another name: implemented by the {@code IActivation}. */
public interface PlannedActivation {

    /**
     * The same function in a plan.
     *
     * @return function and parameters
     */
    Activation planned();
}
