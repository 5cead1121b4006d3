package org.cam4j.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.engine.Values;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.WeightArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummedByCellTest {

    private static final int ROWS = 3;
    private static final int COLUMNS = 2;
    private static final int CELLS = ROWS * COLUMNS;
    private static final int CHANNELS = 64;
    private static final int INPUTS = CELLS * CHANNELS;
    private static final int UNITS = 2752;
    private static final int IMAGES = 3;

    private final Random random = new Random(5);
    private final float[] weights = numbers(INPUTS * UNITS);
    private final float[] bias = numbers(UNITS);

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat() - 0.5f;
        }
        return numbers;
    }

    /** [units][inputs], in memory or as the transpose of an array that Keras would store. */
    private WeightArray matrix(boolean isTransposed) {
        if (!isTransposed) {
            return WeightArray.of(weights);
        }
        float[] stored = new float[weights.length];
        for (int unit = 0; unit < UNITS; unit++) {
            for (int input = 0; input < INPUTS; input++) {
                stored[input * UNITS + unit] = weights[unit * INPUTS + input];
            }
        }
        return WeightArray.transposed(WeightArray.of(stored), INPUTS);
    }

    /** The image is the feature map; a hidden layer on it, then three classes. */
    private InferencePlan plan(Dense hidden, boolean readsTwice) {
        PlanBuilder plan = new PlanBuilder(new Shape(ROWS, COLUMNS, CHANNELS));
        int flat = plan.add("flatten", new Reshape(new Shape(INPUTS)), InferencePlan.INPUT);
        int units = plan.add("hidden", hidden, flat);
        int classes =
                plan.add("classes", Dense.of(numbers(3 * hidden.outputs()), numbers(3), Activation.IDENTITY), units);
        if (readsTwice) {
            plan.add("again", new Reshape(new Shape(1, 1, INPUTS)), InferencePlan.INPUT);
        }
        return plan.build(Map.of(InferencePlan.FEATURES, InferencePlan.INPUT, InferencePlan.LOGITS, classes));
    }

    private Dense hidden(boolean isTransposed) {
        return new Dense(INPUTS, UNITS, matrix(isTransposed), bias, Activation.RELU);
    }

    private static Values run(InferencePlan plan, String engine, float[] images) {
        try (Engine running =
                Engines.of(plan, EngineSettings.standard().withThreads(1).withEngine(engine))) {
            return running.run(
                    Map.of(InferencePlan.IMAGE, Batch.of(images, plan.input())),
                    plan.outputs().keySet());
        }
    }

    @ParameterizedTest
    @CsvSource({"Java, false", "Java, true", "oneDNN, false", "oneDNN, true"})
    void givesTheSameScoresAndEachCellsShare(String engine, boolean isTransposed) {
        InferencePlan plan = plan(hidden(isTransposed), false);
        InferencePlan byCell = SummedByCell.of(plan);
        float[] images = numbers(IMAGES * INPUTS);

        Values values = run(byCell, engine, images);

        assertThat(byCell.shape(byCell.output(InferencePlan.SUMMANDS))).isEqualTo(new Shape(ROWS, COLUMNS, UNITS));
        assertThat(values.host(InferencePlan.LOGITS))
                .containsExactly(run(plan, "Java", images).host(InferencePlan.LOGITS), within(1e-3f));
        float[] summands = values.host(InferencePlan.SUMMANDS);
        for (int check = 0; check < 1000; check++) {
            int image = random.nextInt(IMAGES);
            int cell = random.nextInt(CELLS);
            int unit = random.nextInt(UNITS);
            double expected = 0;
            for (int k = 0; k < CHANNELS; k++) {
                expected += (double) weights[unit * INPUTS + cell * CHANNELS + k]
                        * images[image * INPUTS + cell * CHANNELS + k];
            }
            assertThat((double) summands[(image * CELLS + cell) * UNITS + unit]).isCloseTo(expected, within(1e-5));
        }
    }

    @Test
    void leadsToTheSameMapAsTheWalkToTheFeatures() {
        InferencePlan plan = plan(hidden(true), false);
        InferencePlan byCell = SummedByCell.of(plan);
        float[] image = numbers(INPUTS);
        float[] seed = {0.5f, -1, 2};

        float[] expected = map(plan, image, seed);
        float[] found = map(byCell, image, seed);

        assertThat(found).containsExactly(expected, within(1e-4f * CELLS));
    }

    /** The map of a mixture of the classes, then the bias times the cells. */
    private static float[] map(InferencePlan classifier, float[] image, float[] seed) {
        InferencePlan plan = withKept(classifier);
        Values values = run(plan, "oneDNN", image);
        try (WayBack back = new WayBack(plan, EngineSettings.standard())) {
            WayBack.Result result = back.walk(values, 0, seed)[0];
            float[] map = new float[CELLS + 1];
            result.map(values.host(back.end()), 0, map, 0);
            map[CELLS] = result.bias() * CELLS;
            return map;
        }
    }

    /** Makes the hidden layer's results an output, which the way back reads. */
    private static InferencePlan withKept(InferencePlan plan) {
        Map<String, Integer> outputs = new TreeMap<>(plan.outputs());
        int logits = plan.output(InferencePlan.LOGITS);
        plan.steps().stream()
                .filter(step -> step.value() == logits)
                .forEach(step -> outputs.put("hidden", step.inputs().get(0)));
        return plan.withOutputs(outputs);
    }

    @Test
    void leavesSmallLayersAndMapsWithOtherReaders() {
        InferencePlan small = plan(Dense.of(numbers(INPUTS * 32), numbers(32), Activation.RELU), false);
        InferencePlan twice = plan(hidden(false), true);

        assertThat(SummedByCell.of(small)).isSameAs(small);
        assertThat(SummedByCell.of(twice)).isSameAs(twice);
    }

    @Test
    void theProductsAreOneGroupForEachCell() {
        InferencePlan byCell = SummedByCell.of(plan(hidden(false), false));

        assertThat(byCell.steps())
                .filteredOn(step -> step.operation() instanceof Convolution)
                .singleElement()
                .satisfies(step ->
                        assertThat(((Convolution) step.operation()).groups()).isEqualTo(CELLS));
        assertThat(byCell.outputs().keySet())
                .isEqualTo(Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS, InferencePlan.SUMMANDS));
    }
}
