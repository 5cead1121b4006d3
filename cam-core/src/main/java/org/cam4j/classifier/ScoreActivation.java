package org.cam4j.classifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Softmax;

/**
 * Removes the activation from a network's scores.
 *
 * @param plan the same network with the logits as its only output
 * @param logits the number of the logits' value
 * @param activation the removed activation
 */
record ScoreActivation(InferencePlan plan, int logits, OutputActivation activation) {

    static ScoreActivation takenOff(InferencePlan plan, String output) {
        PlanSteps steps = new PlanSteps(plan);
        OutputActivation activation = OutputActivation.NONE;
        int value = plan.output(output);
        Optional<Step> maker = steps.maker(value);
        while (maker.isPresent() && isActivation(maker.get())) {
            Step step = maker.get();
            requireOneSoftmax(step, steps.shape(value));
            OutputActivation found = own(step);
            if (found == null || (found != OutputActivation.NONE && activation != OutputActivation.NONE)) {
                throw HeadRefusal.of(
                        "the output goes through the activation '" + word(step) + "' of layer '" + step.name()
                                + "', where softmax, sigmoid or none can be taken off",
                        "Choose another output, or train the head with one of these.");
            }
            activation = found == OutputActivation.NONE ? activation : found;
            value = step.inputs().get(0);
            maker = steps.maker(value);
        }
        if (maker.isPresent()
                && maker.get().operation() instanceof Activated activated
                && !activated.activation().isIdentity()
                && steps.shape(value).isVector()) {
            return fused(plan, maker.get(), activated, activation);
        }
        return new ScoreActivation(plan.withOutputs(Map.of(InferencePlan.LOGITS, value)), value, activation);
    }

    /** Refuses a softmax over groups of the scores, whose probabilities are none of all classes'. */
    private static void requireOneSoftmax(Step step, Shape scores) {
        if (step.operation() instanceof Softmax && !scores.isVector()) {
            throw HeadRefusal.of(
                    "the softmax '" + step.name() + "' is over " + scores.channels() + " of the " + scores.size()
                            + " scores at a time, where one over all classes can be taken off",
                    "Choose another output, or give the scores without it.");
        }
    }

    private static boolean isActivation(Step step) {
        return step.operation() instanceof Softmax || step.operation() instanceof Activate;
    }

    /** Returns the activation of a step; null if it cannot be removed. */
    private static OutputActivation own(Step step) {
        return step.operation() instanceof Softmax
                ? OutputActivation.SOFTMAX
                : known(((Activate) step.operation()).activation());
    }

    private static OutputActivation known(Activation function) {
        if (function.equals(Activation.SIGMOID)) {
            return OutputActivation.SIGMOID;
        }
        return function.isIdentity() ? OutputActivation.NONE : null;
    }

    private static String word(Step step) {
        return step.operation() instanceof Softmax ? "softmax" : name(((Activate) step.operation()).activation());
    }

    /** Returns an activation's name without its numbers. */
    static String name(Activation function) {
        return function.function().name().toLowerCase(Locale.ROOT).replace("_", "");
    }

    /** Removes an activation that is part of the last layer. */
    private static ScoreActivation fused(
            InferencePlan plan, Step step, Activated activated, OutputActivation separate) {
        OutputActivation own = known(activated.activation());
        if (own == null || (own != OutputActivation.NONE && separate != OutputActivation.NONE)) {
            throw HeadRefusal.of(
                    "the output layer '" + step.name() + "' has the activation '" + name(activated.activation()) + "'"
                            + (separate == OutputActivation.NONE
                                    ? ""
                                    : " below the " + separate.name().toLowerCase(Locale.ROOT))
                            + ", where one of softmax, sigmoid or none can be taken off",
                    "Choose another output, or train the head with one of these.");
        }
        List<Step> steps = new ArrayList<>();
        for (Step other : plan.steps()) {
            boolean isLast = other.value() == step.value();
            steps.add(isLast ? step.with(activated.withActivation(Activation.IDENTITY)) : other);
            if (isLast) {
                break;
            }
        }
        InferencePlan bare = new InferencePlan(plan.inputs(), steps, Map.of(InferencePlan.LOGITS, step.value()));
        return new ScoreActivation(bare, step.value(), own == OutputActivation.NONE ? separate : own);
    }
}
