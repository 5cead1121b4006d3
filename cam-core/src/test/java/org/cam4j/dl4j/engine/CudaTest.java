package org.cam4j.dl4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.cam4j.Activations;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineAgreementTest;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.engine.onednn.OneDnnEngine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.testing.Closeness;
import org.cam4j.testing.PlannedNetworks;
import org.cam4j.testing.Plans;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The GPU against the CPU: {@code mvn verify -Pcuda} on a machine with one. */
@Tag("gpu")
class CudaTest {

    @BeforeAll
    static void needsAGpu() {
        assumeTrue(Backend.here().isGpu(), "no nd4j-cuda on the classpath with a GPU that it runs on");
    }

    @ParameterizedTest
    @EnumSource
    void theGpuGivesWhatTheCpuGives(PlannedNetworks network) throws Exception {
        InferencePlan plan = EngineAgreementTest.plan(
                GapClassifier.find(network.graph(CNN2DFormat.NHWC), PlannedNetworks.HEIGHT, PlannedNetworks.WIDTH));
        float[] images = PlannedNetworks.images(3).dup('c').data().asFloat();
        try (Engine gpu = Engines.of(plan, EngineSettings.standard());
                Engine cpu = OneDnnEngine.start(plan, 2)) {
            assertThat(gpu.name()).startsWith("ND4J CUDA");

            Activations here = Plans.run(gpu, plan, images);
            Activations there = Plans.run(cpu, plan, images);

            for (int image = 0; image < 3; image++) {
                assertThat(Closeness.relative(here.logits(image), there.logits(image)))
                        .isLessThan(1e-4);
                assertThat(Closeness.relative(here.map(image, 1), there.map(image, 1)))
                        .isLessThan(1e-4);
            }
        }
    }
}
