package org.cam4j.classifier;

import org.cam4j.plan.Step;

/** The users' names for the layers behind a plan's steps, for messages. */
@FunctionalInterface
public interface LayerTerms {

    /** Names of operations, for a plan without a model file. */
    LayerTerms OPERATIONS = step -> step.operation().describe() + " '" + step.name() + "'";

    /**
     * Returns class and name of a step's layer.
     *
     * @param step a step of a plan
     * @return for example {@code Dense 'fc1'}
     */
    String of(Step step);
}
