package org.cam4j.engine.cuda;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.WeightArray;
import org.cam4j.plan.operation.Window;

/** Random weights, scaled by a guess of each value's second moment so that values neither grow nor vanish: halves need that. */
final class RandomNumbers {

    private final SplittableRandom random;
    private final Map<Integer, Double> moments = new HashMap<>();

    RandomNumbers(long seed) {
        random = new SplittableRandom(seed);
        moments.put(InferencePlan.INPUT, 1.0);
    }

    /** Numbers of a normal distribution around 0. */
    float[] normal(int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return values;
    }

    private static double after(Activation activation, double moment) {
        return switch (activation.function()) {
            case IDENTITY -> moment;
            case SIGMOID, HARD_SIGMOID -> 0.3;
            case SWISH, HARD_SWISH -> 0.36 * moment;
            default -> 0.5 * moment;
        };
    }

    Convolution convolution(
            Window window, int in, int out, int groups, boolean adds, Activation activation, List<Integer> inputs) {
        int fan = in / groups * window.height() * window.width();
        float[] weights = normal(fan * out, Math.sqrt((adds ? 0.5 : 1) / (fan * moments.get(inputs.get(0)))));
        return new Convolution(window, in, out, groups, weights, normal(out, 0.05), adds, activation);
    }

    Dense dense(int in, int out, Activation activation) {
        return new Dense(in, out, WeightArray.of(normal(in * out, 0.05)), normal(out, 0.05), activation);
    }

    ScaleShift scaleShift(int channels, Activation activation, List<Integer> inputs) {
        double deviation = Math.sqrt(moments.get(inputs.get(0)));
        float[] scale = normal(channels, 0.1 / deviation);
        for (int i = 0; i < channels; i++) {
            scale[i] += (float) (1 / deviation);
        }
        return new ScaleShift(scale, normal(channels, 0.1), activation);
    }

    /** Guesses the second moment of a value that a step makes. */
    void made(int value, Operation operation, List<Integer> inputs) {
        double first = moments.get(inputs.get(0));
        double moment = first;
        if (operation instanceof Convolution convolution) {
            moment = convolution.addsInput() ? 0.5 + moments.get(inputs.get(1)) : 1;
        } else if (operation instanceof ScaleShift) {
            moment = 1;
        } else if (operation instanceof Elementwise elementwise) {
            double second = moments.get(inputs.get(1));
            moment = elementwise.kind() == Elementwise.Kind.MULTIPLY ? first * second : first + second;
        } else if (operation instanceof Concatenate) {
            moment = inputs.stream().mapToDouble(moments::get).average().orElse(1);
        } else if (operation instanceof GlobalPooling) {
            moment = 0.35 * first;
        } else if (operation instanceof Pooling pooling) {
            moment = first * (pooling.kind() == Pooling.Kind.MAXIMUM ? 1.7 : 0.5);
        }
        moments.put(value, operation instanceof Activated activated ? after(activated.activation(), moment) : moment);
    }
}
