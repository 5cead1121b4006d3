package org.cam4j.engine.cuda;

import java.util.List;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;
import org.cam4j.testing.random.OperationTrial;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations that random plans have rarely or not at all, against their definitions in double precision. */
class OperationsTest {

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    @ParameterizedTest
    @MethodSource("org.cam4j.testing.random.RareOperations#cases")
    void theEngineComputesTheDefinition(Operation operation, List<Shape> shapes) throws Exception {
        OperationTrial.assertIsDefined(
                (plan, threads) -> CudaEngine.start(plan, CudaSettings.standard()), operation, shapes);
    }
}
