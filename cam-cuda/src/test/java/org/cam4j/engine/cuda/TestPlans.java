package org.cam4j.engine.cuda;

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
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
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

    /** The weights [classes][channels] of the classifiers' heads. */
    static float[] head() {
        return numbers(4, CHANNELS * CLASSES, 0.3);
    }

    private static Convolution convolution(long seed, int size, int in, int out, int stride, boolean adds, int groups) {
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
