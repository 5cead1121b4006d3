package org.cam4j.plan.adjoint;

import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;

/** The way back through an operation on two values, of which the second may be repeated for cells or channels. */
final class ElementwiseBack {

    private final ReverseWalk walk;
    private final BackwardPlan backward;
    private final int gradient;
    private final int first;
    private final int second;

    ElementwiseBack(ReverseWalk walk, Step step, int gradient) {
        this.walk = walk;
        this.backward = walk.backward();
        this.gradient = gradient;
        this.first = step.inputs().get(0);
        this.second = step.inputs().get(1);
    }

    void pass(Elementwise.Kind kind) {
        switch (kind) {
            case ADD -> giveBoth(gradient, gradient);
            case SUBTRACT -> giveBoth(gradient, backward.scaled(gradient, -1));
            case MULTIPLY -> multiply();
            case MAXIMUM -> pick(1);
            case MINIMUM -> pick(-1);
        }
    }

    private void giveBoth(int ofFirst, int ofSecond) {
        walk.give(first, ofFirst);
        giveSecond(ofSecond);
    }

    private void giveSecond(int value) {
        walk.give(second, gathered(value));
    }

    private void multiply() {
        Factors factors = Factors.of(walk, first, second, !walk.shape(first).equals(walk.shape(second)));
        if (factors.first() != 0) {
            walk.give(first, times(factors.first(), second));
        }
        if (factors.second() != 0) {
            giveSecond(times(factors.second(), first));
        }
    }

    private int times(float share, int other) {
        int product = backward.product(gradient, walk.kept(other));
        return share == 1 ? product : backward.scaled(product, share);
    }

    /** Passes on where the first value is the larger (sign 1) or smaller (-1) one; where both are equal, to the second. */
    private void pick(float sign) {
        int difference = backward.difference(walk.kept(first), walk.kept(second));
        int ahead = sign == 1 ? difference : backward.scaled(difference, sign);
        int ofFirst = backward.add(new ActivationGradient(Activation.RELU, walk.gates()), gradient, ahead);
        giveBoth(ofFirst, backward.difference(gradient, ofFirst));
    }

    /** Adds up what was repeated. */
    private int gathered(int value) {
        Shape large = walk.shape(first);
        Shape small = walk.shape(second);
        if (small.equals(large)) {
            return value;
        }
        if (small.channels() == 1 && small.sameCells(large)) {
            return backward.weighted(value, BackwardPlan.ones(large.channels()));
        }
        int image = backward.reshaped(value, new Shape(large.height(), large.width(), large.channels()));
        int average = backward.add(new GlobalPooling(Pooling.Kind.AVERAGE), image);
        return backward.reshaped(backward.scaled(average, (float) large.height() * large.width()), small);
    }
}
