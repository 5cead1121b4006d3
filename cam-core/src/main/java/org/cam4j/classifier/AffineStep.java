package org.cam4j.classifier;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Slice;

/** A plan's operations on vectors, as far as they are affine. */
final class AffineStep {

    private AffineStep() {}

    /** Tells whether an operation on vectors may be affine, by its kind. */
    static boolean mayBeAffine(Operation operation) {
        return operation instanceof Activate
                || operation instanceof Concatenate
                || operation instanceof Convolution
                || operation instanceof Dense
                || operation instanceof Elementwise
                || operation instanceof GlobalPooling
                || operation instanceof Reshape
                || operation instanceof ScaleShift
                || operation instanceof Slice;
    }

    /**
     * Folds a step into the affine functions of its inputs.
     *
     * @param channelAxis the last axis of what the step reads, from 0
     * @throws NotAffineException if the step is not an affine function of its inputs
     */
    static PooledAffine folded(Step step, List<PooledAffine> inputs, int channelAxis) throws NotAffineException {
        Operation operation = step.operation();
        if (operation instanceof Activated activated && !activated.activation().isIdentity()) {
            throw notAffine(operation);
        }
        if (operation instanceof ScaleShift affine) {
            return inputs.get(0).scaled(doubles(affine.scale()), doubles(affine.shift()));
        }
        if (operation instanceof Convolution convolution) {
            return convolved(convolution, inputs);
        }
        if (operation instanceof Dense dense) {
            float[] weights = dense.weights().values();
            return inputs.get(0)
                    .times((output, input) -> weights[output * dense.inputs() + input], doubles(dense.bias()));
        }
        if (operation instanceof Elementwise combine) {
            return combined(combine, inputs.get(0), inputs.get(1));
        }
        if (operation instanceof Activate || operation instanceof GlobalPooling) {
            return inputs.get(0);
        }
        if (operation instanceof Concatenate) {
            return PooledAffine.joined(inputs);
        }
        if (operation instanceof Slice slice) {
            // Vectors may be 1x1xc: along any other axis than the channels there is one entry, which stays.
            boolean ofChannels = slice.axis() == channelAxis;
            return ofChannels ? inputs.get(0).part(slice.first(), slice.count()) : inputs.get(0);
        }
        if (operation instanceof Reshape reshape && reshape.shape().isVector()) {
            return inputs.get(0);
        }
        throw notAffine(operation);
    }

    private static PooledAffine convolved(Convolution convolution, List<PooledAffine> inputs)
            throws NotAffineException {
        if (!convolution.window().isPointwise() || convolution.addsInput()) {
            throw notAffine(convolution);
        }
        float[] weights = convolution.weights().values();
        int group = convolution.inputs() / convolution.groups();
        int made = convolution.outputs() / convolution.groups();
        return inputs.get(0)
                .times(
                        (output, input) -> input / group == output / made ? weights[output * group + input % group] : 0,
                        doubles(convolution.bias()));
    }

    /** Combines two inputs; a second input of one number is broadcast to the first. */
    private static PooledAffine combined(Elementwise combine, PooledAffine first, PooledAffine second)
            throws NotAffineException {
        PooledAffine other = first.count() == second.count()
                ? second
                : PooledAffine.joined(Collections.nCopies(first.count(), second));
        return switch (combine.kind()) {
            case ADD -> first.plus(other);
            case SUBTRACT -> first.minus(other);
            case MULTIPLY, MAXIMUM, MINIMUM -> throw notAffine(combine);
        };
    }

    private static NotAffineException notAffine(Operation operation) {
        return new NotAffineException(operation.describe() + " is not linear");
    }

    private static double[] doubles(float[] numbers) {
        double[] doubles = new double[numbers.length];
        Arrays.setAll(doubles, i -> numbers[i]);
        return doubles;
    }
}
