package org.cam4j.plan.operation;

import java.util.List;

/**
 * What a step of a plan computes, without saying of which values: the set that every engine has to know.
 *
 * <p>All are immutable. Weight arrays are shared, not copied: leave them alone.
 */
public sealed interface Operation
        permits Activated,
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
                Reshape,
                Resize,
                Slice,
                Softmax,
                Transpose {

    /**
     * The size of the result.
     *
     * @param inputs the sizes of what is read, in order
     * @return the size of what is written
     * @throws IllegalArgumentException if it cannot be computed of such values
     */
    Shape output(List<Shape> inputs);

    /**
     * Calls the visitor's method for this operation.
     *
     * @param visitor what is done
     * @param <R> its result
     * @return its result
     */
    <R> R accept(OperationVisitor<R> visitor);

    /**
     * A listing's words.
     *
     * @return name and parameters, without weights
     */
    String describe();

    /** The only input, checked. */
    static Shape only(List<Shape> inputs, Operation operation) {
        if (inputs.size() != 1) {
            throw new IllegalArgumentException(operation.describe() + " reads one value, not " + inputs.size());
        }
        return inputs.get(0);
    }

    /** The only input, checked to have rows, columns and channels. */
    static Shape image(List<Shape> inputs, Operation operation) {
        Shape input = only(inputs, operation);
        if (!input.isImage()) {
            throw new IllegalArgumentException(
                    operation.describe() + " of " + input + ": expected height, width and channels");
        }
        return input;
    }

    /** Checks that a weight array has the length that the parameters ask for. */
    static void requireLength(String what, int length, long expected) {
        if (length != expected) {
            throw new IllegalArgumentException(what + ": " + length + " numbers where " + expected + " belong");
        }
    }
}
