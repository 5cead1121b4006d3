package org.cam4j.dl4j.layers;

import java.util.Arrays;
import java.util.List;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.ScaleShift;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Divides the vector of channels, of each cell if it is a map, by its length: {@code x · (Σ_k x_k² + ε)^(-1/2)}, Keras' {@code
 * UnitNormalization} before a cosine head.
 *
 * <p>Keras bounds the sum of squares by {@code ε} instead of adding it; the two differ only for vectors not much longer than {@code √ε}. A
 * vector of zeros stays one in both.
 */
public final class UnitNormalizationVertex extends StatelessVertex {

    private static final long serialVersionUID = 1;

    private final double epsilon;

    /**
     * Creates a vertex.
     *
     * @param epsilon added to the sum of squares, positive
     */
    public UnitNormalizationVertex(@JsonProperty("epsilon") double epsilon) {
        if (!((float) epsilon > 0)) {
            throw new IllegalArgumentException("epsilon must be positive in single precision, not " + epsilon);
        }
        this.epsilon = epsilon;
    }

    /**
     * Returns what is added to the sum of squares.
     *
     * @return epsilon
     */
    public double getEpsilon() {
        return epsilon;
    }

    private INDArray inverseLength(INDArray x) {
        return Transforms.pow(x.mul(x).sum(true, x.rank() - 1).addi(epsilon), -0.5, false);
    }

    @Override
    INDArray forward(INDArray... inputs) {
        return inputs[0].mul(inverseLength(inputs[0]).broadcast(inputs[0].shape()));
    }

    /** With {@code y = x / |x|}: {@code (g - y · Σ_k g_k y_k) / |x|}. */
    @Override
    INDArray[] backward(INDArray gradient, INDArray... inputs) {
        INDArray inverse = inverseLength(inputs[0]).broadcast(inputs[0].shape());
        INDArray unit = inputs[0].mul(inverse);
        INDArray along = gradient.mul(unit).sum(true, unit.rank() - 1).broadcast(unit.shape());
        return new INDArray[] {gradient.sub(unit.mul(along)).muli(inverse)};
    }

    /** Adds the sum of squares to each channel, so that nothing is repeated. */
    @Override
    int plan(PlanBuilder plan, String name, int... inputs) {
        int channels = plan.shape(inputs[0]).channels();
        float[] ones = new float[Math.multiplyExact(channels, channels)];
        Arrays.fill(ones, 1);
        int squares = plan.add(name, new Elementwise(Elementwise.Kind.MULTIPLY), inputs[0], inputs[0]);
        int sum = plan.add(name, Dense.of(ones, new float[channels], Activation.IDENTITY), squares);
        int inverse = plan.add(
                name,
                ScaleShift.uniform(channels, 1, (float) epsilon)
                        .withActivation(new Activation(Activation.Function.POWER, -0.5f, 0)),
                sum);
        return plan.add(name, new Elementwise(Elementwise.Kind.MULTIPLY), inputs[0], inverse);
    }

    @Override
    List<?> settings() {
        return List.of(epsilon);
    }

    @Override
    InputType outputType(InputType... inputs) {
        return inputs[0];
    }

    @Override
    public String kerasClass() {
        return "UnitNormalization";
    }
}
