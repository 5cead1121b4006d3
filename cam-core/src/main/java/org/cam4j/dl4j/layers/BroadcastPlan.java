package org.cam4j.dl4j.layers;

import java.util.Arrays;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;

/**
 * Translates a {@link BroadcastVertex} of two values into a plan. A plan's {@link Elementwise} repeats only its second value, and only
 * if that value is a vector or has one channel.
 */
final class BroadcastPlan {

    private BroadcastPlan() {}

    static int add(PlanBuilder plan, String name, Elementwise.Kind operation, int first, int second) {
        Shape left = plan.shape(first);
        Shape right = plan.shape(second);
        Shape result = new Shape(
                Math.max(left.height(), right.height()),
                Math.max(left.width(), right.width()),
                Math.max(left.channels(), right.channels()));
        if (right.equals(result) && !left.equals(result)) {
            return swapped(plan, name, operation, first, second);
        }
        int whole = channels(plan, name, cells(plan, name, first, result), result);
        boolean vector = right.isVector() && right.channels() == result.channels();
        int other = vector ? second : cells(plan, name, second, result);
        return plan.add(name, new Elementwise(operation), whole, other);
    }

    private static int swapped(PlanBuilder plan, String name, Elementwise.Kind operation, int first, int second) {
        if (operation != Elementwise.Kind.SUBTRACT) {
            return add(plan, name, operation, second, first);
        }
        // a - b = -b + a
        int negative = plan.add(name, ScaleShift.uniform(plan.shape(second).channels(), -1, 0), second);
        return add(plan, name, Elementwise.Kind.ADD, negative, first);
    }

    /** Repeats a single row or column to the size of the result. */
    private static int cells(PlanBuilder plan, String name, int value, Shape result) {
        Shape shape = plan.shape(value);
        if (shape.sameCells(result)) {
            return value;
        }
        if ((shape.height() != 1 && shape.height() != result.height())
                || (shape.width() != 1 && shape.width() != result.width())) {
            throw new IllegalArgumentException("values of " + shape + " do not meet those of " + result);
        }
        return plan.add(name, new Resize(result.height(), result.width(), Resize.Interpolation.NEAREST), value);
    }

    /** Repeats a single channel for each channel of the result. */
    private static int channels(PlanBuilder plan, String name, int value, Shape result) {
        if (plan.shape(value).channels() == result.channels()) {
            return value;
        }
        float[] ones = new float[result.channels()];
        Arrays.fill(ones, 1);
        return plan.add(name, Dense.of(ones, new float[ones.length], Activation.IDENTITY), value);
    }
}
