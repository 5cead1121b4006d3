package org.cam4j.engine.onnxruntime;

import java.util.List;
import java.util.stream.Stream;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;
import org.cam4j.testing.random.OperationCase;
import org.cam4j.testing.random.OperationTrial;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations that random plans have rarely or not at all, against their definitions in double precision. */
class OperationsTest {

    static Stream<Arguments> cases() {
        return OperationCase.all().stream().map(each -> Arguments.of(each.operation(), each.shapes()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theEngineComputesTheDefinition(Operation operation, List<Shape> shapes) throws Exception {
        OperationTrial.assertIsDefined(OnnxRuntimeEngine::start, operation, shapes);
    }
}
