package org.cam4j.plan.adjoint;

import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;

/**
 * How much of a product each of its two factors stands for.
 *
 * @param first the share of the first factor; 0 if nothing is passed on to it
 * @param second the share of the second factor
 */
record Factors(float first, float second) {

    /** @param repeatsSecond whether the second factor is smaller and repeated */
    static Factors of(ReverseWalk walk, int first, int second, boolean repeatsSecond) {
        if (!walk.isOnTheWay(second)) {
            return new Factors(1, 0);
        }
        if (!walk.isOnTheWay(first)) {
            return new Factors(0, 1);
        }
        if (!walk.holdsGates()) {
            return new Factors(1, 1);
        }
        boolean firstIsGate = isGate(walk, first);
        boolean secondIsGate = repeatsSecond || isGate(walk, second);
        if (firstIsGate == secondIsGate) {
            return new Factors(0.5f, 0.5f);
        }
        return firstIsGate ? new Factors(0, 1) : new Factors(1, 0);
    }

    /** Whether a value comes out of a function that gives shares, such as a sigmoid, or out of a divisor, such as a norm. */
    private static boolean isGate(ReverseWalk walk, int value) {
        Step step = walk.maker(value);
        while (step != null
                && (step.operation() instanceof Reshape
                        || step.operation() instanceof Transpose
                        || step.operation() instanceof Slice)) {
            step = walk.maker(step.inputs().get(0));
        }
        return step != null
                && (step.operation() instanceof Softmax
                        || (step.operation() instanceof Activated activated && isShare(activated.activation())));
    }

    private static boolean isShare(Activation activation) {
        return switch (activation.function()) {
            case SIGMOID, HARD_SIGMOID -> true;
            case CLIP -> activation.alpha() == 0 && activation.beta() == 1;
            case POWER -> activation.alpha() < 0;
            default -> false;
        };
    }
}
