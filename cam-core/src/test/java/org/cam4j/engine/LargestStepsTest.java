package org.cam4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Closeness;
import org.cam4j.testing.reference.PlanInterpreter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps at the very limits of what engines are given, against the definition in double precision: none is wrong or ends the process. */
class LargestStepsTest {

    private static final int LARGEST = 1 << 16;
    private static final int LARGEST_SIDE = 1 << 18;
    private static final Set<String> WANTED = Set.of("result");

    private static float[] noise(int count) {
        Random random = new Random(count);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat() * 2 - 1;
        }
        return numbers;
    }

    private static Convolution convolution(Window window, int inputs, int outputs, int groups, boolean adds) {
        int weights = outputs * (inputs / groups) * window.height() * window.width();
        return new Convolution(
                window, inputs, outputs, groups, noise(weights), noise(outputs), adds, Activation.IDENTITY);
    }

    private static Arguments of(String what, Shape input, Operation... operations) {
        PlanBuilder plan = new PlanBuilder(input);
        int value = plan.add("same", ScaleShift.uniform(input.channels(), 1, 0), InferencePlan.INPUT);
        for (Operation operation : operations) {
            value = plan.add("large", operation, value);
        }
        return Arguments.of(what, plan.build(Map.of("result", value)));
    }

    private static Arguments sum() {
        PlanBuilder plan = new PlanBuilder(new Shape(1, 5, 16));
        Window window = Window.of(1, 1).withPadding(new Padding(0, 0, LARGEST, LARGEST));
        int wide = plan.add("wide", new Pad(window.padding()), InferencePlan.INPUT);
        int result = plan.add("sum", convolution(window, 16, 16, 1, true), InferencePlan.INPUT, wide);
        return Arguments.of(
                "a sum of which the convolution sees next to nothing", plan.build(Map.of("result", result)));
    }

    private static Arguments join() {
        PlanBuilder plan = new PlanBuilder(new Shape(2, 3, 3));
        int[] parts = IntStream.range(0, 1000)
                .map(part -> plan.add("part", ScaleShift.uniform(3, part, part), InferencePlan.INPUT))
                .toArray();
        int result = plan.add("join", Concatenate.channels(), parts);
        return Arguments.of("a thousand values joined", plan.build(Map.of("result", result)));
    }

    static Stream<Arguments> steps() {
        Padding left = new Padding(0, 0, LARGEST, 0);
        Padding below = new Padding(0, LARGEST, 0, 0);
        return Stream.of(
                of("pad", new Shape(2, 3, 2), new Pad(left), new Crop(left)),
                of("pad below", new Shape(2, 3, 16), new Pad(below), new Crop(new Padding(0, LARGEST - 1, 0, 0))),
                of("border", new Shape(3, 3, 2), convolution(Window.of(3, 3).withPadding(left), 2, 3, 1, false)),
                of(
                        "border below",
                        new Shape(3, 3, 16),
                        convolution(Window.of(3, 3).withPadding(below), 16, 16, 1, false)),
                of(
                        "stride",
                        new Shape(2, 5, 16),
                        convolution(new Window(2, 1, LARGEST, LARGEST, 1, 1, left), 16, 16, 1, false)),
                of(
                        "dilation",
                        new Shape(1, 5, 16),
                        convolution(new Window(1, 2, 1, 1, LARGEST, LARGEST, left), 16, 16, 1, false)),
                of("kernel", new Shape(1, LARGEST, 1), convolution(Window.of(1, LARGEST), 1, 1, 1, false)),
                of("tall kernel", new Shape(LARGEST + 1, 1, 1), convolution(Window.of(LARGEST, 1), 1, 1, 1, false)),
                of(
                        "channels",
                        new Shape(1, 2, LARGEST),
                        convolution(Window.of(1, 2), LARGEST, LARGEST, LARGEST, false)),
                of("groups", new Shape(3, 3, 512), convolution(Window.of(3, 3), 512, 256, 256, false)),
                of(
                        "maximum",
                        new Shape(1, 9, 3),
                        new Pooling(
                                Pooling.Kind.MAXIMUM,
                                new Window(1, LARGEST, 1, 3, 1, 1, new Padding(0, 0, LARGEST - 1, LARGEST - 1)))),
                of(
                        "average",
                        new Shape(9, 1, 16),
                        new Pooling(
                                Pooling.Kind.AVERAGE,
                                new Window(LARGEST, 1, LARGEST, 1, 1, 1, new Padding(LARGEST - 1, LARGEST - 1, 0, 0)))),
                of("global maximum", new Shape(1, LARGEST_SIDE, 1), new GlobalPooling(Pooling.Kind.MAXIMUM)),
                of("global average", new Shape(LARGEST_SIDE, 1, 1), new GlobalPooling(Pooling.Kind.AVERAGE)),
                of("zeros", new Shape(2, 1, 3), new InsertZeros(LARGEST, LARGEST)),
                of("zeros between columns", new Shape(1, 3, 1), new InsertZeros(1, LARGEST)),
                of("nearest", new Shape(7, 2, 3), new Resize(LARGEST, 1, Resize.Interpolation.NEAREST)),
                of("bilinear", new Shape(2, 7, 3), new Resize(1, LARGEST, Resize.Interpolation.BILINEAR)),
                of("slice", new Shape(1, 1, LARGEST_SIDE), new Slice(2, LARGEST_SIDE - 1, 1)),
                of("slice of rows", new Shape(LARGEST_SIDE, 1, 2), new Slice(0, LARGEST_SIDE - 2, 2)),
                of("transpose", new Shape(1, LARGEST_SIDE, 2), Transpose.of(2, 1, 0)),
                of("dense", new Shape(1, 1, LARGEST), Dense.of(noise(LARGEST * 3), noise(3), Activation.RELU)),
                sum(),
                join());
    }

    static Stream<Arguments> stepsOfEngines() {
        return Stream.of("oneDNN", "ND4J", "Java")
                .flatMap(engine -> steps().map(step -> Arguments.of(engine, step.get()[0], step.get()[1])));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("stepsOfEngines")
    void anEngineRunsIt(String name, String what, InferencePlan plan) {
        float[] image = noise(plan.input().size());
        double[] exact = PlanInterpreter.run(
                        plan,
                        IntStream.range(0, image.length)
                                .mapToDouble(i -> image[i])
                                .toArray())
                .value(plan.output("result"));
        float[] reference = new float[exact.length];
        for (int i = 0; i < exact.length; i++) {
            reference[i] = (float) exact[i];
        }
        try (Engine engine = Engines.of(plan, EngineSettings.standard().withEngine(name))) {
            float[] result = engine.run(Batch.of(image, plan.input()), WANTED).host("result");
            assertThat(Closeness.relative(result, reference)).isLessThan(1e-4);
        }
    }
}
