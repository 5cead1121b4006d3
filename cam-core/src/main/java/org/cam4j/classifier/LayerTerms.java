package org.cam4j.classifier;

import org.cam4j.plan.Step;

/** What users call the layers that steps come from, for messages. */
@FunctionalInterface
public interface LayerTerms {

    /** By operations: what a plan that no file stands behind can say. */
    LayerTerms OPERATIONS = step -> step.operation().describe() + " '" + step.name() + "'";

    /**
     * Class and name of a step's layer.
     *
     * @param step of a plan
     * @return such as {@code Dense 'fc1'}
     */
    String of(Step step);
}
