package org.cam4j.plan.operation;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The weights of a convolution or dense layer: in Java memory, or in a file and read on demand. If a prepared model holds the weights in
 * the engine's own layout, this array is not read.
 *
 * <p>Thread-safe if its source is. Engines pack each array once: arrays are equal if they are the same, or computed in the same way from
 * equal arrays.
 */
public final class WeightArray {

    /** Rows and columns of the tiles in which a matrix is transposed: both fit in a core's nearest cache. */
    private static final int TILE = 32;

    private static final String TRANSPOSED = "transposed";

    /** Copies some weights of an array. */
    @FunctionalInterface
    public interface Parts {

        /**
         * Fills a buffer.
         *
         * @param first the place of the first weight that is copied
         * @param target receives as many weights as it has room
         */
        void copy(int first, FloatBuffer target);
    }

    private final int length;
    private final Supplier<float[]> source;
    private final Optional<Parts> parts;
    private final Optional<WeightArray> original;

    /** What it is computed from, compared by its numbers; null if it is not computed. */
    private final Object derivation;

    private WeightArray(int length, Supplier<float[]> source, Optional<WeightArray> original, Object derivation) {
        this(length, source, Optional.empty(), original, derivation);
    }

    private WeightArray(
            int length,
            Supplier<float[]> source,
            Optional<Parts> parts,
            Optional<WeightArray> original,
            Object derivation) {
        this.length = length;
        this.source = Objects.requireNonNull(source, "source");
        this.parts = parts;
        this.original = original;
        this.derivation = derivation;
    }

    /**
     * Returns weights in memory.
     *
     * @param values not copied
     * @return the array
     */
    public static WeightArray of(float[] values) {
        return new WeightArray(values.length, () -> values, Optional.empty(), null);
    }

    /**
     * Returns weights that are read on demand.
     *
     * @param length number of weights
     * @param source returns that many weights, the same on every call
     * @return the array
     */
    public static WeightArray readBy(int length, Supplier<float[]> source) {
        return new WeightArray(length, source, Optional.empty(), null);
    }

    /**
     * Returns weights that are read on demand, also in parts.
     *
     * @param length number of weights
     * @param parts copies the same weights on every call
     * @return the array
     */
    public static WeightArray readInParts(int length, Parts parts) {
        return new WeightArray(
                length,
                () -> {
                    float[] values = new float[length];
                    parts.copy(0, FloatBuffer.wrap(values));
                    return values;
                },
                Optional.of(parts),
                Optional.empty(),
                null);
    }

    /**
     * Returns the transpose of a matrix; transposed when it is read. The transpose of a transpose is the matrix itself.
     *
     * @param matrix [rows][columns]
     * @param rows of the matrix
     * @return [columns][rows]
     */
    public static WeightArray transposed(WeightArray matrix, int rows) {
        if (matrix.derivation instanceof List<?> derivation
                && derivation.get(0).equals(TRANSPOSED)
                && derivation.get(2).equals(matrix.length / rows)) {
            return (WeightArray) derivation.get(1);
        }
        return new WeightArray(
                matrix.length,
                () -> transposed(matrix.values(), rows, matrix.length / rows),
                Optional.of(matrix),
                List.of(TRANSPOSED, matrix, rows));
    }

    /**
     * Divides a matrix into groups of columns that follow each other; divided when it is read. If the matrix is a transpose, the rows of
     * its original are already in this order, and {@link #original()} is that of the result too: for each group, the transpose.
     *
     * @param matrix [rows][columns]
     * @param rows of the matrix
     * @param groups how many, of the same number of columns
     * @return [groups][rows][columns / groups]
     */
    public static WeightArray byColumns(WeightArray matrix, int rows, int groups) {
        return new WeightArray(
                matrix.length,
                () -> byColumns(matrix.values(), rows, groups, matrix.length / rows / groups),
                matrix.original,
                List.of("by columns", matrix, rows, groups));
    }

    /**
     * Multiplies weights by factors; multiplied when they are read. Weight {@code i} is multiplied by the factor
     * {@code i / block · perBlock + i / run % perBlock}.
     *
     * @param weights what is multiplied
     * @param factors not copied, do not modify
     * @param block weights that follow each other and share some factors
     * @param perBlock factors of a block
     * @param run weights that follow each other and share one factor
     * @return as many weights
     */
    public static WeightArray scaled(WeightArray weights, float[] factors, int block, int perBlock, int run) {
        return new WeightArray(
                weights.length,
                () -> {
                    float[] scaled = weights.values().clone();
                    for (int i = 0; i < scaled.length; i++) {
                        scaled[i] *= factors[i / block * perBlock + i / run % perBlock];
                    }
                    return scaled;
                },
                Optional.empty(),
                List.of("scaled", weights, FloatBuffer.wrap(factors), block, perBlock, run));
    }

    private static float[] byColumns(float[] matrix, int rows, int groups, int columns) {
        float[] divided = new float[matrix.length];
        for (int group = 0; group < groups; group++) {
            for (int row = 0; row < rows; row++) {
                System.arraycopy(
                        matrix, (row * groups + group) * columns, divided, (group * rows + row) * columns, columns);
            }
        }
        return divided;
    }

    private static float[] transposed(float[] matrix, int rows, int columns) {
        float[] transposed = new float[matrix.length];
        for (int top = 0; top < rows; top += TILE) {
            for (int left = 0; left < columns; left += TILE) {
                for (int row = top; row < Math.min(rows, top + TILE); row++) {
                    for (int column = left; column < Math.min(columns, left + TILE); column++) {
                        transposed[column * rows + row] = matrix[row * columns + column];
                    }
                }
            }
        }
        return transposed;
    }

    /**
     * Returns the matrix of which this is the transpose, or each group of this the transpose of as many rows, for engines that read it as
     * it is.
     *
     * @return the matrix; empty if this array is no transpose
     */
    public Optional<WeightArray> original() {
        return original;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (derivation != null && other instanceof WeightArray array && derivation.equals(array.derivation));
    }

    @Override
    public int hashCode() {
        return derivation == null ? System.identityHashCode(this) : derivation.hashCode();
    }

    /**
     * Returns the number of weights without reading them.
     *
     * @return the number of weights
     */
    public int length() {
        return length;
    }

    /**
     * Returns the weights.
     *
     * @return not copied, do not modify; read again on each call if the weights are in a file
     */
    public float[] values() {
        return source.get();
    }

    /**
     * Returns the weights in parts, for those who copy a large array piece by piece. If it cannot be read in parts, all of it is read now.
     *
     * @return reads parts; do not keep it
     */
    public Parts parts() {
        return parts.orElseGet(() -> {
            float[] values = values();
            return (first, target) -> target.put(values, first, target.remaining());
        });
    }
}
