package org.cam4j.explain;

/**
 * Cells as rows of a matrix: M [cells, channels], the channel vector of each cell.
 *
 * @param cells rows
 * @param channels columns
 * @param values M, row-major; not copied
 */
record CellVectors(int cells, int channels, double... values) {

    /** Activations are in single precision, whose unit in the last place is 6e-8 to 1.2e-7. */
    private static final double ROUNDED = 1e-7;

    /** Returns the channel vectors of values [h, w, k]. */
    static CellVectors of(double[] values, int channels) {
        return new CellVectors(values.length / channels, channels, values);
    }

    /** Returns the vectors less their mean. What is left by the rounding of equal values is 0, so that it becomes no component. */
    CellVectors centred() {
        double[] means = new double[channels];
        for (int i = 0; i < values.length; i++) {
            means[i % channels] += values[i] / cells;
        }
        double[] centred = new double[values.length];
        for (int i = 0; i < centred.length; i++) {
            double mean = means[i % channels];
            double difference = values[i] - mean;
            centred[i] = Math.abs(difference) > ROUNDED * Math.abs(mean) ? difference : 0;
        }
        return new CellVectors(cells, channels, centred);
    }

    /**
     * Projects each cell's vector on the first right singular vector: {@code M v_1}, which is {@code σ_1 u_1}. The sign is that of the
     * eigenvector that was found.
     */
    double[] firstComponent() {
        return SymmetricEigenvector.largest(cells, u -> times(transposedTimes(u)))
                .component(0);
    }

    /** Returns {@code M Mᵀ}, the products of all pairs of cells [cells, cells]. */
    double[][] products() {
        double[][] products = new double[cells][cells];
        for (int i = 0; i < cells; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = 0; k < channels; k++) {
                    sum += values[i * channels + k] * values[j * channels + k];
                }
                products[i][j] = sum;
                products[j][i] = sum;
            }
        }
        return products;
    }

    private double[] transposedTimes(double[] u) {
        double[] product = new double[channels];
        for (int i = 0; i < cells; i++) {
            for (int k = 0; k < channels; k++) {
                product[k] += values[i * channels + k] * u[i];
            }
        }
        return product;
    }

    private double[] times(double[] v) {
        double[] product = new double[cells];
        for (int i = 0; i < cells; i++) {
            for (int k = 0; k < channels; k++) {
                product[i] += values[i * channels + k] * v[k];
            }
        }
        return product;
    }

    /** Turns a component so that its entry of the largest size, the first of equal ones, is positive. */
    static float[] largestPositive(double[] component) {
        double largest = 0;
        for (double value : component) {
            if (Math.abs(value) > Math.abs(largest)) {
                largest = value;
            }
        }
        return signed(component, largest < 0 ? -1 : 1);
    }

    static float[] signed(double[] component, int sign) {
        float[] map = new float[component.length];
        for (int i = 0; i < map.length; i++) {
            map[i] = (float) (sign * component[i]);
        }
        return map;
    }
}
