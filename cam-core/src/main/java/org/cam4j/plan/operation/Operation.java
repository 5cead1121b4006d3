package org.cam4j.plan.operation;

import java.util.List;

/**
 * What a step of a plan computes. Sealed: every engine supports or refuses each of these operations.
 *
 * <p>All are immutable. Weight arrays are shared, not copied: do not modify them.
 */
public sealed interface Operation
        permits ActivationGradient,
                Activated,
                Concatenate,
                Crop,
                External,
                GlobalPooling,
                InsertZeros,
                LayerNormalize,
                MatMul,
                Pad,
                ParametricRelu,
                Pooling,
                PoolingGradient,
                Reshape,
                Resize,
                Slice,
                Softmax,
                Transpose {

    /**
     * Returns the size of the result.
     *
     * @param inputs the sizes of the values read, in order
     * @return the size of the result
     * @throws IllegalArgumentException if the operation does not take values of these sizes
     */
    Shape output(List<Shape> inputs);

    /**
     * Calls the visitor's method for this operation.
     *
     * @param visitor called once
     * @param <R> the visitor's result
     * @return the visitor's result
     */
    <R> R accept(OperationVisitor<R> visitor);

    /**
     * Describes the operation for a plan's listing.
     *
     * @return name and parameters, without weights
     */
    String describe();

    /** Returns the only input; throws if there is another number of inputs. */
    static Shape only(List<Shape> inputs, Operation operation) {
        if (inputs.size() != 1) {
            throw new IllegalArgumentException(operation.describe() + " reads one value, not " + inputs.size());
        }
        return inputs.get(0);
    }

    /** Returns the only input; throws if it has other axes than rows, columns and channels. */
    static Shape image(List<Shape> inputs, Operation operation) {
        Shape input = only(inputs, operation);
        if (!input.isImage()) {
            throw new IllegalArgumentException(
                    operation.describe() + " of " + input + ": expected height, width and channels");
        }
        return input;
    }

    /** Checks that a weight array has the length that the parameters require. */
    static void requireLength(String what, int length, long expected) {
        if (length != expected) {
            throw new IllegalArgumentException(what + ": " + length + " numbers where " + expected + " belong");
        }
    }
}
