package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.global.cudnn;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is asked of a GPU that works, and what its answers mean. */
class DeviceTest {

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    @Test
    void askingWhetherAGpuAnswersBreaksNoCapture() throws Exception {
        try (CudaEngine engine = CudaEngine.start(TestPlans.classifier(false), CudaSettings.standard())) {
            Execution execution = engine.executions().take(1);
            List<Boolean> answers = new ArrayList<>();

            new Graph(List.of(on -> answers.add(engine.device().answers("a call failed"))), execution.stream()).close();

            assertThat(answers).containsExactly(true);
            engine.executions().give(execution);
        }
    }

    @Test
    void aCaptureThatFailsIsEndedSoThatTheStreamWorksOn() throws Exception {
        try (CudaEngine engine = CudaEngine.start(TestPlans.classifier(false), CudaSettings.standard())) {
            Execution execution = engine.executions().take(1);
            Call failing = on -> Status.cuda(1, "a call");

            assertThatThrownBy(() -> new Graph(List.of(failing), execution.stream()))
                    .isInstanceOf(GpuFailure.class)
                    .hasMessageContaining("a call failed");

            execution.forward();
            execution.await();
            engine.executions().give(execution);
        }
    }

    @Test
    void memoryThatCudnnDoesNotGetIsTooLittleMemory() {
        for (int status : new int[] {
            cudnn.CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED,
            cudnn.CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED
        }) {
            assertThatThrownBy(() -> Status.cudnn(status, "a convolution"))
                    .isInstanceOfSatisfying(GpuFailure.class, failure -> assertThat(failure.isOutOfMemory())
                            .isTrue());
        }
        assertThatThrownBy(() -> Status.cudnn(cudnn.CUDNN_STATUS_NOT_SUPPORTED, "a convolution"))
                .isInstanceOfSatisfying(GpuFailure.class, failure -> assertThat(failure.isOutOfMemory())
                        .isFalse());
    }

    /** Buffers of the host have at most 2 GiB. */
    @Test
    void batchesOfLargeImagesAreAsSmallAsTheirBuffersAskFor() {
        InferencePlan small = TestPlans.classifier(false);
        PlanBuilder builder = new PlanBuilder(new Shape(3000, 3000, 3));
        Window window = new Window(16, 16, 16, 16, 1, 1, Padding.NONE);
        int pooled = builder.add("pooled", new Pooling(Pooling.Kind.AVERAGE, window), 0);
        InferencePlan large = builder.build(Map.of(InferencePlan.FEATURES, pooled));

        assertThat(Executions.largest(small)).isEqualTo(Executions.LARGEST);
        assertThat(Executions.largest(large)).isEqualTo(8);
        assertThat(8 * StagedPixels.bytes(large.input())).isLessThan(Integer.MAX_VALUE);
    }

    @Test
    void whatALibraryMissesIsSaid() {
        assertThat(Libraries.reason(new UnsatisfiedLinkError("libjnicudart.so: undefined symbol: cudaNew")))
                .isEqualTo("cudaNew is missing in it");
    }
}
