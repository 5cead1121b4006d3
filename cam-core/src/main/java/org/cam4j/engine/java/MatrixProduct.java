package org.cam4j.engine.java;

import java.util.Arrays;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Shape;

/** The product of two values' last two axes, [.., m, k] times [.., k, n] or [.., n, k]. */
final class MatrixProduct {

    private final double[] first;
    private final double[] second;
    private final boolean transposesSecond;
    private final int rows;
    private final int joined;
    private final int columns;

    private MatrixProduct(MatMul operation, double[] first, double[] second, Shape shape, Shape output) {
        this.first = first;
        this.second = second;
        this.transposesSecond = operation.transposesSecond();
        this.rows = output.width();
        this.joined = shape.channels();
        this.columns = output.channels();
    }

    /** Computes the product; {@code shape} is the size of the first value. */
    static double[] of(MatMul operation, double[] first, double[] second, Shape shape, Shape output, Ranges ranges) {
        MatrixProduct product = new MatrixProduct(operation, first, second, shape, output);
        double[] result = new double[output.size()];
        int allRows = output.height() * output.width();
        ranges.each(allRows, (long) output.size() * product.joined, (from, to) -> product.compute(from, to, result));
        return result;
    }

    private void compute(int from, int to, double[] result) {
        double[][] factors = new double[joined][columns];
        double[] sums = new double[columns];
        int matrix = -1;
        for (int row = from; row < to; row++) {
            if (row / rows != matrix) {
                matrix = row / rows;
                read(matrix, factors);
            }
            multiply(row, factors, sums);
            System.arraycopy(sums, 0, result, row * columns, columns);
        }
    }

    /** Reads one matrix [k][n] of the second value. */
    private void read(int matrix, double[][] factors) {
        int start = matrix * joined * columns;
        for (int k = 0; k < joined; k++) {
            for (int n = 0; n < columns; n++) {
                factors[k][n] = second[start + (transposesSecond ? n * joined + k : k * columns + n)];
            }
        }
    }

    private void multiply(int row, double[][] factors, double[] sums) {
        Arrays.fill(sums, 0);
        int start = row * joined;
        int k = 0;
        for (; k + 4 <= joined; k += 4) {
            ScaledRows.addFour(sums, first, start + k, factors, k);
        }
        for (; k < joined; k++) {
            ScaledRows.add(sums, first[start + k], factors[k]);
        }
    }
}
