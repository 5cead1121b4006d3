package org.cam4j.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineProvider;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Engines;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.testing.EngineContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every engine owes its callers, and how the provider is found. */
class OnnxRuntimeEngineTest extends EngineContract {

    @Override
    protected Engine start(InferencePlan plan) throws EngineUnavailableException {
        return OnnxRuntimeEngine.start(plan, 2);
    }

    @ParameterizedTest
    @CsvSource({"amd64, 150", "x86_64, 150", "aarch64, 250", "riscv64, 250"})
    void theProviderRanksBeforeOneDnnOnlyWhereOneDnnHasNoKernels(String processor, int rank) {
        EngineProvider provider = new OnnxRuntimeProvider(processor);
        assertThat(provider.rank()).isEqualTo(rank);
        assertThat(provider.name()).isEqualTo("onnxruntime");
    }

    @Test
    void theProviderIsFoundByName() {
        PlanBuilder builder = new PlanBuilder(new Shape(2, 3, 1));
        InferencePlan plan = builder.build(
                Map.of(InferencePlan.FEATURES, builder.add("means", new GlobalPooling(Pooling.Kind.AVERAGE), 0)));
        try (Engine engine = Engines.of(
                plan, EngineSettings.standard().withEngine("OnnxRuntime").withThreads(2))) {
            assertThat(engine.name()).matches("ONNX Runtime \\d+\\.\\d+\\.\\d+ \\(2 threads\\)");
        }
    }
}
