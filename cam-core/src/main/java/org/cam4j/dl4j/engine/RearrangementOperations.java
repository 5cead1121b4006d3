package org.cam4j.dl4j.engine;

import java.util.Arrays;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Transpose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Slices, concatenates and reorders values [n, ...] with ND4J; every result is a new array. */
final class RearrangementOperations {

    private RearrangementOperations() {}

    static INDArray concatenated(Concatenate step, INDArray... inputs) {
        // For a single array ND4J returns the array itself, but the result must be a new one.
        return inputs.length == 1 ? inputs[0].dup('c') : Nd4j.concat(1 + step.axis(), inputs);
    }

    static INDArray transposed(INDArray input, Transpose step) {
        int[] axes = new int[input.rank()];
        for (int axis = 1; axis < axes.length; axis++) {
            axes[axis] = 1 + step.order().get(axis - 1);
        }
        return input.permute(axes).dup('c');
    }

    static INDArray reshaped(INDArray input, Shape shape) {
        return shaped(input.dup('c'), input.size(0), shape);
    }

    /** Returns the same memory as [n, ..] in row-major order. */
    static INDArray shaped(INDArray array, long count, Shape shape) {
        long[] sizes = new long[shape.rank() + 1];
        sizes[0] = count;
        for (int axis = 1; axis < sizes.length; axis++) {
            sizes[axis] = shape.size(axis - 1);
        }
        return array.reshape('c', sizes);
    }

    static INDArray sliced(INDArray input, Slice step) {
        INDArrayIndex[] indices = new INDArrayIndex[input.rank()];
        Arrays.fill(indices, NDArrayIndex.all());
        indices[1 + step.axis()] = NDArrayIndex.interval(step.first(), step.first() + step.count());
        return input.get(indices).dup('c');
    }
}
