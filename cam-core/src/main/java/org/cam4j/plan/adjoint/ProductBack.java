package org.cam4j.plan.adjoint;

import java.util.ArrayList;
import java.util.List;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Transpose;

/** The way back through a matrix product. */
final class ProductBack {

    private final ReverseWalk walk;
    private final BackwardPlan backward;
    private final int gradient;
    private final int first;
    private final int second;

    ProductBack(ReverseWalk walk, Step step, int gradient) {
        this.walk = walk;
        this.backward = walk.backward();
        this.gradient = gradient;
        this.first = step.inputs().get(0);
        this.second = step.inputs().get(1);
    }

    /** Of {@code a·b} it is {@code g·bᵀ} and {@code aᵀ·g}, of {@code a·bᵀ} it is {@code g·b} and {@code gᵀ·a}. */
    void pass(boolean transposesSecond) {
        Factors factors = Factors.of(walk, first, second, false);
        if (factors.first() != 0) {
            walk.give(
                    first,
                    shared(factors.first(), backward.add(new MatMul(!transposesSecond), gradient, walk.kept(second))));
        }
        if (factors.second() != 0) {
            int result = transposesSecond
                    ? backward.add(new MatMul(false), transposed(gradient), walk.kept(first))
                    : backward.add(new MatMul(false), transposed(walk.kept(first)), gradient);
            walk.give(second, shared(factors.second(), result));
        }
    }

    private int shared(float share, int value) {
        return share == 1 ? value : backward.scaled(value, share);
    }

    private int transposed(int value) {
        int rank = backward.shape(value).rank();
        List<Integer> order = new ArrayList<>();
        for (int axis = 0; axis < rank - 2; axis++) {
            order.add(axis);
        }
        order.add(rank - 1);
        order.add(rank - 2);
        return backward.add(new Transpose(order), value);
    }
}
