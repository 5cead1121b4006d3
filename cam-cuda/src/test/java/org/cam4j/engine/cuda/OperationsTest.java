package org.cam4j.engine.cuda;

import java.util.List;
import java.util.stream.Stream;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;
import org.cam4j.testing.random.OperationCase;
import org.cam4j.testing.random.OperationTrial;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation by itself, against its definition in double precision. */
class OperationsTest {

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    static Stream<Arguments> cases() {
        return OperationCase.all().stream().map(each -> Arguments.of(each.operation(), each.shapes()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theEngineComputesTheDefinition(Operation operation, List<Shape> shapes) throws Exception {
        OperationTrial.assertIsDefined(
                (plan, threads) -> CudaEngine.start(plan, CudaSettings.standard()), operation, shapes);
    }
}
