package org.cam4j.classifier;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Numbers that are an affine function of globally average-pooled feature maps: {@code y = Σ_m R_m · mean(A_m) + shift}, with
 * {@code A_m} the maps and {@code R_m} a matrix for each. Compositions and sums of affine functions are affine. Therefore any sequence
 * of linear layers behind the pooling is one linear layer.
 *
 * <p>Immutable; computed in double, whatever the network's type.
 *
 * @param rows {@code R_m} [numbers, channels of m] by the number of the value that is {@code A_m}, in the order in which the
 *     maps were met; empty for constants
 * @param shift the constant term, [numbers]
 */
record PooledAffine(Map<Integer, ChannelRows> rows, double[] shift) {

    /** A matrix [outputs, inputs], read by element. */
    @FunctionalInterface
    interface Matrix {
        double at(int output, int input);
    }

    /** Creates the averages of a map's channels. */
    static PooledAffine of(int map, int channels) {
        return new PooledAffine(Map.of(map, ChannelRows.identity(channels)), new double[channels]);
    }

    /** Returns how many numbers the function has. */
    int count() {
        return shift.length;
    }

    /** Computes {@code scale · y + offset} elementwise. */
    PooledAffine scaled(double[] scale, double[] offset) {
        Map<Integer, ChannelRows> scaled = new LinkedHashMap<>();
        rows.forEach((map, matrix) -> scaled.put(map, matrix.scaled(scale)));
        double[] shifted = new double[count()];
        Arrays.setAll(shifted, i -> scale[i] * shift[i] + offset[i]);
        return new PooledAffine(scaled, shifted);
    }

    /** Adds a function with the same count. */
    PooledAffine plus(PooledAffine other) {
        Map<Integer, ChannelRows> sum = new LinkedHashMap<>(rows);
        other.rows.forEach((map, matrix) -> sum.merge(map, matrix, ChannelRows::sum));
        double[] shifted = new double[count()];
        Arrays.setAll(shifted, i -> shift[i] + other.shift[i]);
        return new PooledAffine(sum, shifted);
    }

    /** Subtracts a function with the same count. */
    PooledAffine minus(PooledAffine other) {
        double[] minusOne = new double[count()];
        Arrays.fill(minusOne, -1);
        return plus(other.scaled(minusOne, new double[count()]));
    }

    /** Returns a range of the numbers. */
    PooledAffine part(int first, int size) {
        Map<Integer, ChannelRows> parts = new LinkedHashMap<>();
        rows.forEach((map, matrix) -> parts.put(map, matrix.part(first, size)));
        return new PooledAffine(parts, Arrays.copyOfRange(shift, first, first + size));
    }

    /** Concatenates functions. */
    static PooledAffine joined(List<PooledAffine> parts) {
        Set<Integer> maps = new LinkedHashSet<>();
        parts.forEach(part -> maps.addAll(part.rows.keySet()));
        Map<Integer, ChannelRows> joined = new LinkedHashMap<>();
        for (int map : maps) {
            int channels = parts.stream()
                    .filter(part -> part.rows.containsKey(map))
                    .mapToInt(part -> part.rows.get(map).channels())
                    .findFirst()
                    .orElseThrow();
            joined.put(
                    map,
                    ChannelRows.stacked(parts.stream()
                            .map(part -> part.rows.getOrDefault(map, ChannelRows.zeros(part.count(), channels)))
                            .toList()));
        }
        return new PooledAffine(
                joined,
                parts.stream()
                        .flatMapToDouble(part -> Arrays.stream(part.shift))
                        .toArray());
    }

    /** Computes {@code matrix · y + bias}. */
    PooledAffine times(Matrix matrix, double[] bias) {
        Map<Integer, ChannelRows> product = new LinkedHashMap<>();
        rows.forEach((map, factor) -> product.put(map, product(matrix, bias.length, factor)));
        double[] shifted = bias.clone();
        for (int output = 0; output < shifted.length; output++) {
            for (int input = 0; input < shift.length; input++) {
                shifted[output] += matrix.at(output, input) * shift[input];
            }
        }
        return new PooledAffine(product, shifted);
    }

    private static ChannelRows product(Matrix matrix, int outputs, ChannelRows factor) {
        double[][] product = new double[outputs][factor.channels()];
        for (int output = 0; output < outputs; output++) {
            for (int input = 0; input < factor.count(); input++) {
                factor.addTo(input, matrix.at(output, input), product[output]);
            }
        }
        return new ChannelRows.Full(factor.channels(), product);
    }

    /**
     * Replaces a map that is a pointwise convolution of another map: the average of {@code W · B + b} is {@code W · mean(B) + b}.
     *
     * @param map the convolution's output
     * @param convolution the averages of the convolution's output as a function of the averages of its input
     */
    PooledAffine through(int map, PooledAffine convolution) {
        ChannelRows outer = rows.get(map);
        double[][] values = new double[count()][outer.channels()];
        for (int row = 0; row < values.length; row++) {
            outer.addTo(row, 1, values[row]);
        }
        Map<Integer, ChannelRows> others = new LinkedHashMap<>(rows);
        others.remove(map);
        return new PooledAffine(others, shift)
                .plus(convolution.times((output, input) -> values[output][input], new double[count()]));
    }
}
