package org.cam4j.plan.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.pass.PlanPass;
import org.cam4j.testing.Plans;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arrays that engines pack once: the same ones, and those that are computed in the same way. */
class WeightArrayTest {

    private static final float[] NUMBERS = {1, 2, 3, 4, 5, 6, 7, 8};

    @Test
    void weightsWithTheSameNumbersAreOthers() {
        assertThat(WeightArray.of(NUMBERS)).isNotEqualTo(WeightArray.of(NUMBERS));
        assertThat(WeightArray.readBy(8, () -> NUMBERS)).isNotEqualTo(WeightArray.readBy(8, () -> NUMBERS));
    }

    @Test
    void theTransposeOfATransposeIsTheMatrix() {
        WeightArray matrix = WeightArray.of(NUMBERS);
        WeightArray transpose = WeightArray.transposed(matrix, 2);

        assertThat(WeightArray.transposed(transpose, 4)).isSameAs(matrix);
        // Read as another matrix of as many numbers.
        assertThat(WeightArray.transposed(transpose, 2).values()).containsExactly(1, 3, 5, 7, 2, 4, 6, 8);
    }

    @Test
    void eachWeightIsMultipliedByTheFactorOfItsChannel() {
        WeightArray weights = WeightArray.of(NUMBERS);

        // Of two outputs.
        assertThat(WeightArray.scaled(weights, new float[] {10, 100}, 4, 1, 4).values())
                .containsExactly(10, 20, 30, 40, 500, 600, 700, 800);
        // Of four inputs.
        assertThat(WeightArray.scaled(weights, new float[] {1, 10, 100, 1000}, 8, 4, 1)
                        .values())
                .containsExactly(1, 20, 300, 4000, 5, 60, 700, 8000);
        // Of two groups of one input with kernels of two cells.
        assertThat(WeightArray.scaled(weights, new float[] {1, 10}, 4, 1, 2).values())
                .containsExactly(1, 2, 3, 4, 50, 60, 70, 80);
        // Of two inputs with kernels of two cells.
        assertThat(WeightArray.scaled(weights, new float[] {1, 10}, 8, 2, 2).values())
                .containsExactly(1, 2, 30, 40, 5, 6, 70, 80);
    }

    static List<Function<WeightArray, WeightArray>> computations() {
        return List.of(
                array -> WeightArray.transposed(array, 2),
                array -> WeightArray.transposed(array, 4),
                array -> WeightArray.byColumns(array, 2, 2),
                array -> WeightArray.byColumns(array, 2, 4),
                array -> WeightArray.scaled(array, new float[] {1, 2}, 4, 1, 4),
                array -> WeightArray.scaled(array, new float[] {1, 3}, 4, 1, 4),
                array -> WeightArray.scaled(array, new float[] {1, 2}, 8, 2, 1));
    }

    @ParameterizedTest
    @MethodSource("computations")
    void whatIsComputedInTheSameWayFromTheSameWeightsIsTheSame(Function<WeightArray, WeightArray> computation) {
        WeightArray weights = WeightArray.of(NUMBERS);
        WeightArray computed = computation.apply(weights);

        assertThat(computation.apply(weights)).isEqualTo(computed).hasSameHashCodeAs(computed);
        assertThat(computation.apply(computed)).isEqualTo(computation.apply(computation.apply(weights)));
        assertThat(computation.apply(WeightArray.of(NUMBERS))).isNotEqualTo(computed);
        assertThat(computations().stream().filter(other -> other.apply(weights).equals(computed)))
                .hasSize(1);
    }

    @Test
    void aPlanThatIsSimplifiedTwiceHasTheSameWeights() {
        PlanBuilder builder = new PlanBuilder(new Shape(2, 2, 2));
        int scaled = builder.add(
                "before", new ScaleShift(new float[] {2, 3}, new float[2], Activation.IDENTITY), InferencePlan.INPUT);
        Convolution convolution =
                new Convolution(Window.of(1, 1), 2, 4, 1, NUMBERS.clone(), new float[4], false, Activation.IDENTITY);
        int convolved = builder.add("convolution", convolution, scaled);
        int last = builder.add(
                "after",
                new ScaleShift(new float[] {1, 2, 3, 4}, new float[] {1, 1, 1, 1}, Activation.RELU),
                convolved);
        InferencePlan plan = Plans.features(builder, last);

        WeightArray first = onlyWeights(PlanPass.simplified(plan));

        assertThat(first.values()).containsExactly(2, 6, 12, 24, 30, 54, 56, 96);
        assertThat(onlyWeights(PlanPass.simplified(plan))).isEqualTo(first);
    }

    private static WeightArray onlyWeights(InferencePlan plan) {
        assertThat(plan.steps()).hasSize(1);
        return ((Convolution) plan.steps().get(0).operation()).weights();
    }
}
