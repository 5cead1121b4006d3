package org.cam4j.classifier;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A matrix [rows, channels]: how the averages of one feature map's channels go into some numbers.
 *
 * <p>Values are double and never modified once a matrix is handed out.
 */
sealed interface ChannelRows {

    /** How many numbers it makes. */
    int count();

    /** How many averages it reads. */
    int channels();

    /** Adds a multiple of a row to a sum [channels]. */
    void addTo(int row, double factor, double[] sum);

    /** Row by row times a factor [rows]. */
    ChannelRows scaled(double[] factors);

    /** Some neighbouring rows. */
    ChannelRows part(int first, int size);

    /**
     * Rows with one number at most, as identity, scaling and concatenation make them: a feature extractor's 2048 channels would
     * be 32 MB otherwise.
     *
     * @param channels how many averages it reads
     * @param columns where each row's number stands; -1 for a row of zeros
     * @param factors the numbers
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

        /** Whether it leaves the averages as they are. */
        boolean isIdentity() {
            return count() == channels
                    && IntStream.range(0, channels).allMatch(row -> columns[row] == row && factors[row] == 1);
        }
    }

    /**
     * All numbers.
     *
     * @param channels how many averages it reads
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

    /** The averages themselves. */
    static Sparse identity(int channels) {
        double[] ones = new double[channels];
        Arrays.fill(ones, 1);
        return new Sparse(channels, IntStream.range(0, channels).toArray(), ones);
    }

    /** Nothing of a map. */
    static Sparse zeros(int count, int channels) {
        int[] none = new int[count];
        Arrays.fill(none, -1);
        return new Sparse(channels, none, new double[count]);
    }

    /** The sum of two matrices of the same size. */
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

    /** One below the other. */
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
