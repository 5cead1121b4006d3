package org.cam4j.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.random.OperationTrial;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The operations of the way back, on each engine against their definitions in double precision. */
class GradientOperationsTest {

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
    void eachEngineComputesTheDefinition(String name, Operation operation, List<Shape> shapes) throws Exception {
        EngineSettings settings = new EngineSettings(Optional.of(name), 2, 1L << 30);
        OperationTrial.assertIsDefined((plan, threads) -> Engines.of(plan, settings), operation, shapes);
    }
}
