package org.cam4j.explain;

/**
 * The largest eigenvalue of a small symmetric matrix and its vector, by the cyclic Jacobi method (Golub, Van Loan: "Matrix Computations",
 * 4th edition, section 8.5).
 */
final class SmallEigenvector {

    /** Off the diagonal, entries of this share of the matrix's size count as 0. */
    private static final double EXACT = 1e-15;

    /** The method converges quadratically; six to ten sweeps are usual. */
    private static final int MOST_SWEEPS = 60;

    private final double[][] matrix;
    private final double[][] vectors;

    private SmallEigenvector(double[][] matrix) {
        this.matrix = matrix;
        this.vectors = new double[matrix.length][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            vectors[i][i] = 1;
        }
    }

    /** An eigenvalue and its vector, of length 1. */
    record Pair(double value, double... vector) {}

    /**
     * Finds the largest eigenvalue, not the largest in size.
     *
     * @param diagonal of a tridiagonal matrix; its first entries are read
     * @param besideDiagonal entry i stands between i and i + 1
     * @param rows of the matrix
     */
    static Pair ofTridiagonal(double[] diagonal, double[] besideDiagonal, int rows) {
        double[][] matrix = new double[rows][rows];
        for (int i = 0; i < rows; i++) {
            matrix[i][i] = diagonal[i];
            if (i + 1 < rows) {
                matrix[i][i + 1] = besideDiagonal[i];
                matrix[i + 1][i] = besideDiagonal[i];
            }
        }
        SmallEigenvector solved = new SmallEigenvector(matrix);
        solved.diagonalize();
        return solved.largest();
    }

    private void diagonalize() {
        double size = 0;
        for (double[] row : matrix) {
            for (double entry : row) {
                size = Math.max(size, Math.abs(entry));
            }
        }
        boolean isDiagonal = false;
        for (int sweep = 0; sweep < MOST_SWEEPS && !isDiagonal; sweep++) {
            isDiagonal = true;
            for (int p = 0; p < matrix.length; p++) {
                for (int q = p + 1; q < matrix.length; q++) {
                    if (Math.abs(matrix[p][q]) > EXACT * size) {
                        isDiagonal = false;
                        rotate(p, q);
                    }
                }
            }
        }
    }

    /** Rotates the plane of two rows so that the entry they share becomes 0. */
    private void rotate(int p, int q) {
        double theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]);
        double tangent = Math.copySign(1, theta) / (Math.abs(theta) + Math.hypot(theta, 1));
        double cosine = 1 / Math.hypot(tangent, 1);
        double sine = tangent * cosine;
        for (double[] row : matrix) {
            turn(row, p, q, cosine, sine);
        }
        for (int i = 0; i < matrix.length; i++) {
            double above = matrix[p][i];
            matrix[p][i] = cosine * above - sine * matrix[q][i];
            matrix[q][i] = sine * above + cosine * matrix[q][i];
        }
        for (double[] row : vectors) {
            turn(row, p, q, cosine, sine);
        }
    }

    private static void turn(double[] row, int p, int q, double cosine, double sine) {
        double first = row[p];
        row[p] = cosine * first - sine * row[q];
        row[q] = sine * first + cosine * row[q];
    }

    private Pair largest() {
        int largest = 0;
        for (int i = 1; i < matrix.length; i++) {
            largest = matrix[i][i] > matrix[largest][largest] ? i : largest;
        }
        double[] vector = new double[matrix.length];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = vectors[i][largest];
        }
        return new Pair(matrix[largest][largest], vector);
    }
}
