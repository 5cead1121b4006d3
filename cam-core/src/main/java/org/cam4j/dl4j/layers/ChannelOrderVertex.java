package org.cam4j.dl4j.layers;

import java.util.List;
import java.util.stream.IntStream;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Reorders the channels of a map, such as RGB to BGR. */
public final class ChannelOrderVertex extends StatelessVertex {

    private static final long serialVersionUID = 1;

    private final int[] order;

    /**
     * Creates a vertex.
     *
     * @param order for each output channel, the input channel: 2, 1, 0 turns RGB into BGR
     */
    public ChannelOrderVertex(@JsonProperty("order") int... order) {
        List<Integer> all = IntStream.range(0, order.length).boxed().toList();
        if (!IntStream.of(order).sorted().boxed().toList().equals(all)) {
            throw new IllegalArgumentException("order must name each of the channels " + all + " once: "
                    + IntStream.of(order).boxed().toList());
        }
        this.order = order.clone();
    }

    /**
     * Returns the input channel for each output channel.
     *
     * @return as many as there are channels; a copy
     */
    public int[] getOrder() {
        return order.clone();
    }

    @Override
    INDArray forward(INDArray... inputs) {
        INDArray output = Nd4j.createUninitialized(inputs[0].dataType(), inputs[0].shape(), 'c');
        for (int channel = 0; channel < order.length; channel++) {
            output.put(at(channel), inputs[0].get(at(order[channel])));
        }
        return output;
    }

    @Override
    INDArray[] backward(INDArray gradient, INDArray... inputs) {
        INDArray output = Nd4j.createUninitialized(gradient.dataType(), gradient.shape(), 'c');
        for (int channel = 0; channel < order.length; channel++) {
            output.put(at(order[channel]), gradient.get(at(channel)));
        }
        return new INDArray[] {output};
    }

    private static INDArrayIndex[] at(int channel) {
        return new INDArrayIndex[] {
            NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(channel)
        };
    }

    /** Adds a 1x1 convolution whose weights are a permutation; exact. */
    @Override
    int plan(PlanBuilder plan, String name, int... inputs) {
        float[] permutation = new float[order.length * order.length];
        for (int channel = 0; channel < order.length; channel++) {
            permutation[channel * order.length + order[channel]] = 1;
        }
        return plan.add(name, Dense.of(permutation, new float[order.length], Activation.IDENTITY), inputs);
    }

    @Override
    List<?> settings() {
        return IntStream.of(order).boxed().toList();
    }

    @Override
    InputType outputType(InputType... inputs) {
        return inputs[0];
    }

    /** Returns the Keras class that a file has for {@code x[..., ::-1]}. */
    @Override
    public String kerasClass() {
        return "GetItem";
    }
}
