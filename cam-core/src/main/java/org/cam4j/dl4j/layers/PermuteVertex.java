package org.cam4j.dl4j.layers;

import java.util.List;
import java.util.stream.IntStream;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Transpose;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Reorders the axes of a map, Keras' {@code Permute}. */
public final class PermuteVertex extends StatelessVertex {

    private static final long serialVersionUID = 1;

    private final int[] axes;

    /**
     * Creates a vertex.
     *
     * @param axes for each output axis, the input axis: 1 rows, 2 columns, 3 channels
     */
    public PermuteVertex(@JsonProperty("axes") int... axes) {
        if (!IntStream.of(axes).sorted().boxed().toList().equals(List.of(1, 2, 3))) {
            throw new IllegalArgumentException("axes must be 1, 2 and 3 in some order: "
                    + IntStream.of(axes).boxed().toList());
        }
        this.axes = axes.clone();
    }

    /**
     * Returns the input axis for each output axis.
     *
     * @return 1, 2 and 3 in some order; a copy
     */
    public int[] getAxes() {
        return axes.clone();
    }

    @Override
    INDArray forward(INDArray... inputs) {
        return inputs[0].permute(0, axes[0], axes[1], axes[2]).dup('c');
    }

    @Override
    INDArray[] backward(INDArray gradient, INDArray... inputs) {
        int[] inverse = new int[4];
        for (int i = 0; i < axes.length; i++) {
            inverse[axes[i]] = i + 1;
        }
        return new INDArray[] {gradient.permute(inverse).dup('c')};
    }

    @Override
    int plan(PlanBuilder plan, String name, int... inputs) {
        return plan.add(name, Transpose.of(axes[0] - 1, axes[1] - 1, axes[2] - 1), inputs);
    }

    @Override
    public boolean movesCells() {
        return axes[0] != 1 || axes[1] != 2;
    }

    @Override
    public boolean keepsChannels() {
        return axes[2] == 3;
    }

    @Override
    List<?> settings() {
        return IntStream.of(axes).boxed().toList();
    }

    @Override
    InputType outputType(InputType... inputs) {
        InputType.InputTypeConvolutional map = (InputType.InputTypeConvolutional) inputs[0];
        long[] sizes = {map.getHeight(), map.getWidth(), map.getChannels()};
        return InputType.convolutional(sizes[axes[0] - 1], sizes[axes[1] - 1], sizes[axes[2] - 1], CNN2DFormat.NHWC);
    }

    @Override
    public String kerasClass() {
        return "Permute";
    }
}
