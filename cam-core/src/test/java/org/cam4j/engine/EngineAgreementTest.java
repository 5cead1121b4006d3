package org.cam4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.cam4j.Activations;
import org.cam4j.dl4j.engine.Nd4jEngine;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.engine.onednn.OneDnnEngine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.testing.Closeness;
import org.cam4j.testing.KerasLayerNetworks;
import org.cam4j.testing.PlannedNetworks;
import org.cam4j.testing.Plans;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every engine against DL4J's own layers. */
public class EngineAgreementTest {

    static Stream<Named<Supplier<ComputationGraph>>> networks() {
        Stream<Named<Supplier<ComputationGraph>>> ofDl4j = Stream.of(PlannedNetworks.values())
                .flatMap(network -> Stream.of(CNN2DFormat.values())
                        .map(format -> Named.of(network + " " + format, () -> network.graph(format))));
        Stream<Named<Supplier<ComputationGraph>>> ofKeras =
                Stream.of(KerasLayerNetworks.values()).map(network -> Named.of("Keras " + network, network::graph));
        return Stream.concat(ofDl4j, ofKeras);
    }

    public static InferencePlan plan(GapClassifier classifier) {
        assertThat(classifier.objection()).isEmpty();
        return classifier.plan().orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void oneDnnGivesWhatTheGraphGives(Supplier<ComputationGraph> network) throws Exception {
        GapClassifier classifier = GapClassifier.find(network.get(), PlannedNetworks.HEIGHT, PlannedNetworks.WIDTH);
        try (Engine engine = OneDnnEngine.start(plan(classifier), 2)) {
            assertAgrees(engine, classifier);
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void nd4jGivesWhatTheGraphGives(Supplier<ComputationGraph> network) {
        GapClassifier classifier = GapClassifier.find(network.get(), PlannedNetworks.HEIGHT, PlannedNetworks.WIDTH);
        try (Engine engine = new Nd4jEngine(plan(classifier))) {
            assertAgrees(engine, classifier);
        }
    }

    private static void assertAgrees(Engine engine, GapClassifier classifier) {
        boolean planar = classifier.format() == CNN2DFormat.NCHW;
        INDArray images = PlannedNetworks.images(3);
        INDArray own = planar ? images.permute(0, 3, 1, 2).dup('c') : images.dup('c');
        INDArray[] expected = classifier.inferenceGraph().output(own);
        INDArray features = planar ? expected[0].permute(0, 2, 3, 1) : expected[0];

        Activations activations = Plans.run(engine, classifier.parts().requireLinear(), images);

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
