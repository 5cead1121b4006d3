package org.cam4j.dl4j.layers;

import java.util.List;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.ScaleShift;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Adds a scaled branch: {@code y = a + scale · b}, the residual of Inception-ResNet (Szegedy et al., AAAI 2017). */
public final class ScaledSumVertex extends StatelessVertex {

    private static final long serialVersionUID = 1;

    private final double scale;

    /**
     * Creates a vertex; it takes two inputs of the same shape.
     *
     * @param scale factor of the second input
     */
    public ScaledSumVertex(@JsonProperty("scale") double scale) {
        this.scale = scale;
    }

    /**
     * Returns the factor of the second input.
     *
     * @return the factor
     */
    public double getScale() {
        return scale;
    }

    @Override
    INDArray forward(INDArray... inputs) {
        return inputs[1].mul(scale).addi(inputs[0]);
    }

    @Override
    INDArray[] backward(INDArray gradient, INDArray... inputs) {
        return new INDArray[] {gradient.dup(), gradient.mul(scale)};
    }

    @Override
    int plan(PlanBuilder plan, String name, int... inputs) {
        int channels = plan.shape(inputs[1]).channels();
        int scaled = plan.add(name, ScaleShift.uniform(channels, (float) scale, 0), inputs[1]);
        return plan.add(name, new Elementwise(Elementwise.Kind.ADD), inputs[0], scaled);
    }

    @Override
    List<?> settings() {
        return List.of(scale);
    }

    @Override
    InputType outputType(InputType... inputs) {
        return inputs[0];
    }

    @Override
    public int minVertexInputs() {
        return 2;
    }

    @Override
    public int maxVertexInputs() {
        return 2;
    }

    @Override
    public String kerasClass() {
        return "CustomScaleLayer";
    }
}
