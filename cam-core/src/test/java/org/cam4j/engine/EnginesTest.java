package org.cam4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cam4j.Activations;
import org.cam4j.classifier.LinearHead;
import org.cam4j.dl4j.engine.Nd4jProvider;
import org.cam4j.exception.BackendException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Shape;
import org.cam4j.testing.Plans;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class EnginesTest {

    private static final EngineSettings SETTINGS = EngineSettings.standard().withThreads(2);
    private static final float[] IMAGES = {1, 2, -3, 4, 5, -6, 7, 8};
    private static final LinearHead HEAD = new LinearHead(new float[] {10, 0, 1, 0, 1, 1}, new float[] {1, 2, 3});

    /** Swaps and scales two channels of a 1x2 image; logits are 10·first, second and their sum, plus 1, 2, 3. */
    private static InferencePlan plan(Activation activation) {
        PlanBuilder plan = new PlanBuilder(new Shape(1, 2, 2));
        int swapped = plan.add(
                "swap",
                Convolution.pointwise(new float[] {0, 2, 1, 0}, new float[2], Activation.IDENTITY),
                InferencePlan.INPUT);
        int features = plan.add("activation", new Activate(activation), swapped);
        return Plans.classifier(plan, features, HEAD);
    }

    @Test
    void oneDnnIsTheFirstChoice() {
        try (Engine engine = Engines.of(plan(Activation.RELU), SETTINGS)) {
            assertThat(engine.name()).startsWith("oneDNN 2.5.2");
            assertKnownResults(Plans.run(engine, HEAD, IMAGES, 1, 2, 2));
        }
    }

    @Test
    void nd4jRunsWhatOneDnnCannotAndSaysWhy() {
        List<EngineProvider> providers = List.of(refusing("oneDNN"), new Nd4jProvider());
        try (Engine engine = Engines.of(plan(Activation.RELU), SETTINGS, Optional.empty(), false, providers)) {
            assertThat(engine.name()).startsWith("ND4J").contains("oneDNN: it has no fast kernel for 'swap'");
            assertKnownResults(Plans.run(engine, HEAD, IMAGES, 1, 2, 2));
        }
    }

    private static EngineProvider refusing(String name) {
        return refusing(name, "none", false, new ArrayList<>());
    }

    /** Refuses, and writes down that it was asked. */
    private static EngineProvider refusing(String name, String fits, boolean outranks, List<String> order) {
        return new EngineProvider() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public int rank() {
                return 1000;
            }

            @Override
            public boolean outranksPacking() {
                return outranks;
            }

            @Override
            public String fit(EngineSettings settings) {
                return fits;
            }

            @Override
            public Engine start(InferencePlan plan, EngineSettings settings, Optional<Packing> packing)
                    throws EngineUnavailableException {
                order.add(name);
                throw new EngineUnavailableException("it has no fast kernel for 'swap'");
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"false, 'GPU, packer, plain'", "true, 'packer, GPU, plain'"})
    void weightsPackedForAnotherEngineDoNotKeepANetworkFromTheGpuUnlessThereAreNoOthers(
            boolean isAllThereIs, String expected) {
        List<String> order = new ArrayList<>();
        List<EngineProvider> providers = List.of(
                refusing("GPU", "none", true, order),
                refusing("plain", "none", false, order),
                refusing("packer", "here", false, order));
        Optional<Packing> packing = Optional.of(new Packing("here", "", new byte[0], List.of()));

        assertThatThrownBy(() -> Engines.of(plan(Activation.RELU), SETTINGS, packing, isAllThereIs, providers))
                .isInstanceOf(BackendException.class);

        assertThat(String.join(", ", order)).isEqualTo(expected);
    }

    @Test
    void whereNoEngineRunsAPlanAllSayWhy() {
        List<EngineProvider> providers = List.of(refusing("first"), refusing("second"));
        assertThatThrownBy(() -> Engines.of(plan(Activation.RELU), SETTINGS, Optional.empty(), false, providers))
                .isInstanceOf(BackendException.class)
                .hasMessageContainingAll("first: it has no fast kernel", "second: it has no fast kernel");
    }

    @Test
    void anEngineThatIsNotThereIsNamedWithThoseThatAre() {
        EngineSettings typo = SETTINGS.withEngine("onednnn");
        assertThatThrownBy(() -> Engines.of(plan(Activation.RELU), typo))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("there is no engine 'onednnn', only oneDNN, ND4J, Java");
    }

    @ParameterizedTest
    @CsvSource({"CUDA, org.cam4j:cam-cuda", "onnxruntime, org.cam4j:cam-onnxruntime"})
    void anEngineOfAModuleThatIsNotThereIsNamedWithTheModule(String engine, String module) {
        EngineSettings absent = SETTINGS.withEngine(engine);
        assertThatThrownBy(() -> Engines.of(plan(Activation.RELU), absent))
                .isInstanceOf(BackendException.class)
                .hasMessage("there is no engine '" + engine
                        + "', only oneDNN, ND4J, Java: choose one of them, or add the module " + module
                        + ", which brings it.");
    }

    @Test
    void enginesAreNamedInUpperOrLowerCase() {
        try (Engine engine = Engines.of(plan(Activation.RELU), SETTINGS.withEngine("java"))) {
            assertThat(engine.name()).startsWith("Java");
            assertKnownResults(Plans.run(engine, HEAD, IMAGES, 1, 2, 2));
        }
    }

    @Test
    void nd4jRunsByWishAndGivesTheSame() {
        Engine engine = Engines.of(plan(Activation.RELU), SETTINGS.withEngine("ND4J"));
        assertThat(engine.name()).startsWith("ND4J");
        Activations activations = Plans.run(engine, HEAD, IMAGES, 1, 2, 2);
        assertKnownResults(activations);

        engine.close();
        engine.close();

        assertKnownResults(activations);
        assertThatIllegalStateException()
                .isThrownBy(() -> Plans.run(engine, HEAD, IMAGES, 1, 2, 2))
                .withMessage("the mapper is closed: build a new one");
    }

    /** Image 0: cells (4, 1), (8, 0); image 1: cells (0, 5), (16, 7). */
    private static void assertKnownResults(Activations activations) {
        assertThat(activations.count()).isEqualTo(2);
        assertThat(activations.height()).isEqualTo(1);
        assertThat(activations.width()).isEqualTo(2);
        assertThat(activations.channels()).isEqualTo(2);
        assertThat(activations.classes()).isEqualTo(3);
        assertThat(activations.features().dup('c').data().asFloat()).containsExactly(4, 1, 8, 0, 0, 5, 16, 7);
        assertThat(activations.logits(0)).containsExactly(61, 2.5f, 9.5f);
        assertThat(activations.logits(1)).containsExactly(81, 8, 17);
        assertThat(activations.map(0, 2)).containsExactly(5, 8);
        assertThat(activations.map(1, 0)).containsExactly(0, 160);
        INDArray maps = activations.maps(2, 0);
        assertThat(maps.shape()).containsExactly(2, 2, 1, 2);
        assertThat(maps.dup('c').data().asFloat()).containsExactly(5, 8, 40, 80, 5, 23, 0, 160);
    }

    @Test
    void enginesLeaveTheirInputAloneAndRefuseOtherSizes() {
        for (String engineName : List.of("oneDNN", "ND4J", "Java")) {
            try (Engine engine = Engines.of(plan(Activation.RELU), SETTINGS.withEngine(engineName))) {
                INDArray images = Nd4j.createFromArray(IMAGES).reshape('c', 2, 1, 2, 2);
                INDArray before = images.dup();
                assertKnownResults(Plans.run(engine, HEAD, images));
                assertThat(images).isEqualTo(before);

                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Plans.run(engine, HEAD, images.reshape('c', 2, 2, 1, 2)))
                        .withMessageContaining("2x1x2")
                        .withMessageContaining("1x2x2");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Plans.run(engine, HEAD, images.reshape('c', 2, 4)))
                        .withMessageContaining("[n, height, width, channels]");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Plans.run(engine, HEAD, new float[3], 1, 2, 2))
                        .withMessageContaining("3 values");
            }
        }
    }

    @Test
    void refusesToRunOnNoThread() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SETTINGS.withThreads(0))
                .withMessageContaining("0 threads");
    }

    /** 10,000 threads of OpenMP overflow the stack of their caller, which ends the process. */
    @Test
    void refusesMoreThreadsThanACallersStackHolds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SETTINGS.withThreads(10_000))
                .withMessageContaining("10000 threads");
        assertThat(SETTINGS.withThreads(EngineSettings.MOST_THREADS).threads()).isEqualTo(EngineSettings.MOST_THREADS);
    }
}
