package org.cam4j.keras;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Values;
import org.cam4j.engine.onednn.OneDnnEngine;
import org.cam4j.exception.CamException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.testing.Plans;
import org.cam4j.testing.reference.Differences;
import org.cam4j.testing.reference.RoundingAnalysis;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A damaged file's model that was read all the same: its plan before the passes, interpreted in double precision, says what it
 * computes, and DL4J's layers and oneDNN with the simplified plan give that.
 */
final class LoadedMutant {

    private final GapClassifier classifier;
    private final InferencePlan literal;
    private final InferencePlan simplified;
    private final float[] image;
    private final RoundingAnalysis expected;

    private LoadedMutant(GapClassifier classifier, InferencePlan literal, InferencePlan simplified) {
        this.classifier = classifier;
        this.literal = literal;
        this.simplified = simplified;
        this.image = new float[literal.input().size()];
        Random random = new Random(5);
        for (int i = 0; i < image.length; i++) {
            image[i] = random.nextFloat();
        }
        this.expected = RoundingAnalysis.of(literal, image);
    }

    /** The classifier that a model is, if it is one and has a plan. */
    static Optional<LoadedMutant> of(ImportedModel model) {
        int height = model.inputHeight();
        int width = model.inputWidth();
        GapClassifier classifier;
        try {
            classifier = GapClassifier.find(model.graph(), height, width);
        } catch (CamException notOne) {
            return Optional.empty();
        }
        return classifier
                .plan()
                .map(simplified ->
                        new LoadedMutant(classifier, classifier.parts().plan(), simplified));
    }

    /** Whether single precision can hold what comes out. */
    boolean isInRange() {
        return expected.isInRange(literal.output(InferencePlan.FEATURES))
                && expected.isInRange(literal.output(InferencePlan.LOGITS));
    }

    void requireSameNumbersEverywhere() {
        requireOfGraph();
        requireOfEngine();
    }

    private void requireOfGraph() {
        boolean planar = classifier.format() == CNN2DFormat.NCHW;
        INDArray images = Nd4j.createFromArray(image)
                .reshape(
                        'c',
                        1,
                        literal.input().height(),
                        literal.input().width(),
                        literal.input().channels());
        INDArray[] outputs = classifier
                .inferenceGraph()
                .output(planar ? images.permute(0, 3, 1, 2).dup('c') : images);
        boolean isPlanar = classifier.format() == CNN2DFormat.NCHW;
        INDArray features = isPlanar ? outputs[0].permute(0, 2, 3, 1) : outputs[0];
        require("DL4J", floats(features), floats(outputs[1]));
    }

    private void requireOfEngine() {
        try (Engine engine = OneDnnEngine.start(simplified, 1)) {
            Values found = engine.run(Batch.of(image, literal.input()), Plans.OUTPUTS);
            require(engine.name(), found.host(InferencePlan.FEATURES), found.host(InferencePlan.LOGITS));
        } catch (EngineUnavailableException e) {
            assertThat(e).hasMessageContaining("it ");
        }
    }

    private void require(String name, float[] features, float[] logits) {
        require(name + ": features", features, literal.output(InferencePlan.FEATURES));
        require(name + ": logits", logits, literal.output(InferencePlan.LOGITS));
    }

    /** A graph of one score gives that alone, which is the last of the plan's two. */
    private void require(String what, float[] found, int value) {
        double[] exact = expected.value(value);
        int first = classifier.parts().isBinary() && found.length == 1 ? exact.length - 1 : 0;
        assertThat(new Differences()
                        .in(
                                found,
                                0,
                                Arrays.copyOfRange(exact, first, exact.length),
                                Arrays.copyOfRange(expected.error(value), first, exact.length)))
                .as("%s for\n%s", what, literal)
                .isEmpty();
    }

    private static float[] floats(INDArray array) {
        return array.dup('c').data().asFloat();
    }
}
