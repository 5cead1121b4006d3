package org.cam4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.cam4j.Activations;
import org.cam4j.classifier.LinearHead;
import org.cam4j.dl4j.engine.Nd4jEngine;
import org.cam4j.engine.onednn.OneDnnEngine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Activation.Function;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Plans;
import org.cam4j.testing.reference.Differences;
import org.cam4j.testing.reference.RoundingAnalysis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans on which {@link RandomPlanTest} found an engine wrong, throwing or gone, shrunk. */
class FoundPlansTest {

    private static InferencePlan plan(Shape image, Operation... operations) {
        PlanBuilder builder = new PlanBuilder(image);
        int value = InferencePlan.INPUT;
        for (Operation operation : operations) {
            value = builder.add("step" + value, operation, value);
        }
        int channels = builder.shape(value).channels();
        return Plans.classifier(builder, value, new LinearHead(numbers(channels * 2), numbers(2)));
    }

    private static float[] numbers(int count) {
        Random random = new Random(count);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat() - 0.5f;
        }
        return numbers;
    }

    private static Activate power(float exponent) {
        return new Activate(new Activation(Function.POWER, exponent, 0));
    }

    private static Convolution depthwise(int inputs, int outputs, int kernel) {
        return new Convolution(
                Window.of(kernel, kernel),
                inputs,
                outputs,
                inputs,
                numbers(outputs * kernel * kernel),
                numbers(outputs),
                false,
                Activation.IDENTITY);
    }

    static Stream<InferencePlan> plans() {
        Activate positive = new Activate(Activation.SIGMOID);
        return Stream.of(
                // ND4J takes no step that is wider than an array.
                plan(new Shape(1, 1, 1), new InsertZeros(1, 2)),
                plan(new Shape(1, 3, 2), new InsertZeros(4, 2)),
                // ND4J joins a single array by handing it on.
                plan(new Shape(2, 3, 2), positive, Concatenate.channels()),
                // ND4J makes a dot product of it, which it then refuses to store.
                plan(new Shape(1, 1, 2), depthwise(2, 2, 1)),
                plan(new Shape(3, 3, 5), depthwise(5, 5, 3)),
                plan(new Shape(1, 1, 2), depthwise(2, 6, 1)),
                // ND4J's softplus was infinite.
                plan(new Shape(1, 1, 6), ScaleShift.uniform(6, 600, 0), new Activate(Activation.of(Function.SOFTPLUS))),
                // oneDNN's kernels ended the process.
                plan(new Shape(1, 1, 1), positive, power(-0.5f)),
                plan(new Shape(3, 2, 17), positive, power(-1)),
                plan(new Shape(3, 2, 17), positive, power(0.5f)),
                plan(new Shape(3, 2, 17), power(2)));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void oneDnnGivesWhatThePlanSays(InferencePlan plan) throws EngineUnavailableException {
        try (Engine engine = OneDnnEngine.start(plan, 1)) {
            assertGives(engine, plan);
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void nd4jGivesWhatThePlanSays(InferencePlan plan) {
        try (Engine engine = new Nd4jEngine(plan)) {
            assertGives(engine, plan);
        }
    }

    @Test
    void powersThatNoKernelOfOneDnnRaisesToAreRefused() {
        InferencePlan cubes = plan(new Shape(2, 2, 3), power(3));

        assertThatThrownBy(() -> OneDnnEngine.start(cubes, 1).close())
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("power(3.0)");
    }

    private static Convolution convolution(int inputs, int outputs, Window window) {
        return new Convolution(
                window,
                inputs,
                outputs,
                1,
                numbers(outputs * inputs * window.height() * window.width()),
                numbers(outputs),
                false,
                Activation.IDENTITY);
    }

    static Stream<InferencePlan> plansWithWideBorders() {
        return Stream.of(
                plan(new Shape(1, 16, 3), convolution(3, 32, Window.of(1, 10).withPadding(new Padding(0, 1, 0, 8)))),
                plan(new Shape(6, 21, 19), convolution(19, 48, new Window(1, 9, 2, 1, 1, 2, new Padding(0, 2, 2, 8)))),
                plan(new Shape(2, 19, 4), convolution(4, 48, Window.of(2, 12).withPadding(new Padding(3, 4, 0, 9)))),
                plan(
                        new Shape(1, 22, 16),
                        convolution(16, 32, new Window(1, 12, 2, 1, 1, 1, new Padding(0, 2, 10, 11)))));
    }

    /** oneDNN's brgconv read columns behind the image's, where an earlier run left its numbers. */
    @ParameterizedTest
    @MethodSource("plansWithWideBorders")
    void bordersOverHalfARowAreComputedRightlyOrRefused(InferencePlan plan) {
        float[] large = new float[plan.input().size()];
        Arrays.fill(large, 1e6f);
        try (Engine engine = OneDnnEngine.start(plan, 1)) {
            engine.run(
                    Map.of(InferencePlan.IMAGE, Batch.of(large, plan.input())),
                    plan.outputs().keySet());
            assertGives(engine, plan);
        } catch (EngineUnavailableException refused) {
            assertThat(refused).hasMessageContaining("step0");
        }
    }

    /** Alone, and then two together. */
    private static void assertGives(Engine engine, InferencePlan plan) {
        float[] image = numbers(plan.input().size());
        assertGives(engine, plan, image, 1);
        assertGives(engine, plan, image, 2);
    }

    private static void assertGives(Engine engine, InferencePlan plan, float[] image, int count) {
        RoundingAnalysis expected = RoundingAnalysis.of(plan, image);
        float[] batch = new float[count * image.length];
        for (int i = 0; i < count; i++) {
            System.arraycopy(image, 0, batch, i * image.length, image.length);
        }

        Activations found = Plans.run(engine, plan, batch);

        int value = plan.output(InferencePlan.FEATURES);
        float[] features = found.features().dup('c').data().asFloat();
        double[] exact = expected.value(value);
        double[] logits = expected.logits(Plans.head(plan), value);
        Differences differences = new Differences();
        for (int i = 0; i < count; i++) {
            assertThat(differences.in(features, i * exact.length, exact, expected.error(value)))
                    .isEmpty();
            assertThat(differences.in(found.logits(i), 0, logits, expected.logitErrors(Plans.head(plan), value)))
                    .isEmpty();
        }
    }
}
