package org.cam4j.dl4j.layers;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.Window;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Reduces a map [n, h, w, c] along some of its axes to averages or maxima; reduced axes have size 1. Spatial attention reduces along the
 * channels (Woo et al., CBAM, ECCV 2018).
 */
public final class ReductionVertex extends StatelessVertex {

    /** How the numbers along the axes are reduced. */
    public enum Kind {
        /** The average. */
        AVERAGE,
        /** The maximum. */
        MAXIMUM
    }

    private static final long serialVersionUID = 1;

    private static final int CHANNELS = 3;

    private final Kind kind;
    private final int[] axes;

    /**
     * Creates a vertex.
     *
     * @param kind average or maximum
     * @param axes to reduce: 1 rows, 2 columns, 3 channels; each at most once, ascending
     */
    public ReductionVertex(@JsonProperty("kind") Kind kind, @JsonProperty("axes") int... axes) {
        this.kind = Objects.requireNonNull(kind, "kind");
        boolean ascending = IntStream.range(1, axes.length).allMatch(i -> axes[i - 1] < axes[i]);
        if (axes.length == 0 || !ascending || axes[0] < 1 || axes[axes.length - 1] > CHANNELS) {
            throw new IllegalArgumentException("axes must be some of 1, 2 and 3, ascending: " + Arrays.toString(axes));
        }
        this.axes = axes.clone();
    }

    /**
     * Returns how the numbers are reduced.
     *
     * @return the kind
     */
    public Kind getKind() {
        return kind;
    }

    /**
     * Returns the reduced axes.
     *
     * @return some of 1, 2 and 3, ascending; a copy
     */
    public int[] getAxes() {
        return axes.clone();
    }

    @Override
    INDArray forward(INDArray... inputs) {
        return kind == Kind.AVERAGE ? inputs[0].mean(true, axes) : inputs[0].max(true, axes);
    }

    /** Computes the gradient; equal maxima share it. */
    @Override
    INDArray[] backward(INDArray gradient, INDArray... inputs) {
        INDArray input = inputs[0];
        INDArray spread = gradient.broadcast(input.shape());
        if (kind == Kind.AVERAGE) {
            return new INDArray[] {spread.mul((double) gradient.length() / input.length())};
        }
        INDArray chosen = input.eq(forward(input).broadcast(input.shape())).castTo(input.dataType());
        INDArray shares = chosen.div(chosen.sum(true, axes).broadcast(input.shape()));
        return new INDArray[] {shares.muli(spread)};
    }

    @Override
    int plan(PlanBuilder plan, String name, int... inputs) {
        int cells = spatially(plan, name, inputs[0]);
        return has(CHANNELS) ? overChannels(plan, name, cells) : cells;
    }

    private int spatially(PlanBuilder plan, String name, int input) {
        Shape shape = plan.shape(input);
        if (has(1) && has(2)) {
            int vector = plan.add(name, new GlobalPooling(pooling()), input);
            return vector;
        }
        if (has(1) || has(2)) {
            Window window = Window.of(has(1) ? shape.height() : 1, has(2) ? shape.width() : 1);
            return plan.add(name, new Pooling(pooling(), window), input);
        }
        return input;
    }

    /** Adds an average as a 1x1 convolution, a maximum as a pooling with the channels as its rows. */
    private int overChannels(PlanBuilder plan, String name, int input) {
        Shape shape = plan.shape(input);
        if (kind == Kind.AVERAGE) {
            float[] shares = new float[shape.channels()];
            Arrays.fill(shares, 1f / shape.channels());
            return plan.add(name, Dense.of(shares, new float[1], Activation.IDENTITY), input);
        }
        int standing = plan.add(name, Transpose.of(2, 0, 1), input);
        int pooled = plan.add(name, new Pooling(pooling(), Window.of(shape.channels(), 1)), standing);
        return plan.add(name, new Reshape(new Shape(shape.height(), shape.width(), 1)), pooled);
    }

    private Pooling.Kind pooling() {
        return kind == Kind.AVERAGE ? Pooling.Kind.AVERAGE : Pooling.Kind.MAXIMUM;
    }

    private boolean has(int axis) {
        return Arrays.binarySearch(axes, axis) >= 0;
    }

    @Override
    public boolean keepsChannels() {
        return !has(CHANNELS);
    }

    @Override
    List<?> settings() {
        return List.of(kind, IntStream.of(axes).boxed().toList());
    }

    @Override
    InputType outputType(InputType... inputs) {
        InputType.InputTypeConvolutional map = (InputType.InputTypeConvolutional) inputs[0];
        return InputType.convolutional(
                has(1) ? 1 : map.getHeight(),
                has(2) ? 1 : map.getWidth(),
                has(CHANNELS) ? 1 : map.getChannels(),
                CNN2DFormat.NHWC);
    }

    @Override
    public String kerasClass() {
        return kind == Kind.AVERAGE ? "Mean" : "Max";
    }
}
