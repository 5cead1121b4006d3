package org.cam4j.dl4j.layers;

import java.util.Map;
import org.cam4j.dl4j.graph.ActivationFunctions;
import org.cam4j.dl4j.graph.PlannedVertex;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.BaseConvBuilder;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A convolution whose channels and filters are divided into independent groups (Xie et al., CVPR 2017).
 *
 * <p>Maps are [n, h, w, c]; {@code W} is [out, in / groups, rows, columns], the filters of the first group first.
 */
public final class GroupedConvolution2D extends KernelConvolution {

    private static final long serialVersionUID = 1;

    @JsonProperty
    private int groups;

    /** For reading from JSON. */
    GroupedConvolution2D() {}

    private GroupedConvolution2D(Builder builder) {
        super(builder);
        this.groups = builder.groups;
        if (getNIn() % groups != 0 || getNOut() % groups != 0) {
            throw new IllegalArgumentException(
                    groups + " groups divide neither " + getNIn() + " channels nor " + getNOut() + " filters");
        }
    }

    /**
     * Returns the number of groups.
     *
     * @return a divisor of channels and filters
     */
    public int getGroups() {
        return groups;
    }

    @Override
    long[] kernelShape() {
        return new long[] {getNOut(), getNIn() / groups, getKernelSize()[0], getKernelSize()[1]};
    }

    @Override
    public int plan(PlanBuilder plan, String name, int[] inputs, Map<String, INDArray> weights) {
        int value = plan.add(
                name,
                new Convolution(
                        window(plan.shape(inputs[0])),
                        Math.toIntExact(getNIn()),
                        Math.toIntExact(getNOut()),
                        groups,
                        PlannedVertex.floats(weights.get(ConvolutionParamInitializer.WEIGHT_KEY)),
                        plannedBias(weights),
                        false,
                        ActivationFunctions.end(getActivationFn())),
                inputs);
        return ActivationFunctions.addRest(plan, name, getActivationFn(), value, CNN2DFormat.NHWC);
    }

    private Window window(Shape input) {
        if (getConvolutionMode() == ConvolutionMode.Same) {
            return Window.same(input, getKernelSize()[0], getKernelSize()[1], getStride(), getDilation());
        }
        return new Window(
                getKernelSize()[0],
                getKernelSize()[1],
                getStride()[0],
                getStride()[1],
                getDilation()[0],
                getDilation()[1],
                new Padding(getPadding()[0], getPadding()[0], getPadding()[1], getPadding()[1]));
    }

    @Override
    INDArray forward(INDArray input, INDArray kernel) {
        Columns columns = columns(input.size(1), input.size(2));
        INDArray product = Nd4j.matmul(byGroup(kernel), byGroup(columns.of(input)));
        return product.reshape('c', getNOut(), input.size(0), columns.rows(), columns.columns())
                .permute(1, 2, 3, 0)
                .dup('c');
    }

    @Override
    INDArray backward(INDArray input, INDArray kernel, INDArray gradient, INDArray kernelGradient) {
        Columns columns = columns(input.size(1), input.size(2));
        INDArray gathered = columns.of(input);
        INDArray delta = gradient.permute(3, 0, 1, 2).dup('c').reshape('c', groups, getNOut() / groups, -1);
        INDArray ofKernel = Nd4j.matmul(delta, byGroup(gathered).permute(0, 2, 1));
        kernelGradient.assign(ofKernel.reshape('c', kernelShape()));
        INDArray ofColumns = Nd4j.matmul(byGroup(kernel).permute(0, 2, 1), delta);
        return columns.added(ofColumns.dup('c').reshape('c', gathered.shape()));
    }

    /** [groups, filters of one, cells of one] or [groups, cells of one, windows]. */
    private INDArray byGroup(INDArray array) {
        long rows = array.rank() == 4 ? getNOut() / groups : array.size(0) / groups * array.size(1) * array.size(2);
        return array.dup('c').reshape('c', groups, rows, -1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GroupedConvolution2D convolution && convolution.groups == groups && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + groups;
    }

    @Override
    public String kerasClass() {
        return "Conv2D";
    }

    /** Builds the layer; kernel, stride, dilation, mode, channels, bias and activation as for DL4J's convolutions. */
    public static final class Builder extends BaseConvBuilder<Builder> {

        private final int groups;

        /**
         * Creates a builder.
         *
         * @param groups number of groups, at least 1
         */
        public Builder(int groups) {
            if (groups < 1) {
                throw new IllegalArgumentException("groups must be at least 1: " + groups);
            }
            this.groups = groups;
        }

        @Override
        protected boolean allowCausal() {
            return false;
        }

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // DL4J gives the type that is asked for.
        public <E extends Layer> E build() {
            return (E) new GroupedConvolution2D(this);
        }
    }
}
