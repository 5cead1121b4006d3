package org.cam4j.classifier;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A matrix [rows, channels] from the averages of a feature map's channels to numbers, one per row.
 *
 * <p>Immutable; values are double.
 */
sealed interface ChannelRows {

    /** The number of rows. */
    int count();

    /** The number of channels, whose averages the matrix reads. */
    int channels();

    /** Adds a multiple of a row to a sum [channels]. */
    void addTo(int row, double factor, double[] sum);

    /** Multiplies each row by its factor [rows]. */
    ChannelRows scaled(double[] factors);

    /** Returns a range of rows. */
    ChannelRows part(int first, int size);

    /**
     * A matrix with at most one number a row, as identity, scaling and concatenation create it. A full matrix would take 32 MB for a
     * feature extractor's 2048 channels.
     *
     * @param channels the number of averages that the matrix reads
     * @param columns the column of each row's number; -1 for a row of zeros
     * @param factors each row's number
     */
    record Sparse(int channels, int[] columns, double[] factors) implements ChannelRows {

        @Override
        public int count() {
            return columns.length;
        }

        @Override
        public void addTo(int row, double factor, double[] sum) {
            if (columns[row] >= 0) {
                sum[columns[row]] += factor * factors[row];
            }
        }

        @Override
        public ChannelRows scaled(double[] scale) {
            return new Sparse(
                    channels,
                    columns,
                    IntStream.range(0, count())
                            .mapToDouble(row -> factors[row] * scale[row])
                            .toArray());
        }

        @Override
        public ChannelRows part(int first, int size) {
            return new Sparse(
                    channels,
                    Arrays.copyOfRange(columns, first, first + size),
                    Arrays.copyOfRange(factors, first, first + size));
        }
    }

    /**
     * A dense matrix.
     *
     * @param channels the number of averages that the matrix reads
     * @param values [rows][channels]
     */
    record Full(int channels, double[][] values) implements ChannelRows {

        @Override
        public int count() {
            return values.length;
        }

        @Override
        public void addTo(int row, double factor, double[] sum) {
            double[] added = values[row];
            for (int k = 0; k < sum.length; k++) {
                sum[k] += factor * added[k];
            }
        }

        @Override
        public ChannelRows scaled(double[] scale) {
            double[][] scaled = new double[count()][channels];
            for (int row = 0; row < scaled.length; row++) {
                addTo(row, scale[row], scaled[row]);
            }
            return new Full(channels, scaled);
        }

        @Override
        public ChannelRows part(int first, int size) {
            return new Full(channels, Arrays.copyOfRange(values, first, first + size));
        }
    }

    /** Creates the identity matrix, for the averages themselves. */
    static Sparse identity(int channels) {
        double[] ones = new double[channels];
        Arrays.fill(ones, 1);
        return new Sparse(channels, IntStream.range(0, channels).toArray(), ones);
    }

    /** Creates a matrix of zeros. */
    static Sparse zeros(int count, int channels) {
        int[] none = new int[count];
        Arrays.fill(none, -1);
        return new Sparse(channels, none, new double[count]);
    }

    /** Adds two matrices of the same size. */
    static ChannelRows sum(ChannelRows first, ChannelRows second) {
        if (first instanceof Sparse a && second instanceof Sparse b && Arrays.equals(a.columns, b.columns)) {
            double[] factors = IntStream.range(0, a.count())
                    .mapToDouble(row -> a.factors[row] + b.factors[row])
                    .toArray();
            return new Sparse(a.channels, a.columns, factors);
        }
        double[][] sum = new double[first.count()][first.channels()];
        for (int row = 0; row < sum.length; row++) {
            first.addTo(row, 1, sum[row]);
            second.addTo(row, 1, sum[row]);
        }
        return new Full(first.channels(), sum);
    }

    /** Stacks matrices, one below the other. */
    static ChannelRows stacked(List<ChannelRows> parts) {
        int channels = parts.get(0).channels();
        if (parts.stream().allMatch(Sparse.class::isInstance)) {
            List<Sparse> sparse = parts.stream().map(Sparse.class::cast).toList();
            return new Sparse(
                    channels,
                    sparse.stream()
                            .flatMapToInt(part -> IntStream.of(part.columns))
                            .toArray(),
                    sparse.stream()
                            .flatMapToDouble(part -> Arrays.stream(part.factors))
                            .toArray());
        }
        double[][] rows = new double[parts.stream().mapToInt(ChannelRows::count).sum()][channels];
        int at = 0;
        for (ChannelRows part : parts) {
            for (int row = 0; row < part.count(); row++) {
                part.addTo(row, 1, rows[at++]);
            }
        }
        return new Full(channels, rows);
    }
}
