package org.cam4j.engine.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.junit.jupiter.api.Test;

/** Operations on tokens and on values of one to four axes, against NumPy 2.4 in double precision. */
class SequenceOperationsTest {

    private static final Offset<Double> EXACT = within(1e-14);

    private static double[] result(Operation operation, Shape shape, double... values) {
        return OperationDefinition.result(operation, List.of(values), List.of(shape));
    }

    private static double[] result(
            Operation operation, double[] first, Shape shape, double[] second, Shape secondShape) {
        return OperationDefinition.result(operation, List.of(first, second), List.of(shape, secondShape));
    }

    /** {@code numpy.arange(1, size + 1)}. */
    private static double[] counted(Shape shape) {
        return IntStream.rangeClosed(1, shape.size()).asDoubleStream().toArray();
    }

    private static double[] negative(Shape shape) {
        return IntStream.rangeClosed(1, shape.size()).mapToDouble(i -> -i).toArray();
    }

    /** {@code x @ w.T + b}. */
    @Test
    void denseLayersMultiplyEachCell() {
        Dense dense = Dense.of(new float[] {1, 2, 3, 4, 5, 6}, new float[] {10, -20}, Activation.IDENTITY);
        Shape maps = new Shape(2, 2, 3);

        assertThat(result(dense, maps, counted(maps))).containsExactly(24, 12, 42, 57, 60, 102, 78, 147);
        assertThat(result(dense, new Shape(3), 1, 2, 3)).containsExactly(24, 12);
        assertThat(result(dense.withActivation(Activation.RELU6), new Shape(1, 3), 1, 2, -9))
                .containsExactly(0, 0);
    }

    /** {@code a @ b} and {@code a @ b.swapaxes(-1, -2)}. */
    @Test
    void matricesAreMultipliedEachWithItsOwn() {
        Shape first = new Shape(2, 2, 3);
        Shape second = new Shape(2, 3, 2);
        Shape of4 = new Shape(1, 2, 2, 5);

        assertThat(result(new MatMul(false), counted(first), first, counted(second), second))
                .containsExactly(22, 28, 49, 64, 220, 244, 301, 334);
        assertThat(result(new MatMul(true), counted(first), first, counted(first), first))
                .containsExactly(14, 32, 32, 77, 194, 266, 266, 365);
        assertThat(result(new MatMul(true), counted(of4), of4, counted(of4), of4))
                .containsExactly(55, 130, 130, 330, 855, 1180, 1180, 1630);
        assertThat(result(
                        new MatMul(false),
                        counted(new Shape(2, 5)),
                        new Shape(2, 5),
                        counted(new Shape(5, 3)),
                        new Shape(5, 3)))
                .containsExactly(135, 150, 165, 310, 350, 390);
    }

    /** {@code softmax(q @ k.T / sqrt(2)) @ v}. */
    @Test
    void attentionMixesTokens() {
        Shape tokens = new Shape(3, 2);
        Shape pairs = new Shape(3, 3);
        double[] products = result(
                new MatMul(true), new double[] {1, 0, 0, 1, 1, 1}, tokens, new double[] {1, 2, 0, 1, -1, 0}, tokens);
        double[] scaled = result(ScaleShift.uniform(3, (float) Math.sqrt(0.5), 0), pairs, products);
        double[] shares = result(new Softmax(), pairs, scaled);

        assertThat(result(new MatMul(false), shares, pairs, new double[] {1, 0, 0, 2, 3, 3}, tokens))
                .containsExactly(
                        new double[] {
                            0.9960630803454962,
                            0.9880785546126543,
                            0.9960630803454961,
                            0.9880785546126541,
                            0.9040830248800864,
                            0.5095524906363895
                        },
                        // The root of one half is a float here.
                        within(1e-7));
    }

    /** {@code scale * (x - x.mean(-1)) / sqrt(x.var(-1) + 0.5) + shift}. */
    @Test
    void tokensAreNormalisedOverTheirChannels() {
        LayerNormalize normalize = new LayerNormalize(0.5f, new float[] {1, 2, -1, 0.5f}, new float[] {0, 0.25f, 1, 0});

        assertThat(result(normalize, new Shape(2, 4), 1, 2, 3, 6, 0, 0, 0, 4))
                .containsExactly(
                        new double[] {
                            -1,
                            -0.75,
                            1,
                            0.75,
                            -0.5345224838248488,
                            -0.8190449676496976,
                            1.5345224838248488,
                            0.8017837257372732
                        },
                        EXACT);
    }

    /** {@code exp(x) / exp(x).sum(-1)}. */
    @Test
    void softmaxIsOverTheLastAxis() {
        assertThat(result(new Softmax(), new Shape(1, 2, 2, 3), 0, 1, 2, 3, 3, 3, -1, 0, 1, 10, 0, -10))
                .containsExactly(
                        new double[] {
                            0.09003057317038046,
                            0.24472847105479764,
                            0.6652409557748218,
                            1.0 / 3,
                            1.0 / 3,
                            1.0 / 3,
                            0.09003057317038046,
                            0.24472847105479764,
                            0.6652409557748218,
                            0.999954600070331,
                            4.539786860886666e-05,
                            2.061060046209062e-09
                        },
                        EXACT);
    }

    /** {@code x.transpose(order)}. */
    @Test
    void axesAreExchanged() {
        Shape of4 = new Shape(2, 3, 2, 2);

        assertThat(result(Transpose.of(1, 0), new Shape(2, 3), counted(new Shape(2, 3))))
                .containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(result(Transpose.of(2, 0, 1), new Shape(1, 2, 3), counted(new Shape(1, 2, 3))))
                .containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(result(Transpose.of(2, 0, 3, 1), of4, counted(of4)))
                .containsExactly(1, 5, 9, 2, 6, 10, 13, 17, 21, 14, 18, 22, 3, 7, 11, 4, 8, 12, 15, 19, 23, 16, 20, 24);
    }

    /** {@code x[:, 1:3]} and the like. */
    @Test
    void entriesOfAnyAxisAreKept() {
        Shape of3 = new Shape(2, 3, 2);
        Shape of4 = new Shape(2, 3, 2, 2);

        assertThat(result(new Slice(0, 1, 2), new Shape(3, 2), counted(new Shape(3, 2))))
                .containsExactly(3, 4, 5, 6);
        assertThat(result(new Slice(1, 1, 2), of3, counted(of3))).containsExactly(3, 4, 5, 6, 9, 10, 11, 12);
        assertThat(result(new Slice(1, 2, 1), of4, counted(of4))).containsExactly(9, 10, 11, 12, 21, 22, 23, 24);
        assertThat(result(Slice.channels(1, 2), new Shape(1, 2, 3), counted(new Shape(1, 2, 3))))
                .containsExactly(2, 3, 5, 6);
        assertThat(result(new Slice(0, 2, 1), new Shape(4), 1, 2, 3, 4)).containsExactly(3);
    }

    /** {@code numpy.concatenate((x, -x), axis)}. */
    @Test
    void valuesAreJoinedAlongAnyAxis() {
        Shape other = new Shape(2, 2, 2);
        Shape row = new Shape(1, 2, 2);
        Shape column = new Shape(2, 1, 2);

        assertThat(result(new Concatenate(0), counted(row), row, negative(other), other))
                .containsExactly(1, 2, 3, 4, -1, -2, -3, -4, -5, -6, -7, -8);
        assertThat(result(new Concatenate(1), counted(column), column, negative(other), other))
                .containsExactly(1, 2, -1, -2, -3, -4, 3, 4, -5, -6, -7, -8);
        assertThat(result(new Concatenate(2), counted(row), row, negative(row), row))
                .containsExactly(1, 2, -1, -2, 3, 4, -3, -4);
        assertThat(result(new Concatenate(0), new double[] {1}, new Shape(1), new double[] {2, 3}, new Shape(2)))
                .containsExactly(1, 2, 3);
    }

    @Test
    void reshapingKeepsTheOrder() {
        Shape shape = new Shape(1, 2, 3);

        assertThat(result(new Reshape(new Shape(3, 2)), shape, counted(shape))).containsExactly(counted(shape));
    }

    /** {@code x + vector} and {@code x * column}. */
    @Test
    void tokensAreCombinedWithVectorsAndSingleChannels() {
        Shape tokens = new Shape(2, 3);
        double[] x = counted(tokens);

        assertThat(result(new Elementwise(Elementwise.Kind.ADD), x, tokens, new double[] {10, 20, 30}, new Shape(3)))
                .containsExactly(11, 22, 33, 14, 25, 36);
        assertThat(result(new Elementwise(Elementwise.Kind.MULTIPLY), x, tokens, new double[] {2, -1}, new Shape(2, 1)))
                .containsExactly(2, 4, 6, -4, -5, -6);
    }
}
