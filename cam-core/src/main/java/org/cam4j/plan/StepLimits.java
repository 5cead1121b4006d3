package org.cam4j.plan;

import java.util.List;
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
import org.cam4j.plan.operation.TooLargeException;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.WeightArray;
import org.cam4j.plan.operation.Window;

/**
 * Checks one step, and counts its multiplications for an image.
 *
 * <p>Windows, strides, dilations, paddings, the spacing of inserted zeros and the sizes of resized images must be at most
 * {@value #LARGEST}. Images under windows must have at most {@value #LARGEST_SIDE} rows and columns. Parameters, biases, scales, shifts
 * and slopes must be finite. The bounds of a clip may be infinite, but the first must not be above the second.
 */
final class StepLimits implements OperationVisitor<Long> {

    /** Cells. No network pads by more than its largest kernel; the largest images have as many columns. */
    static final int LARGEST = 1 << 16;

    /** Rows or columns: the largest images with padding and zeros between their cells. */
    static final int LARGEST_SIDE = 1 << 18;

    private final String name;
    private final List<Shape> inputs;
    private final Shape output;

    /**
     * Starts the check of one step.
     *
     * @param name for messages
     * @param inputs the sizes of the values that the step reads
     * @param output the size of the step's result
     */
    StepLimits(String name, List<Shape> inputs, Shape output) {
        this.name = name;
        this.inputs = inputs;
        this.output = output;
    }

    @Override
    public Long visit(Activate operation) {
        require(operation.activation());
        return eachOnce();
    }

    @Override
    public Long visit(ActivationGradient operation) {
        require(operation.activation());
        return eachOnce();
    }

    @Override
    public Long visit(Concatenate operation) {
        return eachOnce();
    }

    @Override
    public Long visit(Convolution operation) {
        Window window = operation.window();
        require(window);
        requireAddressable(operation.weights());
        requireFinite("bias", operation.bias());
        require(operation.activation());
        return (long) output.size() * (operation.weights().length() / operation.outputs());
    }

    @Override
    public Long visit(Crop operation) {
        require(operation.cropping());
        return eachOnce();
    }

    @Override
    public Long visit(Dense operation) {
        requireAddressable(operation.weights());
        requireFinite("bias", operation.bias());
        require(operation.activation());
        return (long) output.size() * operation.inputs();
    }

    @Override
    public Long visit(Elementwise operation) {
        require(operation.activation());
        return eachOnce();
    }

    @Override
    public Long visit(External operation) {
        throw new IllegalArgumentException(name + " is no operation of a plan, but " + operation.describe());
    }

    @Override
    public Long visit(GlobalPooling operation) {
        requireSides();
        return (long) inputs.get(0).size();
    }

    @Override
    public Long visit(InsertZeros operation) {
        requireAtMost("spaces cells by", operation.stepY(), operation.stepX());
        return eachOnce();
    }

    @Override
    public Long visit(LayerNormalize operation) {
        requireFinite("epsilon", operation.epsilon());
        requireFinite("scale", operation.scale());
        requireFinite("shift", operation.shift());
        return eachOnce();
    }

    @Override
    public Long visit(MatMul operation) {
        return (long) output.size() * inputs.get(0).channels();
    }

    @Override
    public Long visit(Pad operation) {
        require(operation.padding());
        return eachOnce();
    }

    @Override
    public Long visit(ParametricRelu operation) {
        requireFinite("slope", operation.slopes());
        return eachOnce();
    }

    @Override
    public Long visit(Pooling operation) {
        require(operation.window());
        return pooled(operation.window(), inputs.get(0), output);
    }

    @Override
    public Long visit(PoolingGradient operation) {
        require(operation.window());
        return pooled(operation.window(), operation.shape(), inputs.get(0));
    }

    /** No window sees more than the image. */
    private static long pooled(Window window, Shape image, Shape result) {
        return (long) result.size()
                * Math.min(window.height(), image.height())
                * Math.min(window.width(), image.width());
    }

    @Override
    public Long visit(Reshape operation) {
        return eachOnce();
    }

    @Override
    public Long visit(Resize operation) {
        requireAtMost("resizes to", operation.height(), operation.width());
        return eachOnce();
    }

    @Override
    public Long visit(ScaleShift operation) {
        requireFinite("scale", operation.scale());
        requireFinite("shift", operation.shift());
        require(operation.activation());
        return eachOnce();
    }

    @Override
    public Long visit(Slice operation) {
        return eachOnce();
    }

    @Override
    public Long visit(Softmax operation) {
        return eachOnce();
    }

    @Override
    public Long visit(Transpose operation) {
        return eachOnce();
    }

    private long eachOnce() {
        return output.size();
    }

    private void require(Window window) {
        require(window.padding());
        requireAtMost("has a window of", window.height(), window.width());
        requireAtMost("moves its window by", window.strideY(), window.strideX());
        requireAtMost("dilates its window by", window.dilationY(), window.dilationX());
        requireSides();
    }

    private void require(Padding border) {
        int largest = Math.max(Math.max(border.top(), border.bottom()), Math.max(border.left(), border.right()));
        if (largest > LARGEST) {
            throw new TooLargeException(
                    name + " puts " + largest + " cells beside an image: expected at most " + LARGEST + ". Pad less");
        }
    }

    private void requireAtMost(String what, int rows, int columns) {
        if (Math.max(rows, columns) > LARGEST) {
            throw new TooLargeException(name + " " + what + " " + rows + "x" + columns + " cells: expected at most "
                    + LARGEST + " rows and columns");
        }
    }

    private void requireSides() {
        Shape input = inputs.get(0);
        if (Math.max(input.height(), input.width()) > LARGEST_SIDE) {
            throw new TooLargeException(name + " moves over " + input + ": expected at most " + LARGEST_SIDE
                    + " rows and columns. Take a smaller input size");
        }
    }

    private void requireAddressable(WeightArray weights) {
        if ((long) weights.length() * Float.BYTES > Integer.MAX_VALUE) {
            throw new TooLargeException(name + " has " + weights.length()
                    + " weights: expected less than 2 GiB, as engines count bytes in 32 bits");
        }
    }

    private void require(Activation activation) {
        float alpha = activation.alpha();
        float beta = activation.beta();
        if (activation.function() != Activation.Function.CLIP) {
            requireFinite("parameter of " + activation, alpha, beta);
        } else if (!(alpha <= beta)) {
            throw new IllegalArgumentException(
                    name + " clips to at least " + alpha + " and at most " + beta + ": expected two numbers in order");
        }
    }

    private void requireFinite(String what, float... numbers) {
        for (float number : numbers) {
            if (!Float.isFinite(number)) {
                throw new IllegalArgumentException(
                        name + " has the " + what + " " + number + ": expected finite numbers");
            }
        }
    }
}
