package org.cam4j.engine.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.random.OperationTrial;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations that random plans have rarely or not at all, against their definitions in double precision. */
class OperationsTest {

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Activation.Function function : Activation.Function.values()) {
            // Powers of negative numbers are NaN.
            boolean isPower = function == Activation.Function.POWER;
            Activation activation = new Activation(function, isPower ? 3 : 0.25f, 0.75f);
            for (Shape shape : List.of(new Shape(3, 4, 19), new Shape(7))) {
                cases.add(Arguments.of(new Activate(activation), List.of(shape)));
                for (Gates gates : Gates.values()) {
                    cases.add(Arguments.of(new ActivationGradient(activation, gates), List.of(shape, shape)));
                }
            }
        }
        for (Pooling.Kind kind : Pooling.Kind.values()) {
            for (Window window : List.of(
                    new Window(2, 2, 2, 2, 1, 1, Padding.NONE),
                    new Window(3, 3, 2, 2, 1, 1, new Padding(1, 1, 1, 1)),
                    new Window(3, 2, 1, 3, 1, 1, new Padding(2, 0, 0, 1)),
                    Window.of(7, 9))) {
                Shape image = new Shape(7, 9, 3);
                PoolingGradient operation = new PoolingGradient(kind, window, image);
                Shape result = operation.pooling().output(List.of(image));
                cases.add(Arguments.of(
                        operation, kind == Pooling.Kind.MAXIMUM ? List.of(result, image) : List.of(result)));
            }
        }
        for (Resize.Interpolation interpolation : Resize.Interpolation.values()) {
            cases.add(Arguments.of(new Resize(31, 5, interpolation), List.of(new Shape(7, 9, 8))));
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theEngineComputesTheDefinition(Operation operation, List<Shape> shapes) throws Exception {
        OperationTrial.assertIsDefined(
                (plan, threads) -> CudaEngine.start(plan, CudaSettings.standard()), operation, shapes);
    }
}
