package org.cam4j.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * Finds the largest eigenvalue of a symmetric matrix and its vector, by the Lanczos iteration with full reorthogonalization (Golub, Van
 * Loan: "Matrix Computations", 4th edition, section 10.3). The largest, not the largest in size; deterministic.
 */
final class SymmetricEigenvector {

    private static final long FIRST_VECTOR = 2026;

    /** The tridiagonal matrix is solved every so many steps. */
    private static final int STEPS = 8;

    private static final double EXACT = 1e-12;

    private final UnaryOperator<double[]> matrix;
    private final List<double[]> basis = new ArrayList<>();
    private final double[] diagonal;
    private final double[] besideDiagonal;
    private double size;
    private double value;
    private double[] vector;

    private SymmetricEigenvector(int rows, UnaryOperator<double[]> matrix) {
        this.matrix = matrix;
        this.diagonal = new double[rows];
        this.besideDiagonal = new double[rows];
    }

    /**
     * Finds the vector of a matrix that is given by what it does to vectors.
     *
     * @param rows of the matrix
     * @param matrix multiplies a vector by it, and returns a new one
     */
    static SymmetricEigenvector largest(int rows, UnaryOperator<double[]> matrix) {
        SymmetricEigenvector eigenvector = new SymmetricEigenvector(rows, matrix);
        eigenvector.iterate(new Random(FIRST_VECTOR).doubles(rows, 0.5, 1.5).toArray());
        return eigenvector;
    }

    double value() {
        return value;
    }

    /** Returns the vector, of length 1. */
    double[] vector() {
        return vector;
    }

    /** Returns the vector times the root of its eigenvalue; zeros unless that is above a floor. */
    double[] component(double floor) {
        return value > floor ? scaled(vector, Math.sqrt(value)) : new double[vector.length];
    }

    private void iterate(double[] start) {
        double[] next = scaled(start, 1 / length(start));
        double rest = 1;
        while (rest > 0) {
            basis.add(next);
            int steps = basis.size();
            double[] image = matrix.apply(next);
            diagonal[steps - 1] = product(image, next);
            size = Math.max(size, length(image));
            orthogonalize(image);
            rest = steps == diagonal.length || length(image) <= EXACT * size ? 0 : length(image);
            besideDiagonal[steps - 1] = rest;
            if ((rest == 0 || steps % STEPS == 0) && isSolved(rest)) {
                return;
            }
            next = scaled(image, 1 / rest);
        }
    }

    /** Solves the tridiagonal matrix; returns whether its vector is one of the whole matrix, rest times its last entry apart. */
    private boolean isSolved(double rest) {
        int steps = basis.size();
        SmallEigenvector.Pair small = SmallEigenvector.ofTridiagonal(diagonal, besideDiagonal, steps);
        double[] shares = small.vector();
        if (rest * Math.abs(shares[steps - 1]) > EXACT * size) {
            return false;
        }
        value = small.value();
        vector = new double[diagonal.length];
        for (int i = 0; i < steps; i++) {
            add(vector, shares[i], basis.get(i));
        }
        return true;
    }

    /** Takes the basis out of a vector, twice, as the first time leaves rounding errors of what it takes out. */
    private void orthogonalize(double[] image) {
        for (int pass = 0; pass < 2; pass++) {
            for (double[] known : basis) {
                add(image, -product(image, known), known);
            }
        }
    }

    private static void add(double[] sum, double factor, double[] vector) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * vector[i];
        }
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double length(double[] vector) {
        return Math.sqrt(product(vector, vector));
    }

    private static double[] scaled(double[] vector, double factor) {
        double[] scaled = new double[vector.length];
        add(scaled, factor, vector);
        return scaled;
    }
}
