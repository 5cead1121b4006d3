package org.cam4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.cam4j.engine.java.OperationDefinition;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The operations of the way back, on each engine against their definitions in double precision. */
class GradientOperationsTest {

    private static final int IMAGES = 3;

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (String engine : List.of("oneDNN", "ND4J", "Java")) {
            for (Gates gates : Gates.values()) {
                for (Activation activation : List.of(
                        Activation.RELU,
                        Activation.RELU6,
                        Activation.SWISH,
                        Activation.SIGMOID,
                        Activation.of(Activation.Function.GELU),
                        Activation.of(Activation.Function.GELU_TANH),
                        Activation.of(Activation.Function.TANH),
                        Activation.of(Activation.Function.MISH),
                        new Activation(Activation.Function.RELU, 0.3f, 0))) {
                    for (Shape shape : List.of(new Shape(3, 4, 19), new Shape(2, 2, 32), new Shape(7))) {
                        cases.add(
                                Arguments.of(engine, new ActivationGradient(activation, gates), List.of(shape, shape)));
                    }
                }
            }
            for (Pooling.Kind kind : Pooling.Kind.values()) {
                for (Window window : List.of(
                        new Window(2, 2, 2, 2, 1, 1, Padding.NONE),
                        new Window(3, 3, 2, 2, 1, 1, new Padding(1, 1, 1, 1)),
                        new Window(3, 2, 1, 3, 1, 1, new Padding(2, 0, 0, 1)),
                        Window.of(7, 9))) {
                    for (int channels : new int[] {3, 16}) {
                        Shape image = new Shape(7, 9, channels);
                        PoolingGradient operation = new PoolingGradient(kind, window, image);
                        Shape result = operation.pooling().output(List.of(image));
                        cases.add(Arguments.of(
                                engine,
                                operation,
                                kind == Pooling.Kind.MAXIMUM ? List.of(result, image) : List.of(result)));
                    }
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void eachEngineComputesTheDefinition(String name, Operation operation, List<Shape> shapes) {
        Map<String, Shape> inputs = new LinkedHashMap<>();
        Map<String, Batch> batches = new LinkedHashMap<>();
        int[] read = new int[shapes.size()];
        Random random = new Random(5);
        List<float[]> numbers = new ArrayList<>();
        for (int i = 0; i < read.length; i++) {
            read[i] = i;
            float[] values = new float[IMAGES * shapes.get(i).size()];
            for (int k = 0; k < values.length; k++) {
                // Halves, so that maxima have equals and activations meet their kinks.
                values[k] = Math.round(random.nextGaussian() * 5) / 2f;
            }
            numbers.add(values);
            inputs.put("in" + i, shapes.get(i));
            batches.put("in" + i, Batch.of(values, shapes.get(i)));
        }
        PlanBuilder builder = new PlanBuilder(inputs);
        int result = builder.add("back", operation, read);
        EngineSettings settings = new EngineSettings(Optional.of(name), 2, 1L << 30);
        try (Engine engine = Engines.of(builder.build(Map.of("result", result)), settings)) {
            float[] found = engine.run(batches, Set.of("result")).host("result");

            int size = builder.shape(result).size();
            for (int image = 0; image < IMAGES; image++) {
                double[] expected = OperationDefinition.result(operation, part(numbers, shapes, image), shapes);
                for (int i = 0; i < size; i++) {
                    assertThat((double) found[image * size + i])
                            .as("image %s, number %s", image, i)
                            .isCloseTo(expected[i], within(2e-6 * (1 + Math.abs(expected[i]))));
                }
            }
        }
    }

    private static List<double[]> part(List<float[]> numbers, List<Shape> shapes, int image) {
        List<double[]> parts = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            double[] part = new double[shapes.get(i).size()];
            for (int k = 0; k < part.length; k++) {
                part[k] = numbers.get(i)[image * part.length + k];
            }
            parts.add(part);
        }
        return parts;
    }
}
