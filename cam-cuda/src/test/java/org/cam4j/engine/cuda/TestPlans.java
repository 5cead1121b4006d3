package org.cam4j.engine.cuda;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.cam4j.engine.Batch;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.WeightArray;
import org.cam4j.plan.operation.Window;

/** Small plans with random numbers. */
final class TestPlans {

    static final int CLASSES = 7;
    static final int CHANNELS = 40;

    private TestPlans() {}

    static float[] numbers(long seed, int count, double deviation) {
        Random random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (random.nextGaussian() * deviation);
        }
        return numbers;
    }

    static Batch images(InferencePlan plan, int count) {
        return Batch.of(numbers(9, count * plan.input().size(), 1), plan.input());
    }

    static CudaEngine start(InferencePlan plan, Precision precision) throws EngineUnavailableException {
        return CudaEngine.start(plan, CudaSettings.standard().withPrecision(precision));
    }

    /** A classifier with residual sum, concatenation, depthwise or dense windows, pooling and a dense head. */
    static InferencePlan classifier(boolean isDepthwise) {
        PlanBuilder plan = new PlanBuilder(new Shape(13, 11, 3));
        int first = plan.add("first", convolution(1, 3, 3, 20, 2, false, 1), 0);
        int second = plan.add("second", convolution(2, 3, 20, 20, 1, false, isDepthwise ? 20 : 1), first);
        int third = plan.add("third", convolution(3, 1, 20, 20, 1, true, 1), second, first);
        int joined = plan.add("joined", Concatenate.channels(), third, first);
        int pooled = plan.add(
                "pooled",
                new Pooling(Pooling.Kind.MAXIMUM, new Window(2, 2, 1, 1, 1, 1, new Padding(0, 1, 1, 0))),
                joined);
        int means = plan.add("means", new GlobalPooling(Pooling.Kind.AVERAGE), pooled);
        Dense head = new Dense(
                CHANNELS,
                CLASSES,
                WeightArray.of(numbers(4, CHANNELS * CLASSES, 0.3)),
                numbers(5, CLASSES, 0.3),
                Activation.IDENTITY);
        int logits = plan.add("head", head, means);
        return plan.build(Map.of(InferencePlan.FEATURES, pooled, InferencePlan.LOGITS, logits));
    }

    /** A block as in DenseNet: each layer reads all before it and appends its result; other layers read the values in between. */
    static InferencePlan denseBlock(int growth) {
        PlanBuilder plan = new PlanBuilder(new Shape(9, 8, 20));
        int joined = 0;
        int side = 0;
        for (int layer = 0; layer < 4; layer++) {
            int channels = plan.shape(joined).channels();
            ScaleShift scale = new ScaleShift(
                    numbers(20 + layer, channels, 1), numbers(30 + layer, channels, 0.1), Activation.RELU);
            int scaled = plan.add("scaled" + layer, scale, joined);
            int added = plan.add("added" + layer, convolution(layer, 3, channels, growth, 1, false, 1), scaled);
            joined = plan.add("joined" + layer, Concatenate.channels(), joined, added);
            if (layer == 1) {
                side = plan.add("side", Concatenate.channels(), joined, 0);
            }
        }
        int last =
                plan.add("last", new Pooling(Pooling.Kind.AVERAGE, new Window(2, 2, 2, 2, 1, 1, Padding.NONE)), joined);
        return plan.build(Map.of(InferencePlan.FEATURES, last, "joined", joined, "side", side));
    }

    /**
     * Concatenations whose parts are made by every operation that can write into them: nested ones, one that is read in between, parts that
     * others read too or that are outputs, one that is read twice.
     *
     * @param channels of the parts; if odd, the cells are too
     */
    static InferencePlan branches(int channels) {
        // Parts then begin at addresses that libraries do not take.
        int width = channels % 2 == 0 ? 8 : 7;
        PlanBuilder plan = new PlanBuilder(new Shape(9, width, 12));
        int stem = plan.add("stem", convolution(1, 3, 12, channels, 1, false, 1), 0);
        int narrow = plan.add("narrow", convolution(2, 1, channels, 16, 1, false, 1), stem);
        int wide = plan.add("wide", convolution(3, 1, channels, 80, 1, false, 1), stem);
        int pointwise = plan.add("pointwise", convolution(4, 1, 80, channels, 1, false, 1), wide);
        int window = plan.add("window", convolution(5, 3, 16, channels, 1, false, 1), narrow);
        Convolution swish = convolution(6, 3, 16, channels, 1, false, 1).withActivation(Activation.SWISH);
        int other = plan.add("other", swish, narrow);
        int summed = plan.add("summed", convolution(7, 1, 16, channels, 1, true, 1), narrow, stem);
        int left = plan.add("left", convolution(8, 3, 16, channels, 1, false, 1), narrow);
        int right = plan.add(
                "right", convolution(9, 1, 16, channels, 1, false, 1).withActivation(Activation.SWISH), narrow);
        int nested = plan.add("nested", Concatenate.channels(), left, right);
        int maximum = plan.add("maximum", pooling(Pooling.Kind.MAXIMUM), stem);
        int average = plan.add("average", pooling(Pooling.Kind.AVERAGE), narrow);
        int ofAverage = plan.add("ofAverage", convolution(10, 1, 16, channels, 1, false, 1), average);
        ScaleShift scale = new ScaleShift(numbers(11, channels, 1), numbers(12, channels, 0.1), Activation.RELU);
        int scaled = plan.add("scaled", scale, stem);
        int sum = plan.add("sum", new Elementwise(Elementwise.Kind.ADD), stem, stem);
        int depthwise = plan.add("depthwise", convolution(13, 3, channels, channels, 1, false, channels), stem);
        Window half = new Window(2, 2, 2, 2, 1, 1, new Padding(0, 1, 0, 0));
        int small = plan.add("small", new Pooling(Pooling.Kind.AVERAGE, half), stem);
        int resized = plan.add("resized", new Resize(9, width, Resize.Interpolation.BILINEAR), small);
        int twice = plan.add("twice", convolution(14, 1, 16, 8, 1, false, 1), narrow);
        int joined = plan.add(
                "joined",
                Concatenate.channels(),
                pointwise,
                nested,
                window,
                other,
                summed,
                maximum,
                ofAverage,
                scaled,
                sum,
                depthwise,
                resized,
                twice,
                twice,
                stem);
        int all = plan.shape(joined).channels();
        int between = plan.add("between", convolution(15, 1, all, 8, 1, false, 1), joined);
        int second = plan.add("second", convolution(16, 3, 8, channels, 1, false, 1), between);
        int grown = plan.add("grown", Concatenate.channels(), joined, second);
        int first = plan.add("first", convolution(17, 3, 8, channels, 1, false, 1), between);
        int outer = plan.add("outer", Concatenate.channels(), first, grown);
        int pooled = plan.add("pooled", pooling(Pooling.Kind.MAXIMUM), outer);
        int means = plan.add("means", new GlobalPooling(Pooling.Kind.AVERAGE), pooled);
        int last = plan.shape(outer).channels();
        int logits = plan.add("head", Dense.of(numbers(18, 3 * last, 0.1), new float[3], Activation.IDENTITY), means);
        return plan.build(Map.of(InferencePlan.FEATURES, pooled, InferencePlan.LOGITS, logits, "wanted", summed));
    }

    /** All values of a plan as outputs, so that no part of a concatenation is written where it belongs: it is copied. */
    static InferencePlan withAllValues(InferencePlan plan) {
        Map<String, Integer> outputs = new HashMap<>(plan.outputs());
        plan.steps().forEach(step -> outputs.put("value " + step.value(), step.value()));
        return plan.withOutputs(outputs);
    }

    private static Pooling pooling(Pooling.Kind kind) {
        return new Pooling(kind, new Window(3, 3, 1, 1, 1, 1, new Padding(1, 1, 1, 1)));
    }

    /** The weights [classes][channels] of the classifiers' heads. */
    static float[] head() {
        return numbers(4, CHANNELS * CLASSES, 0.3);
    }

    static Convolution convolution(long seed, int size, int in, int out, int stride, boolean adds, int groups) {
        Window window = new Window(
                size, size, stride, stride, 1, 1, size == 1 ? Padding.NONE : new Padding(1, 1, 1, stride - 1));
        if (stride == 1 && size > 1) {
            window = window.withPadding(new Padding(1, 1, 1, 1));
        }
        int fan = size * size * in / groups;
        return new Convolution(
                window,
                in,
                out,
                groups,
                numbers(seed, fan * out, Math.sqrt(2.0 / fan)),
                numbers(seed + 10, out, 0.1),
                adds,
                Activation.RELU);
    }
}
