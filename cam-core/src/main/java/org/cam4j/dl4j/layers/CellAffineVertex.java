package org.cam4j.dl4j.layers;

import java.util.List;
import java.util.stream.IntStream;
import org.cam4j.plan.PlanBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Scales and shifts by constants that differ along rows or columns: {@code y = scale · x + shift}. This is Keras' {@code Normalization}
 * along other axes than the channels.
 */
public final class CellAffineVertex extends StatelessVertex {

    private static final long serialVersionUID = 1;

    private final int[] shape;
    private final float[] scale;
    private final float[] shift;

    /**
     * Creates a vertex.
     *
     * @param shape of the constants, [h, w, c]; 1 along an axis whose positions share one constant
     * @param scale factors, row-major
     * @param shift added after scaling, row-major
     * @throws IllegalArgumentException if the constants do not fill the shape
     */
    public CellAffineVertex(
            @JsonProperty("shape") int[] shape,
            @JsonProperty("scale") float[] scale,
            @JsonProperty("shift") float[] shift) {
        int count = IntStream.of(shape).reduce(1, Math::multiplyExact);
        if (scale.length != count || shift.length != count) {
            throw new IllegalArgumentException(
                    scale.length + " and " + shift.length + " constants do not fill a shape of " + count);
        }
        this.shape = shape.clone();
        this.scale = scale.clone();
        this.shift = shift.clone();
    }

    /**
     * Returns the shape of the constants.
     *
     * @return [h, w, c]; a copy
     */
    public int[] getShape() {
        return shape.clone();
    }

    /**
     * Returns the factors.
     *
     * @return row-major; a copy
     */
    public float[] getScale() {
        return scale.clone();
    }

    /**
     * Returns the constants added after scaling.
     *
     * @return row-major; a copy
     */
    public float[] getShift() {
        return shift.clone();
    }

    @Override
    INDArray forward(INDArray... inputs) {
        return inputs[0].mul(constants(scale, inputs[0])).addi(constants(shift, inputs[0]));
    }

    @Override
    INDArray[] backward(INDArray gradient, INDArray... inputs) {
        return new INDArray[] {gradient.mul(constants(scale, gradient))};
    }

    private INDArray constants(float[] values, INDArray beside) {
        long[] axes = IntStream.concat(IntStream.of(1), IntStream.of(shape))
                .mapToLong(size -> size)
                .toArray();
        return Nd4j.createFromArray(values).castTo(beside.dataType()).reshape('c', axes);
    }

    @Override
    int plan(PlanBuilder plan, String name, int... inputs) {
        throw new IllegalArgumentException("constants for each cell are not known to the plan");
    }

    @Override
    List<?> settings() {
        return List.of(IntStream.of(shape).boxed().toList(), listed(scale), listed(shift));
    }

    @Override
    InputType outputType(InputType... inputs) {
        return inputs[0];
    }

    @Override
    public String kerasClass() {
        return "Normalization";
    }
}
