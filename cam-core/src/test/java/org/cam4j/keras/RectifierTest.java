package org.cam4j.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.cam4j.classifier.LinearHead;
import org.cam4j.dl4j.graph.ActivationFunctions;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.kind.ActivationKind;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Shape;
import org.cam4j.testing.Plans;
import org.cam4j.testing.reference.PlanInterpreter;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.factory.Nd4j;

/** Keras' {@code ReLU} in a plan and on DL4J's layers, for -4, -1, 0, 1 and 4. */
class RectifierTest {

    private static final float[] NUMBERS = {-4, -1, 0, 1, 4};

    private static IActivation rectifier(String max, double slope, double threshold) throws Exception {
        String json =
                "{\"max_value\": " + max + ", \"negative_slope\": " + slope + ", \"threshold\": " + threshold + "}";
        return ActivationKind.RELU.function(
                new LayerConfig("relu", "ReLU", new ObjectMapper().readValue(json, ObjectNode.class)));
    }

    private static double[] planned(IActivation function) {
        PlanBuilder plan = new PlanBuilder(new Shape(1, 1, NUMBERS.length));
        int ended = plan.add("end", new Activate(ActivationFunctions.end(function)), InferencePlan.INPUT);
        int value = ActivationFunctions.addRest(plan, "relu", function, ended, CNN2DFormat.NHWC);
        LinearHead head = new LinearHead(new float[NUMBERS.length], new float[1]);
        double[] image =
                IntStream.range(0, NUMBERS.length).mapToDouble(i -> NUMBERS[i]).toArray();
        return PlanInterpreter.run(Plans.classifier(plan, value, head), image).features();
    }

    /** What Keras 3.15 and tf_keras 2.21 give. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0 0 0 0 0",
        "0, 0.5, 0, -2 -0.5 0 0 0",
        "0, 0.5, 1, -2.5 -1 -0.5 0 0",
        "0, 0, 1, 0 0 0 0 0",
        "2, 0.5, 3, -3.5 -2 -1.5 -1 2",
        "null, 0, 0, 0 0 0 1 4"
    })
    void aMaximumOfZeroIsAMaximum(String max, double slope, double threshold, String results) throws Exception {
        double[] expected = Arrays.stream(results.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();

        assertThat(planned(rectifier(max, slope, threshold))).containsExactly(expected, within(1e-6));
        assertThat(rectifier(max, slope, threshold)
                        .getActivation(Nd4j.createFromArray(NUMBERS).reshape(1, NUMBERS.length), false)
                        .reshape(NUMBERS.length)
                        .toDoubleVector())
                .containsExactly(expected, within(1e-6));
    }

    @Test
    void aNegativeMaximumIsNotPlannedWithoutIt() {
        assertThatThrownBy(() -> ActivationFunctions.planned(new ActivationReLU(-1.0, 0.0, 0.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a maximum of -1.0");
    }
}
