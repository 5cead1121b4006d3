package org.cam4j.prepared;

import java.util.Optional;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.OperationVisitor;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.WeightArray;
import org.cam4j.plan.operation.Window;

/**
 * Writes an operation: its number, then its fields in a fixed order. {@link OperationReader} reads them.
 *
 * <p>A new operation takes the next number; an older cam4j refuses that number with a message. If an operation's fields change, it takes
 * a new number, or {@link Header#FORMAT} changes. No number is used twice.
 */
final class OperationWriter implements OperationVisitor<FieldWriter> {

    static final int ACTIVATE = 1;
    static final int CONCATENATE = 2;
    static final int CONVOLUTION = 3;
    static final int CROP = 4;
    static final int DENSE = 5;
    static final int ELEMENTWISE = 6;
    static final int GLOBAL_POOLING = 7;
    static final int INSERT_ZEROS = 8;
    static final int LAYER_NORMALIZE = 9;
    static final int MAT_MUL = 10;
    static final int PAD = 11;
    static final int PARAMETRIC_RELU = 12;
    static final int POOLING = 13;
    static final int RESHAPE = 14;
    static final int RESIZE = 15;
    static final int SCALE_SHIFT = 16;
    static final int SLICE = 17;
    static final int SOFTMAX = 18;
    static final int TRANSPOSE = 19;

    private final FieldWriter to;
    private final Optional<Blocks<WeightArray>> places;

    /** @param places assigns offsets to weights, which are written instead of the weights; empty if weights are left out */
    OperationWriter(FieldWriter to, Optional<Blocks<WeightArray>> places) {
        this.to = to;
        this.places = places;
    }

    @Override
    public FieldWriter visit(Activate operation) {
        to.code(ACTIVATE);
        return activation(operation.activation());
    }

    /** Throws: files hold the way forward, from which the way back is made again. */
    @Override
    public FieldWriter visit(ActivationGradient operation) {
        throw backwards(operation);
    }

    @Override
    public FieldWriter visit(Concatenate operation) {
        return to.code(CONCATENATE).number(operation.axis());
    }

    @Override
    public FieldWriter visit(Convolution operation) {
        to.code(CONVOLUTION);
        window(operation.window());
        to.number(operation.inputs()).number(operation.outputs()).number(operation.groups());
        weights(operation.weights());
        to.reals(operation.bias()).truth(operation.addsInput());
        return activation(operation.activation());
    }

    @Override
    public FieldWriter visit(Crop operation) {
        to.code(CROP);
        return padding(operation.cropping());
    }

    @Override
    public FieldWriter visit(Dense operation) {
        to.code(DENSE).number(operation.inputs()).number(operation.outputs());
        weights(operation.weights());
        to.reals(operation.bias());
        return activation(operation.activation());
    }

    @Override
    public FieldWriter visit(Elementwise operation) {
        to.code(ELEMENTWISE).code(ConstantNumbers.of(operation.kind()));
        return activation(operation.activation());
    }

    /** Throws: only DL4J's own layers can run an external operation, and files do not hold them. */
    @Override
    public FieldWriter visit(External operation) {
        throw new IllegalArgumentException("a prepared model cannot hold " + operation.describe());
    }

    @Override
    public FieldWriter visit(GlobalPooling operation) {
        return to.code(GLOBAL_POOLING).code(ConstantNumbers.of(operation.kind()));
    }

    @Override
    public FieldWriter visit(InsertZeros operation) {
        return to.code(INSERT_ZEROS).number(operation.stepY()).number(operation.stepX());
    }

    @Override
    public FieldWriter visit(LayerNormalize operation) {
        return to.code(LAYER_NORMALIZE)
                .real(operation.epsilon())
                .reals(operation.scale())
                .reals(operation.shift());
    }

    @Override
    public FieldWriter visit(MatMul operation) {
        return to.code(MAT_MUL).truth(operation.transposesSecond());
    }

    @Override
    public FieldWriter visit(Pad operation) {
        to.code(PAD);
        return padding(operation.padding());
    }

    @Override
    public FieldWriter visit(ParametricRelu operation) {
        return to.code(PARAMETRIC_RELU).reals(operation.slopes());
    }

    @Override
    public FieldWriter visit(Pooling operation) {
        to.code(POOLING).code(ConstantNumbers.of(operation.kind()));
        return window(operation.window());
    }

    /** Throws, like {@link #visit(ActivationGradient)}. */
    @Override
    public FieldWriter visit(PoolingGradient operation) {
        throw backwards(operation);
    }

    private static IllegalArgumentException backwards(Operation operation) {
        return new IllegalArgumentException("a prepared model holds the way forward, not a " + operation.describe());
    }

    @Override
    public FieldWriter visit(Reshape operation) {
        return shape(to.code(RESHAPE), operation.shape());
    }

    @Override
    public FieldWriter visit(Resize operation) {
        return to.code(RESIZE)
                .number(operation.height())
                .number(operation.width())
                .code(ConstantNumbers.of(operation.interpolation()));
    }

    @Override
    public FieldWriter visit(ScaleShift operation) {
        to.code(SCALE_SHIFT).reals(operation.scale()).reals(operation.shift());
        return activation(operation.activation());
    }

    @Override
    public FieldWriter visit(Slice operation) {
        return to.code(SLICE).number(operation.axis()).number(operation.first()).number(operation.count());
    }

    @Override
    public FieldWriter visit(Softmax operation) {
        return to.code(SOFTMAX);
    }

    @Override
    public FieldWriter visit(Transpose operation) {
        return to.code(TRANSPOSE).list(operation.order(), to::number);
    }

    /** Writes the number of axes, then each axis's size. */
    static FieldWriter shape(FieldWriter to, Shape shape) {
        to.code(shape.rank());
        for (int size : shape.sizes()) {
            to.number(size);
        }
        return to;
    }

    private FieldWriter activation(Activation activation) {
        return to.code(ConstantNumbers.of(activation.function()))
                .real(activation.alpha())
                .real(activation.beta());
    }

    private FieldWriter padding(Padding padding) {
        return to.number(padding.top())
                .number(padding.bottom())
                .number(padding.left())
                .number(padding.right());
    }

    private FieldWriter window(Window window) {
        to.number(window.height()).number(window.width());
        to.number(window.strideY()).number(window.strideX());
        to.number(window.dilationY()).number(window.dilationX());
        return padding(window.padding());
    }

    /** Writes the number of weights and, unless they are left out, their offset in the section of plain weights. */
    private void weights(WeightArray array) {
        to.number(array.length());
        places.ifPresent(blocks -> to.large(blocks.add(array, (long) array.length() * Float.BYTES)));
    }
}
