package org.cam4j.plan.operation;

import java.util.List;

/**
 * A dense layer, applied to the channels of each cell: {@code y_o = Σ_i W(o, i) · x_i + b_o}.
 *
 * @param inputs channels read
 * @param outputs channels written
 * @param weights {@code W} [outputs][inputs]
 * @param bias {@code b} [outputs]
 * @param activation applied to each number of the result
 */
public record Dense(int inputs, int outputs, WeightArray weights, float[] bias, Activation activation)
        implements Activated {

    /** Checks that the weights are complete. */
    public Dense {
        if (inputs < 1 || outputs < 1) {
            throw new IllegalArgumentException(
                    "dense of " + inputs + " to " + outputs + " channels: both must be positive");
        }
        if (inputs > Integer.MAX_VALUE / outputs) {
            throw new TooLargeException(
                    "dense of " + inputs + " to " + outputs + " channels has more weights than an array can hold");
        }
        Operation.requireLength("weights", weights.length(), (long) inputs * outputs);
        Operation.requireLength("bias", bias.length, outputs);
    }

    /**
     * Returns an operation with weights in memory.
     *
     * @param weights [outputs][inputs]
     * @param bias [outputs]
     * @param activation applied to each number of the result
     * @return the operation
     */
    public static Dense of(float[] weights, float[] bias, Activation activation) {
        return new Dense(weights.length / bias.length, bias.length, WeightArray.of(weights), bias, activation);
    }

    @Override
    public Shape output(List<Shape> shapes) {
        Shape input = Operation.only(shapes, this);
        if (input.channels() != inputs) {
            throw new IllegalArgumentException(describe() + " reads " + inputs + " channels, not " + input);
        }
        return input.withChannels(outputs);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public Dense withActivation(Activation other) {
        return new Dense(inputs, outputs, weights, bias, other);
    }

    /**
     * Returns the same operation with other weights.
     *
     * @param otherWeights laid out as {@link #weights()}
     * @param otherBias as many as {@link #bias()}
     * @return a new operation
     */
    public Dense withWeights(WeightArray otherWeights, float[] otherBias) {
        return new Dense(inputs, outputs, otherWeights, otherBias, activation);
    }

    @Override
    public String describe() {
        return "dense " + inputs + "->" + outputs + Activated.suffix(activation);
    }
}
