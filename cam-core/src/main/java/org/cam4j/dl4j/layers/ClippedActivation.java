package org.cam4j.dl4j.layers;

import org.cam4j.dl4j.graph.PlannedActivation;
import org.cam4j.plan.operation.Activation;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** {@code clip(x, low, high)}: limits {@code x} to the range from {@code low} to {@code high}. */
public final class ClippedActivation extends BaseActivationFunction implements PlannedActivation {

    private static final long serialVersionUID = 1;

    private final float low;
    private final float high;

    /**
     * Creates a function.
     *
     * @param low the lower bound; {@code -Float.MAX_VALUE} for none
     * @param high the upper bound, at least {@code low}; {@code Float.MAX_VALUE} for none
     */
    public ClippedActivation(@JsonProperty("low") float low, @JsonProperty("high") float high) {
        if (!(low <= high)) {
            throw new IllegalArgumentException("clips to numbers from " + low + " to " + high + ": none is between");
        }
        this.low = low;
        this.high = high;
    }

    /**
     * Returns the lower bound.
     *
     * @return {@code -Float.MAX_VALUE} for none
     */
    public float getLow() {
        return low;
    }

    /**
     * Returns the upper bound.
     *
     * @return {@code Float.MAX_VALUE} for none
     */
    public float getHigh() {
        return high;
    }

    @Override
    public Activation planned() {
        return new Activation(Activation.Function.CLIP, low, high);
    }

    /** Overwrites its input, as DL4J asks of activations. */
    @Override
    public INDArray getActivation(INDArray x, boolean training) {
        Transforms.max(x, low, false);
        return Transforms.min(x, high, false);
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray x, INDArray gradient) {
        assertShape(x, gradient);
        INDArray inside = x.gt(low).castTo(x.dataType()).muli(x.lt(high).castTo(x.dataType()));
        return new Pair<>(inside.muli(gradient), null);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClippedActivation activation && activation.low == low && activation.high == high;
    }

    @Override
    public int hashCode() {
        return 31 * Float.hashCode(low) + Float.hashCode(high);
    }

    @Override
    public String toString() {
        return "clip(" + low + ", " + high + ")";
    }
}
