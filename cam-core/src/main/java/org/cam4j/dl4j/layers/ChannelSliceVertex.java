package org.cam4j.dl4j.layers;

import java.util.Arrays;
import java.util.List;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Slice;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Keeps a range of channels of a map [n, h, w, c] or vector [n, c]: {@code x[..., first:first + count]}. */
public final class ChannelSliceVertex extends StatelessVertex {

    private static final long serialVersionUID = 1;

    private final int first;
    private final int count;

    /**
     * Creates a vertex.
     *
     * @param first the first channel that is kept, from 0
     * @param count how many channels are kept, at least 1
     */
    public ChannelSliceVertex(@JsonProperty("first") int first, @JsonProperty("count") int count) {
        if (first < 0 || count < 1) {
            throw new IllegalArgumentException(
                    "a slice keeps at least one channel from 0 on, not " + count + " from " + first);
        }
        this.first = first;
        this.count = count;
    }

    /**
     * Returns the first channel that is kept.
     *
     * @return from 0
     */
    public int getFirst() {
        return first;
    }

    /**
     * Returns how many channels are kept.
     *
     * @return at least 1
     */
    public int getCount() {
        return count;
    }

    @Override
    INDArray forward(INDArray... inputs) {
        return inputs[0].get(kept(inputs[0])).dup('c');
    }

    @Override
    INDArray[] backward(INDArray gradient, INDArray... inputs) {
        INDArray whole = Nd4j.zeros(gradient.dataType(), inputs[0].shape());
        whole.get(kept(whole)).assign(gradient);
        return new INDArray[] {whole};
    }

    private INDArrayIndex[] kept(INDArray array) {
        INDArrayIndex[] indices = new INDArrayIndex[array.rank()];
        Arrays.fill(indices, NDArrayIndex.all());
        indices[indices.length - 1] = NDArrayIndex.interval(first, first + count);
        return indices;
    }

    @Override
    int plan(PlanBuilder plan, String name, int... inputs) {
        return plan.add(name, Slice.channels(first, count), inputs);
    }

    @Override
    public boolean keepsChannels() {
        return false;
    }

    @Override
    List<?> settings() {
        return List.of(first, count);
    }

    @Override
    InputType outputType(InputType... inputs) {
        return inputs[0] instanceof InputType.InputTypeConvolutional map
                ? InputType.convolutional(map.getHeight(), map.getWidth(), count, CNN2DFormat.NHWC)
                : InputType.feedForward(count);
    }

    /** Returns the Keras class that a file has for {@code x[..., 1:3]}. */
    @Override
    public String kerasClass() {
        return "GetItem";
    }
}
