package org.cam4j.prepared;

import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.WeightArray;
import org.cam4j.plan.operation.Window;

/** Reads the operations that {@link OperationWriter} wrote. Their own constructors check the fields. */
final class OperationReader {

    /** The source of weights, by their offset in the file. */
    interface Source {

        /**
         * Returns weights at an offset.
         *
         * @param offset bytes from the beginning of the section of plain weights
         * @param length the number of weights
         * @throws IllegalArgumentException if the weights are not inside the section
         */
        WeightArray weights(long offset, int length);

        /**
         * Returns weights that a lean file leaves out; reading them throws.
         *
         * @param length the number of weights
         */
        WeightArray leftOut(int length);
    }

    private final FieldReader from;
    private final boolean isLean;
    private final Source source;

    /** @param isLean whether weights were left out */
    OperationReader(FieldReader from, boolean isLean, Source source) {
        this.from = from;
        this.isLean = isLean;
        this.source = source;
    }

    /**
     * Reads the next operation.
     *
     * @throws IllegalArgumentException if the bytes are not an operation, with a message for the user
     */
    Operation operation() {
        int number = from.code();
        return switch (number) {
            case OperationWriter.ACTIVATE -> new Activate(activation());
            case OperationWriter.CONCATENATE -> new Concatenate(from.number());
            case OperationWriter.CONVOLUTION -> convolution();
            case OperationWriter.CROP -> new Crop(padding());
            case OperationWriter.DENSE ->
                new Dense(from.number(), from.number(), weights(), from.reals(), activation());
            case OperationWriter.ELEMENTWISE -> new Elementwise(ConstantNumbers.elementwise(from.code()), activation());
            case OperationWriter.GLOBAL_POOLING -> new GlobalPooling(ConstantNumbers.pooling(from.code()));
            case OperationWriter.INSERT_ZEROS -> new InsertZeros(from.number(), from.number());
            case OperationWriter.LAYER_NORMALIZE -> new LayerNormalize(from.real(), from.reals(), from.reals());
            case OperationWriter.MAT_MUL -> new MatMul(from.truth());
            case OperationWriter.PAD -> new Pad(padding());
            case OperationWriter.PARAMETRIC_RELU -> new ParametricRelu(from.reals());
            case OperationWriter.POOLING -> new Pooling(ConstantNumbers.pooling(from.code()), window());
            case OperationWriter.RESHAPE -> new Reshape(shape(from));
            case OperationWriter.RESIZE ->
                new Resize(from.number(), from.number(), ConstantNumbers.resizing(from.code()));
            case OperationWriter.SCALE_SHIFT -> new ScaleShift(from.reals(), from.reals(), activation());
            case OperationWriter.SLICE -> new Slice(from.number(), from.number(), from.number());
            case OperationWriter.SOFTMAX -> new Softmax();
            case OperationWriter.TRANSPOSE -> new Transpose(from.list(from::number));
            default -> throw ConstantNumbers.unknown("operation", number);
        };
    }

    private Convolution convolution() {
        return new Convolution(
                window(),
                from.number(),
                from.number(),
                from.number(),
                weights(),
                from.reals(),
                from.truth(),
                activation());
    }

    static Shape shape(FieldReader from) {
        int rank = from.code();
        int[] sizes = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            sizes[axis] = from.number();
        }
        return new Shape(sizes);
    }

    private Activation activation() {
        return new Activation(ConstantNumbers.function(from.code()), from.real(), from.real());
    }

    private Padding padding() {
        return new Padding(from.number(), from.number(), from.number(), from.number());
    }

    private Window window() {
        return new Window(
                from.number(), from.number(), from.number(), from.number(), from.number(), from.number(), padding());
    }

    private WeightArray weights() {
        int length = from.number();
        if (length < 0) {
            throw new IllegalArgumentException("it holds " + length + " weights");
        }
        return isLean ? source.leftOut(length) : source.weights(from.large(), length);
    }
}
