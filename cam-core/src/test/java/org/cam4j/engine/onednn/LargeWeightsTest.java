package org.cam4j.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.cam4j.engine.Batch;
import org.cam4j.engine.EngineSettings;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.WeightArray;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Plans;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Arrays of more than four million weights, which are packed in pieces if they fill whole blocks. All numbers are small integers, so that
 * sums are exact.
 */
class LargeWeightsTest {

    private static final int GROUPS = 5;

    private static int weight(int output, int input) {
        return (output * 31 + input * 17) % 11 - 5;
    }

    /** Of an array [rows][columns] or [groups][rows][columns] of a group. */
    private static WeightArray array(int rows, int columns, boolean isTransposed, boolean isInParts) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            int row = i / columns;
            int column = i % columns;
            values[i] = isTransposed ? weight(column, row) : weight(row, column);
        }
        return isInParts
                ? WeightArray.readInParts(
                        values.length, (first, target) -> target.put(values, first, target.remaining()))
                : WeightArray.of(values);
    }

    private static Operation dense(int inputs, int outputs, WeightArray weights) {
        return new Dense(inputs, outputs, weights, new float[outputs], Activation.IDENTITY);
    }

    private static Operation convolution(int groups, int inputs, int outputs, WeightArray weights) {
        return new Convolution(
                Window.of(1, 1),
                groups * inputs,
                outputs,
                groups,
                weights,
                new float[outputs],
                false,
                Activation.IDENTITY);
    }

    static Stream<Arguments> operations() {
        // Whole blocks of 16 and 64, and multiples of no block.
        return Stream.of(new int[] {2048, 2112}, new int[] {2103, 2021}).flatMap(sizes -> {
            int in = sizes[0];
            int out = sizes[1];
            WeightArray transposed = WeightArray.transposed(array(in, out, true, true), in);
            int grouped = out / (16 * GROUPS) * 16 * GROUPS;
            return Stream.of(
                    Arguments.of("dense", 1, 1, in, out, dense(in, out, array(out, in, false, false))),
                    Arguments.of("dense, in parts", 1, 1, in, out, dense(in, out, array(out, in, false, true))),
                    Arguments.of("dense, transposed", 1, 1, in, out, dense(in, out, transposed)),
                    Arguments.of("convolution", 3, 1, in, out, convolution(1, in, out, array(out, in, false, false))),
                    Arguments.of("convolution, transposed", 3, 1, in, out, convolution(1, in, out, transposed)),
                    Arguments.of(
                            "groups",
                            1,
                            GROUPS,
                            in,
                            grouped,
                            convolution(GROUPS, in, grouped, array(grouped, in, false, true))));
        });
    }

    @ParameterizedTest(name = "{0} {3} {4}")
    @MethodSource("operations")
    void areMultipliedWithTheirInputs(String name, int side, int groups, int inputs, int outputs, Operation operation)
            throws Exception {
        PlanBuilder builder = new PlanBuilder(new Shape(side, side, groups * inputs));
        InferencePlan plan = Plans.features(builder, builder.add(name, operation, InferencePlan.INPUT));
        float[] numbers = new float[side * side * groups * inputs];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i % 7 - 3;
        }
        float[] found;
        try (OneDnnEngine engine = OneDnnEngine.start(plan, EngineSettings.standard(), Optional.empty())) {
            found = engine.run(Batch.of(numbers, plan.input()), Set.of(InferencePlan.FEATURES))
                    .host(InferencePlan.FEATURES);
        }

        float[] expected = new float[side * side * outputs];
        for (int cell = 0; cell < side * side; cell++) {
            for (int output = 0; output < outputs; output++) {
                int first = (cell * groups + output / (outputs / groups)) * inputs;
                long sum = 0;
                for (int input = 0; input < inputs; input++) {
                    sum += weight(output, input) * (long) numbers[first + input];
                }
                expected[cell * outputs + output] = sum;
            }
        }
        assertThat(found).isEqualTo(expected);
    }
}
