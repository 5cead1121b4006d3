package org.cam4j.testing.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.cam4j.classifier.LinearHead;
import org.cam4j.classifier.OutputActivation;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.engine.java.OperationDefinition;
import org.cam4j.keras.ImportedModel;
import org.cam4j.keras.KerasModels;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.testing.Golden;
import org.cam4j.testing.Plans;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference itself: against numbers worked out by hand and what Keras computed. */
class PlanInterpreterTest {

    @Test
    void sumsAreAddedBeforeTheActivation() {
        Convolution negated = Convolution.pointwise(new float[] {-2}, new float[1], Activation.IDENTITY)
                .withSum(Activation.RELU);
        PlanBuilder builder = new PlanBuilder(new Shape(1, 2, 1));
        int plus = builder.add("plus", ScaleShift.uniform(1, 1, 5), InferencePlan.INPUT);
        int sum = builder.add("sum", negated, InferencePlan.INPUT, plus);
        InferencePlan plan = Plans.classifier(builder, sum, new LinearHead(new float[] {2, 3}, new float[] {1, 0}));

        PlanInterpreter run = PlanInterpreter.run(plan, new double[] {1, 8});

        assertThat(run.value(plus)).containsExactly(6, 13);
        assertThat(run.features()).containsExactly(4, 0);
        assertThat(run.logits()).containsExactly(5, 6);
        assertThat(run.map(1)).containsExactly(12, 0);
    }

    /** Before and after the passes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "mini_gap",
                "mini_relu6",
                "mini_sepstride",
                "mini_maxsame",
                "mini_avgsame",
                "mini_crop",
                "mini_groups",
                "mini_gelu",
                "mini_se",
                "mini_resize",
                "layers_gates",
                "layers_more_activations"
            })
    void plansOfKerasModelsGiveWhatKerasComputed(String name) {
        Golden golden = Golden.keras2(name);
        ImportedModel model = KerasModels.load(golden.model());
        int height = (int) golden.x().size(1);
        int width = (int) golden.x().size(2);
        GapClassifier classifier = GapClassifier.find(model.graph(), height, width);
        InferencePlan literal = classifier.parts().plan();
        InferencePlan simplified = classifier.plan().orElseThrow();
        float[] expected = golden.y().getRow(0, true).dup('c').data().asFloat();
        float[] image = Arrays.copyOf(
                golden.x().dup('c').data().asFloat(), literal.input().size());

        assertScores(literal, image, classifier.parts().activation(), expected);
        assertScores(simplified, image, classifier.parts().activation(), expected);
    }

    private static void assertScores(InferencePlan plan, float[] image, OutputActivation last, float[] expected) {
        double[] exact = new double[image.length];
        Arrays.setAll(exact, i -> image[i]);
        double[] logits = PlanInterpreter.run(plan, exact).logits();
        Shape classes = new Shape(1, 1, logits.length);
        double[] scores = last == OutputActivation.NONE
                ? logits
                : OperationDefinition.result(
                        last == OutputActivation.SIGMOID ? new Activate(Activation.SIGMOID) : new Softmax(),
                        List.of(logits),
                        List.of(classes));
        assertThat(scores).hasSameSizeAs(expected);
        for (int i = 0; i < scores.length; i++) {
            assertThat(scores[i]).isCloseTo(expected[i], within(1e-5 * Math.max(1, Math.abs(expected[i]))));
        }
    }
}
