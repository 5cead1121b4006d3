package org.cam4j.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.engine.Values;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.cam4j.plan.pass.PlanPass;
import org.junit.jupiter.api.Test;

/** Networks whose image is the feature map. */
class EvenGradientTest {

    private static final int ROWS = 3;
    private static final int COLUMNS = 5;
    private static final int CELLS = ROWS * COLUMNS;
    private static final int CHANNELS = 7;

    private final Random random = new Random(3);

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat() - 0.5f;
        }
        return numbers;
    }

    /** A pooling, a hidden layer whose results are an output, two classes. */
    private InferencePlan plan(Operation pooling) {
        PlanBuilder plan = new PlanBuilder(new Shape(ROWS, COLUMNS, CHANNELS));
        int pooled = plan.add("pooling", pooling, InferencePlan.INPUT);
        int inputs = plan.shape(pooled).size();
        int vector = plan.add("flatten", new Reshape(new Shape(inputs)), pooled);
        int hidden = plan.add("hidden", Dense.of(numbers(inputs * 4), numbers(4), Activation.RELU), vector);
        int logits = plan.add("classes", Dense.of(numbers(4 * 2), numbers(2), Activation.IDENTITY), hidden);
        return plan.build(
                Map.of(InferencePlan.FEATURES, InferencePlan.INPUT, InferencePlan.LOGITS, logits, "hidden", hidden));
    }

    private static Optional<InferencePlan> even(InferencePlan plan) {
        return EvenGradient.of(PlanPass.simplified(StoredWayBack.of(plan)));
    }

    @Test
    void aGlobalAverageIsNotSpread() {
        for (Operation average : new Operation[] {
            new GlobalPooling(Pooling.Kind.AVERAGE), new Pooling(Pooling.Kind.AVERAGE, Window.of(ROWS, COLUMNS))
        }) {
            InferencePlan even = even(plan(average)).orElseThrow();

            assertThat(even.shape(even.output(Adjoint.GRADIENT))).isEqualTo(new Shape(1, 1, CHANNELS));
        }
    }

    @Test
    void cellsWithGradientsOfTheirOwnKeepThem() {
        assertThat(even(plan(new GlobalPooling(Pooling.Kind.MAXIMUM)))).isEmpty();
        assertThat(even(plan(new Pooling(Pooling.Kind.AVERAGE, Window.of(ROWS, COLUMNS - 1)))))
                .isEmpty();
        assertThat(even(plan(new Reshape(new Shape(ROWS, COLUMNS, CHANNELS))))).isEmpty();
    }

    @Test
    void theMapIsThatOfTheWholeWay() {
        InferencePlan plan = plan(new GlobalPooling(Pooling.Kind.AVERAGE));
        int images = 2;
        Values forward =
                run(plan, Map.of(InferencePlan.IMAGE, Batch.of(numbers(images * CELLS * CHANNELS), plan.input())));
        float[] seed = {0.5f, -2};

        for (int image = 0; image < images; image++) {
            float[] map = new float[CELLS];
            WayBack.Result result;
            try (WayBack back = new WayBack(plan, EngineSettings.standard())) {
                result = back.walk(forward, image, seed)[0];
            }
            result.map(forward.host(InferencePlan.FEATURES), image, map, 0);

            float[] gradient = wholeGradient(plan, forward, image, seed);
            double sum = result.bias();
            for (int cell = 0; cell < CELLS; cell++) {
                double expected = 0;
                for (int k = 0; k < CHANNELS; k++) {
                    expected += (double) CELLS
                            * gradient[cell * CHANNELS + k]
                            * forward.host(InferencePlan.FEATURES)[(image * CELLS + cell) * CHANNELS + k];
                }
                assertThat((double) map[cell]).isCloseTo(expected, within(1e-6));
                sum += (double) map[cell] / CELLS;
            }
            float[] logits = forward.host(InferencePlan.LOGITS);
            assertThat(sum).isCloseTo(seed[0] * logits[image * 2] + seed[1] * logits[image * 2 + 1], within(1e-6));
        }
    }

    private static float[] wholeGradient(InferencePlan plan, Values forward, int image, float[] seed) {
        InferencePlan whole = StoredWayBack.of(plan);
        Shape hidden = plan.shape(plan.output("hidden"));
        float[] read = new float[hidden.size()];
        System.arraycopy(forward.host("hidden"), image * read.length, read, 0, read.length);
        return run(
                        whole,
                        Map.of(
                                Adjoint.SEED,
                                Batch.of(seed, plan.shape(plan.output(InferencePlan.LOGITS))),
                                "hidden",
                                Batch.of(read, hidden)))
                .host(Adjoint.GRADIENT);
    }

    private static Values run(InferencePlan plan, Map<String, Batch> inputs) {
        try (Engine engine = Engines.of(plan, EngineSettings.standard().withEngine("Java"))) {
            return engine.run(inputs, plan.outputs().keySet());
        }
    }
}
