package org.cam4j.plan.operation;

import java.util.List;

/**
 * Multiplies matrices in the last two axes of two values: [.., m, k] times [.., k, n] gives [.., m, n]. The leading axes are the same in
 * both values; matrices at the same position are multiplied.
 *
 * @param transposesSecond whether the second value is [.., n, k], as the keys of attention are
 */
public record MatMul(boolean transposesSecond) implements Operation {

    @Override
    public Shape output(List<Shape> inputs) {
        if (inputs.size() != 2) {
            throw new IllegalArgumentException(describe() + " reads two values, not " + inputs.size());
        }
        Shape first = inputs.get(0);
        Shape second = inputs.get(1);
        int rank = first.rank();
        if (rank < 2 || second.rank() != rank) {
            throw new IllegalArgumentException(
                    describe() + " of " + first + " and " + second + ": expected two values of the same 2 to 4 axes");
        }
        for (int axis = 0; axis < rank - 2; axis++) {
            if (first.size(axis) != second.size(axis)) {
                throw new IllegalArgumentException(describe() + " of " + first + " and " + second
                        + ": all axes but the last two must be the same");
            }
        }
        int joined = transposesSecond ? second.size(rank - 1) : second.size(rank - 2);
        if (first.size(rank - 1) != joined) {
            throw new IllegalArgumentException(describe() + " of " + first + " and " + second + ": "
                    + first.size(rank - 1) + " columns meet " + joined + " rows");
        }
        return first.withChannels(transposesSecond ? second.size(rank - 2) : second.size(rank - 1));
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return transposesSecond ? "matrix product with the transpose" : "matrix product";
    }
}
