package org.cam4j.prepared;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.image.Preprocessing;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Closeness;

/** An application that builds its network in code and explains a photo on two engines, without DL4J, ND4J and jHDF. */
final class PlanOnly {

    private PlanOnly() {}

    /** Argument: a photo. */
    public static void main(String[] arguments) {
        Path photo = Path.of(arguments[0]);
        PreparedOnly.requireAbsentDl4jNd4jAndHdf5();
        Explanation fast = explained("oneDNN", photo);
        Explanation plain = explained("Java", photo);
        ActivationMap map = fast.map();
        System.out.println(map.height() + "x" + map.width() + " map of class "
                + fast.prediction().index() + " and " + plain.prediction().index());
        System.out.println(
                Closeness.relative(
                                        map.toArray(),
                                        plain.map(map.prediction().index()).toArray())
                                < 1e-5
                        ? "the same maps"
                        : "other maps");
    }

    private static Explanation explained(String engine, Path photo) {
        try (ClassActivationMapper mapper = ClassActivationMapper.ofPlan(plan())
                .preprocessing(Preprocessing.TF)
                .engine(engine)
                .build()) {
            System.out.println(mapper.engine());
            return mapper.explain(photo);
        }
    }

    private static InferencePlan plan() {
        Random random = new Random(3);
        PlanBuilder plan = new PlanBuilder(new Shape(48, 40, 3));
        Window window = Window.of(3, 3).withPadding(new Padding(1, 1, 1, 1));
        int value = plan.add("conv1", convolution(window, 3, 16, random), InferencePlan.INPUT);
        value = plan.add("pool", new Pooling(Pooling.Kind.MAXIMUM, new Window(2, 2, 2, 2, 1, 1, Padding.NONE)), value);
        value = plan.add("conv2", convolution(window, 16, 24, random), value);
        value = plan.add("gap", new GlobalPooling(Pooling.Kind.AVERAGE), value);
        value = plan.add("classes", Dense.of(numbers(24 * 5, random), new float[5], Activation.IDENTITY), value);
        value = plan.add("softmax", new Softmax(), value);
        return plan.build(Map.of("probabilities", value));
    }

    private static Convolution convolution(Window window, int in, int out, Random random) {
        return new Convolution(
                window, in, out, 1, numbers(out * in * 9, random), new float[out], false, Activation.RELU);
    }

    private static float[] numbers(int count, Random random) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian() / 4;
        }
        return numbers;
    }
}
