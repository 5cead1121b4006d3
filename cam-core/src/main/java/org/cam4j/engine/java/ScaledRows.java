package org.cam4j.engine.java;

/**
 * The innermost loops of matrix products: rows times numbers, added to a row of sums.
 *
 * <p>All rows begin at index 0 of an array of their own: with offsets the JVM's compiler makes no vector instructions of the loops, which
 * then take three times as long. Four rows at once, so that a sum is read and written once for four products.
 */
final class ScaledRows {

    private ScaledRows() {}

    /** {@code sums += x · row}. */
    static void add(double[] sums, double x, double[] row) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += x * row[i];
        }
    }

    /** {@code sums += Σ_j x[at + j] · rows[first + j]} for four rows. */
    static void addFour(double[] sums, double[] x, int at, double[][] rows, int first) {
        double a = x[at];
        double b = x[at + 1];
        double c = x[at + 2];
        double d = x[at + 3];
        double[] rowA = rows[first];
        double[] rowB = rows[first + 1];
        double[] rowC = rows[first + 2];
        double[] rowD = rows[first + 3];
        for (int i = 0; i < sums.length; i++) {
            sums[i] += a * rowA[i] + b * rowB[i] + c * rowC[i] + d * rowD[i];
        }
    }

    /** {@code sums += x ∘ row}, number by number. */
    static void addProducts(double[] sums, double[] x, double[] row) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += x[i] * row[i];
        }
    }
}
