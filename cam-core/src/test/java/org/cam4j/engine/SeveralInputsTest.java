package org.cam4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks of several inputs: {@code 2a + b} of two images. */
class SeveralInputsTest {

    private static final Shape SHAPE = new Shape(2, 3, 2);

    private static InferencePlan plan() {
        Map<String, Shape> inputs = new LinkedHashMap<>();
        inputs.put("a", SHAPE);
        inputs.put("b", SHAPE);
        PlanBuilder builder = new PlanBuilder(inputs);
        int doubled = builder.add(
                "double", Convolution.pointwise(new float[] {2, 0, 0, 2}, new float[2], Activation.IDENTITY), 0);
        int sum = builder.add("sum", new Elementwise(Elementwise.Kind.ADD), doubled, 1);
        return builder.build(Map.of("sum", sum, "b", 1));
    }

    private static Batch batch(int images, float first) {
        float[] values = new float[images * SHAPE.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = first + i;
        }
        return Batch.of(values, SHAPE);
    }

    private static Engine engine(String name) {
        return Engines.of(plan(), new EngineSettings(java.util.Optional.of(name), 2, 1L << 30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"oneDNN", "ND4J", "Java"})
    void eachImageMeetsTheOtherInputOfItsPlace(String name) {
        try (Engine engine = engine(name)) {
            Values values = engine.run(Map.of("a", batch(5, 1), "b", batch(5, 1000)), Set.of("sum", "b"));

            assertThat(values.count()).isEqualTo(5);
            for (int i = 0; i < 5 * SHAPE.size(); i++) {
                assertThat(values.host("sum")[i]).isEqualTo(2 * (1 + i) + 1000 + i);
                assertThat(values.host("b")[i]).isEqualTo(1000 + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"oneDNN", "ND4J", "Java"})
    void refusesMissingInputsAndOtherNumbersOfThem(String name) {
        try (Engine engine = engine(name)) {
            assertThatThrownBy(() -> engine.run(Map.of("a", batch(1, 0)), Set.of("sum")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[a, b]");
            assertThatThrownBy(() -> engine.run(Map.of("a", batch(2, 0), "b", batch(1, 0)), Set.of("sum")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("as many of each");
        }
    }
}
