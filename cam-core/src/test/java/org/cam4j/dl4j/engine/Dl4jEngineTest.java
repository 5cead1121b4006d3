package org.cam4j.dl4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.cam4j.testing.TestNetworks.CHANNELS;
import static org.cam4j.testing.TestNetworks.CLASSES;
import static org.cam4j.testing.TestNetworks.HEIGHT;
import static org.cam4j.testing.TestNetworks.WIDTH;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cam4j.Activations;
import org.cam4j.classifier.LinearHead;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.engine.Engine;
import org.cam4j.engine.FallbackEngine;
import org.cam4j.testing.Plans;
import org.cam4j.testing.TestNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class Dl4jEngineTest {

    private static final LinearHead HEAD = GapClassifier.find(TestNetworks.gap(CNN2DFormat.NHWC), HEIGHT, WIDTH)
            .parts()
            .requireLinear();

    private static final float[] IMAGE =
            Nd4j.rand(DataType.FLOAT, HEIGHT, WIDTH, 3).data().asFloat();

    private static Engine engine(CNN2DFormat format) {
        ComputationGraph graph = TestNetworks.gap(format);
        GapClassifier classifier = GapClassifier.find(graph, HEIGHT, WIDTH);
        return new FallbackEngine(new Dl4jEngine(classifier.inferenceGraph(), format), "none is wanted here");
    }

    @Test
    void mapsAreTheWeightedSumOfTheActivations() {
        try (Engine engine = engine(CNN2DFormat.NHWC)) {
            Activations activations = Plans.run(engine, HEAD, IMAGE, HEIGHT, WIDTH, 3);
            INDArray features = activations.features();

            assertThat(features.shape()).containsExactly(1, 6, 5, CHANNELS);
            for (int c = 0; c < CLASSES; c++) {
                float[] map = activations.map(0, c);
                assertThat(map).hasSize(30);
                for (int y = 0; y < 6; y++) {
                    for (int x = 0; x < 5; x++) {
                        double expected = 0;
                        for (int k = 0; k < CHANNELS; k++) {
                            expected += HEAD.weights()[k * CLASSES + c] * features.getDouble(0, y, x, k);
                        }
                        assertThat((double) map[y * 5 + x]).isCloseTo(expected, within(1e-5));
                    }
                }
            }
        }
    }

    @Test
    void batchedMapsAreTheMapsOfEachImage() {
        try (Engine engine = engine(CNN2DFormat.NHWC)) {
            Activations activations = Plans.run(engine, HEAD, Nd4j.rand(DataType.FLOAT, 3, HEIGHT, WIDTH, 3));

            INDArray maps = activations.maps(4, 1);

            assertThat(maps.shape()).containsExactly(3, 2, 6, 5);
            for (int image = 0; image < 3; image++) {
                assertThat(maps.slice(image).slice(0).dup('c').data().asFloat())
                        .containsExactly(activations.map(image, 4), within(1e-6f));
                assertThat(maps.slice(image).slice(1).dup('c').data().asFloat())
                        .containsExactly(activations.map(image, 1), within(1e-6f));
            }
        }
    }

    @Test
    void graphsOfEitherLayoutGiveTheSame() {
        try (Engine nhwc = engine(CNN2DFormat.NHWC);
                Engine nchw = engine(CNN2DFormat.NCHW)) {
            Activations first = Plans.run(nhwc, HEAD, IMAGE, HEIGHT, WIDTH, 3);
            Activations second = Plans.run(nchw, HEAD, IMAGE, HEIGHT, WIDTH, 3);

            assertThat(second.features().shape()).isEqualTo(first.features().shape());
            assertThat(second.features().equalsWithEps(first.features(), 1e-5)).isTrue();
            assertThat(second.logits(0)).containsExactly(first.logits(0), within(1e-5f));
        }
    }

    @Test
    void leavesItsInputAlone() {
        try (Engine engine = engine(CNN2DFormat.NHWC)) {
            INDArray images = Nd4j.rand(DataType.FLOAT, 2, HEIGHT, WIDTH, 3);
            INDArray before = images.dup();

            Plans.run(engine, HEAD, images);

            assertThat(images).isEqualTo(before);
        }
    }

    @Test
    void activationsOutliveTheEngineAndRunsDoNot() {
        Engine engine = engine(CNN2DFormat.NHWC);
        Activations activations = Plans.run(engine, HEAD, IMAGE, HEIGHT, WIDTH, 3);
        float[] before = activations.map(0, 2);

        engine.close();
        engine.close();

        assertThat(activations.map(0, 2)).containsExactly(before);
        assertThatIllegalStateException()
                .isThrownBy(() -> Plans.run(engine, HEAD, IMAGE, HEIGHT, WIDTH, 3))
                .withMessageContaining("closed");
    }

    @Test
    void closingDuringRunsGivesResultsOrRefusalsOnly() throws Exception {
        Engine engine = engine(CNN2DFormat.NHWC);
        ExecutorService callers = Executors.newFixedThreadPool(4);
        List<Future<Activations>> runs = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            runs.add(callers.submit(() -> Plans.run(engine, HEAD, IMAGE, HEIGHT, WIDTH, 3)));
        }
        runs.get(20).get();
        engine.close();
        callers.shutdown();

        float[] expected = runs.get(0).get().logits(0);
        int refused = 0;
        for (Future<Activations> run : runs) {
            try {
                assertThat(run.get().logits(0)).containsExactly(expected);
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(IllegalStateException.class);
                refused++;
            }
        }
        assertThat(refused).isBetween(0, 179);
    }

    @Test
    void refusesWhatIsNoImage() {
        try (Engine engine = engine(CNN2DFormat.NHWC)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Plans.run(engine, HEAD, new float[7], HEIGHT, WIDTH, 3))
                    .withMessageContaining("7 values");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Plans.run(engine, HEAD, Nd4j.zeros(DataType.FLOAT, HEIGHT, WIDTH, 3)))
                    .withMessageContaining("[n, height, width, channels]");
        }
    }
}
