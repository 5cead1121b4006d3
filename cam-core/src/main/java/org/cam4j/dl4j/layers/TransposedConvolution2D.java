package org.cam4j.dl4j.layers;

import java.util.Map;
import org.cam4j.dl4j.graph.ActivationFunctions;
import org.cam4j.dl4j.graph.PlannedVertex;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A transposed convolution, as Keras' {@code Conv2DTranspose}: adds to a large map one kernel, scaled by the value, for each value of a
 * small map.
 *
 * <p>Maps are [n, h, w, c]; {@code W} is [in, out, rows, columns]. With {@code Same} the output has {@code stride} times the input's
 * size. Otherwise it has room for every kernel, and for every step if strides are larger than kernels.
 */
public final class TransposedConvolution2D extends KernelConvolution {

    private static final long serialVersionUID = 1;

    /** For reading from JSON. */
    TransposedConvolution2D() {}

    private TransposedConvolution2D(Builder builder) {
        super(builder);
    }

    /** Returns the output's size along an axis for an input's size. */
    private long enlarged(long cells, int axis) {
        long reach = (getKernelSize()[axis] - 1L) * getDilation()[axis] + 1;
        long steps = cells * getStride()[axis];
        return getConvolutionMode() == ConvolutionMode.Same ? steps : steps + Math.max(reach - getStride()[axis], 0);
    }

    /** Returns the windows on the output, one for each cell of the input. */
    private Columns painted(INDArray input) {
        return columns(enlarged(input.size(1), 0), enlarged(input.size(2), 1));
    }

    @Override
    long[] kernelShape() {
        return new long[] {getNIn(), getNOut(), getKernelSize()[0], getKernelSize()[1]};
    }

    /** Adds zeros between cells, as many as the strides need, then a convolution with kernels rotated by 180 degrees. */
    @Override
    public int plan(PlanBuilder plan, String name, int[] inputs, Map<String, INDArray> weights) {
        Shape input = plan.shape(inputs[0]);
        int spread = plan.add(name, new InsertZeros(getStride()[0], getStride()[1]), inputs);
        Columns painted = columns(enlarged(input.height(), 0), enlarged(input.width(), 1));
        int top = border(0, painted.above());
        int left = border(1, painted.left());
        Padding border = new Padding(
                top, missing(painted.height(), plan.shape(spread).height(), 0, top),
                left, missing(painted.width(), plan.shape(spread).width(), 1, left));
        Window window =
                new Window(getKernelSize()[0], getKernelSize()[1], 1, 1, getDilation()[0], getDilation()[1], border);
        Convolution convolution = new Convolution(
                window,
                Math.toIntExact(getNIn()),
                Math.toIntExact(getNOut()),
                1,
                turned(PlannedVertex.floats(weights.get(ConvolutionParamInitializer.WEIGHT_KEY))),
                plannedBias(weights),
                false,
                ActivationFunctions.end(getActivationFn()));
        int value = plan.add(name, convolution, spread);
        return ActivationFunctions.addRest(plan, name, getActivationFn(), value, CNN2DFormat.NHWC);
    }

    private int reach(int axis) {
        return (getKernelSize()[axis] - 1) * getDilation()[axis] + 1;
    }

    /** Returns the zeros before the first cell: the kernel's reach beyond that cell, less what is cropped. */
    private int border(int axis, int cut) {
        return reach(axis) - 1 - cut;
    }

    /** Returns the zeros after the last cell that give the output its size. */
    private int missing(long output, int spread, int axis, int before) {
        return Math.toIntExact(output - spread + reach(axis) - 1 - before);
    }

    /** [in, out, rows, columns] to [out, in, rows, columns] with each kernel's entries in reverse order. */
    private float[] turned(float[] kernels) {
        int in = Math.toIntExact(getNIn());
        int out = Math.toIntExact(getNOut());
        int cells = getKernelSize()[0] * getKernelSize()[1];
        float[] turned = new float[kernels.length];
        for (int i = 0; i < in; i++) {
            for (int o = 0; o < out; o++) {
                for (int cell = 0; cell < cells; cell++) {
                    turned[(o * in + i) * cells + cells - 1 - cell] = kernels[(i * out + o) * cells + cell];
                }
            }
        }
        return turned;
    }

    @Override
    INDArray forward(INDArray input, INDArray kernel) {
        INDArray columns = flat(kernel).transpose().mmul(channelsFirst(input));
        return painted(input)
                .added(columns.dup('c')
                        .reshape(
                                'c',
                                getNOut(),
                                getKernelSize()[0],
                                getKernelSize()[1],
                                input.size(0),
                                input.size(1),
                                input.size(2)));
    }

    @Override
    INDArray backward(INDArray input, INDArray kernel, INDArray gradient, INDArray kernelGradient) {
        INDArray columns = painted(input).of(gradient).reshape('c', flat(kernel).size(1), -1);
        kernelGradient.assign(
                channelsFirst(input).mmul(columns.transpose()).dup('c').reshape('c', kernelShape()));
        return flat(kernel)
                .mmul(columns)
                .dup('c')
                .reshape('c', getNIn(), input.size(0), input.size(1), input.size(2))
                .permute(1, 2, 3, 0)
                .dup('c');
    }

    private INDArray flat(INDArray kernel) {
        return kernel.dup('c').reshape('c', getNIn(), -1);
    }

    private static INDArray channelsFirst(INDArray map) {
        return map.permute(3, 0, 1, 2).dup('c').reshape('c', map.size(3), -1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TransposedConvolution2D && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + 1;
    }

    @Override
    public String kerasClass() {
        return "Conv2DTranspose";
    }

    /** Builds the layer; kernel, stride, dilation, mode, channels, bias and activation as for DL4J's convolutions. */
    public static final class Builder extends BaseConvBuilder<Builder> {

        @Override
        protected boolean allowCausal() {
            return false;
        }

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // DL4J gives the type that is asked for.
        public <E extends Layer> E build() {
            return (E) new TransposedConvolution2D(this);
        }
    }
}
