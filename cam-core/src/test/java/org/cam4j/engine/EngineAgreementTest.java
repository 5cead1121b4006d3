package org.cam4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.cam4j.engine.nd4j.Nd4jEngine;
import org.cam4j.engine.onednn.OneDnnEngine;
import org.cam4j.graph.GapClassifier;
import org.cam4j.graph.GraphPlanner;
import org.cam4j.graph.Planning;
import org.cam4j.plan.InferencePlan;
import org.cam4j.testing.Closeness;
import org.cam4j.testing.PlannedNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every engine against DL4J's own layers. */
class EngineAgreementTest {

    static Stream<Arguments> networks() {
        return Stream.of(PlannedNetworks.values())
                .flatMap(network -> Stream.of(CNN2DFormat.values()).map(format -> Arguments.of(network, format)));
    }

    static InferencePlan plan(GapClassifier classifier) {
        Planning planning = GraphPlanner.plan(classifier, PlannedNetworks.HEIGHT, PlannedNetworks.WIDTH);
        assertThat(planning.objection()).isEmpty();
        return planning.plan().orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void oneDnnGivesWhatTheGraphGives(PlannedNetworks network, CNN2DFormat format) throws Exception {
        GapClassifier classifier = GapClassifier.find(network.graph(format));
        try (Engine engine = OneDnnEngine.start(plan(classifier), 2)) {
            assertAgrees(engine, classifier);
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void nd4jGivesWhatTheGraphGives(PlannedNetworks network, CNN2DFormat format) {
        GapClassifier classifier = GapClassifier.find(network.graph(format));
        try (Engine engine = new Nd4jEngine(plan(classifier))) {
            assertAgrees(engine, classifier);
        }
    }

    private static void assertAgrees(Engine engine, GapClassifier classifier) {
        boolean planar = classifier.inputFormat() == CNN2DFormat.NCHW;
        INDArray images = PlannedNetworks.images(3);
        INDArray own = planar ? images.permute(0, 3, 1, 2).dup('c') : images.dup('c');
        INDArray[] expected = classifier.inferenceGraph().output(own);
        INDArray features = planar ? expected[0].permute(0, 2, 3, 1) : expected[0];

        Activations activations = engine.run(images);

        assertThat(activations.features().shape()).isEqualTo(features.shape());
        assertThat(Closeness.relative(floats(activations.features()), floats(features)))
                .isLessThan(1e-5);
        for (int image = 0; image < 3; image++) {
            assertThat(Closeness.relative(activations.logits(image), floats(expected[1].getRow(image))))
                    .isLessThan(1e-5);
        }
    }

    private static float[] floats(INDArray array) {
        return array.dup('c').data().asFloat();
    }
}
