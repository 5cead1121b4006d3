package org.cam4j.onnx.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Activation.Function;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Window;
import org.cam4j.plan.pass.PlanPass;

/** A classifier with every activation, pooling and gate between its target layer and its scores. */
final class GatedPlan {

    private static final Shape IMAGE = new Shape(6, 5, 2);
    private static final int CHANNELS = 3;
    private static final int CLASSES = 3;

    private final PlanBuilder builder = new PlanBuilder(IMAGE);
    private final RandomGenerator random = new Random(11);

    private GatedPlan() {}

    /** Returns the plan with the only convolution as its features, and what the way back to them reads. */
    static InferencePlan plan() {
        return new GatedPlan().built();
    }

    /** Returns one of the images that the file reads channels first, as the plan reads it. */
    static float[] image(int image, float... channelsFirst) {
        float[] values = new float[IMAGE.size()];
        int cells = IMAGE.height() * IMAGE.width();
        for (int i = 0; i < values.length; i++) {
            int channel = i / cells;
            values[i % cells * IMAGE.channels() + channel] = channelsFirst[image * IMAGE.size() + i];
        }
        return values;
    }

    private InferencePlan built() {
        Window window = new Window(3, 3, 1, 1, 1, 1, new Padding(1, 1, 1, 1));
        Convolution convolution = new Convolution(
                window, 2, CHANNELS, 1, numbers(9 * 2 * CHANNELS), numbers(CHANNELS), false, Activation.IDENTITY);
        int target = builder.add("target", convolution, 0);
        List<Integer> parts = new ArrayList<>();
        for (Activation activation : activations()) {
            parts.add(builder.add(activation.toString(), new Activate(activation), target));
        }
        int positive = builder.add("positive", new Activate(Activation.of(Function.EXPONENTIAL)), target);
        for (float exponent : new float[] {-0.5f, 0.5f, 2}) {
            Activation power = new Activation(Function.POWER, exponent, 0);
            parts.add(builder.add(power.toString(), new Activate(power), positive));
        }
        parts.add(builder.add("prelu", new ParametricRelu(numbers(CHANNELS)), target));
        parts.add(builder.add("norm", new LayerNormalize(1e-3f, numbers(CHANNELS), numbers(CHANNELS)), target));
        parts.add(builder.add("maximum", new Elementwise(Elementwise.Kind.MAXIMUM), parts.get(0), parts.get(3)));
        parts.add(builder.add("product", new Elementwise(Elementwise.Kind.MULTIPLY), parts.get(4), parts.get(9)));
        parts.add(attention(target));
        int joined = builder.add(
                "joined",
                Concatenate.channels(),
                parts.stream().mapToInt(i -> i).toArray());
        dense(pooled(joined));
        int last = builder.steps().get(builder.steps().size() - 1).value();
        InferencePlan plan = builder.build(Map.of(InferencePlan.FEATURES, target, InferencePlan.LOGITS, last));
        return PlanPass.simplified(
                Adjoint.of(plan, last, List.of(target), Gates.HELD).forward());
    }

    private static List<Activation> activations() {
        List<Activation> activations = new ArrayList<>();
        for (Function function : Function.values()) {
            if (function != Function.IDENTITY && function != Function.POWER) {
                activations.add(new Activation(function, 0.3f, 0.7f));
            }
        }
        activations.add(Activation.RELU);
        activations.add(Activation.SWISH);
        activations.add(Activation.RELU6);
        return activations;
    }

    private int attention(int target) {
        Shape shape = builder.shape(target);
        int tokens = builder.add("tokens", new Reshape(new Shape(30, CHANNELS)), target);
        int keys = builder.add("keys", Dense.of(numbers(9), numbers(3), Activation.IDENTITY), tokens);
        int shares = builder.add("shares", new Softmax(), builder.add("products", new MatMul(true), tokens, keys));
        int attended = builder.add("attended", new MatMul(false), shares, tokens);
        return builder.add("cells", new Reshape(shape), attended);
    }

    private int pooled(int joined) {
        Window overlapping = new Window(3, 3, 2, 2, 1, 1, new Padding(1, 0, 0, 1));
        int largest = builder.add("largest", new Pooling(Pooling.Kind.MAXIMUM, overlapping), joined);
        int average = builder.add("average", new Pooling(Pooling.Kind.AVERAGE, overlapping), joined);
        int sum = builder.add("sum", new Elementwise(Elementwise.Kind.ADD), largest, average);
        int resized = builder.add("resized", new Resize(4, 3, Resize.Interpolation.BILINEAR), sum);
        int half = builder.shape(resized).channels() / 2;
        int first = builder.add("some", Slice.channels(0, half), resized);
        return builder.add(
                "pooled",
                Concatenate.channels(),
                builder.add("most", new GlobalPooling(Pooling.Kind.MAXIMUM), first),
                builder.add("mean", new GlobalPooling(Pooling.Kind.AVERAGE), resized));
    }

    private void dense(int pooled) {
        int channels = builder.shape(pooled).channels();
        int hidden = builder.add("hidden", Dense.of(numbers(4 * channels), numbers(4), Activation.RELU), pooled);
        builder.add("scores", Dense.of(numbers(4 * CLASSES), numbers(CLASSES), Activation.IDENTITY), hidden);
    }

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextInt(-100, 101) / 100f;
        }
        return numbers;
    }
}
