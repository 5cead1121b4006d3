package org.cam4j.plan.adjoint;

import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.WeightArray;
import org.cam4j.plan.operation.Window;

/** Linear layers with the transposed weights, read when they are first needed. */
final class TransposedWeights {

    private TransposedWeights() {}

    static Dense of(Dense dense) {
        return new Dense(
                dense.outputs(),
                dense.inputs(),
                WeightArray.transposed(dense.weights(), dense.outputs()),
                new float[dense.inputs()],
                Activation.IDENTITY);
    }

    /** A convolution with stride 1 and the kernel turned by half a turn. */
    static Convolution of(Convolution convolution) {
        WeightArray weights = convolution.weights();
        Window window = convolution.window();
        Window dense =
                new Window(window.height(), window.width(), 1, 1, window.dilationY(), window.dilationX(), Padding.NONE);
        return new Convolution(
                dense,
                convolution.outputs(),
                convolution.inputs(),
                convolution.groups(),
                WeightArray.readBy(weights.length(), () -> turned(weights.values(), convolution)),
                new float[convolution.inputs()],
                false,
                Activation.IDENTITY);
    }

    /** From [outputs][inputs / groups][kernel] to [inputs][outputs / groups][kernel backwards]. */
    private static float[] turned(float[] weights, Convolution convolution) {
        int kernel = convolution.window().height() * convolution.window().width();
        int groups = convolution.groups();
        int inputs = convolution.inputs() / groups;
        int outputs = convolution.outputs() / groups;
        float[] turned = new float[weights.length];
        for (int group = 0; group < groups; group++) {
            for (int output = 0; output < outputs; output++) {
                for (int input = 0; input < inputs; input++) {
                    int source = ((group * outputs + output) * inputs + input) * kernel;
                    int target = ((group * inputs + input) * outputs + output) * kernel;
                    for (int cell = 0; cell < kernel; cell++) {
                        turned[target + kernel - 1 - cell] = weights[source + cell];
                    }
                }
            }
        }
        return turned;
    }
}
