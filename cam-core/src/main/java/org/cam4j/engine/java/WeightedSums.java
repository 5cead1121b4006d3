package org.cam4j.engine.java;

import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;

/**
 * Convolutions and dense layers without what follows the sums: {@code y_o = Σ_k Σ_i W(k, i, o) · x_i(k) + b_o} for each cell, over the
 * entries k of a kernel and the input channels i.
 *
 * <p>A tile of cells is computed at a time: its sums stay in the processor's cache while all weights pass by once.
 */
final class WeightedSums {

    /** Cells per tile: their sums over 512 channels take 256 KiB. */
    private static final int TILE = 64;

    /** Rows of weights converted to doubles at a time. */
    private static final int ROWS = 4;

    private static final int OUTSIDE = -1;

    private final Window window;
    private final int groups;
    private final int inputs;
    private final int outputs;
    private final float[] weights;
    private final float[] bias;
    private final double[] image;
    private final Shape shape;
    private final Shape output;
    private final double[] result;

    private WeightedSums(
            Window window, int groups, float[] weights, float[] bias, double[] image, Shape shape, Shape output) {
        this.window = window;
        this.groups = groups;
        this.inputs = shape.channels() / groups;
        this.outputs = output.channels();
        this.weights = weights;
        this.bias = bias;
        this.image = image;
        this.shape = shape;
        this.output = output;
        this.result = new double[output.size()];
    }

    /** Computes a convolution with its bias, without the second input and the activation. */
    static double[] of(
            Convolution convolution,
            TransposedWeights weights,
            double[] image,
            Shape shape,
            Shape output,
            Ranges ranges) {
        return new WeightedSums(
                        convolution.window(),
                        convolution.groups(),
                        weights.of(convolution),
                        convolution.bias(),
                        image,
                        shape,
                        output)
                .run(ranges);
    }

    /** Computes a dense layer with its bias, without the activation. */
    static double[] of(
            Dense dense, TransposedWeights weights, double[] values, Shape shape, Shape output, Ranges ranges) {
        return new WeightedSums(Window.of(1, 1), 1, weights.of(dense), dense.bias(), values, shape, output).run(ranges);
    }

    private double[] run(Ranges ranges) {
        int cells = output.height() * output.width();
        ranges.each(
                cells, (long) cells * weights.length, (from, to) -> new Tile(Math.min(TILE, to - from)).run(from, to));
        return result;
    }

    /** The sums of neighbouring cells, with buffers for their inputs. Not thread-safe. */
    private final class Tile {

        private final double[][] sums;
        private final int[] sources;
        private final double[][] rows = new double[ROWS][outputs];
        private final double[] cell = new double[shape.channels()];

        Tile(int size) {
            this.sums = new double[size][outputs];
            this.sources = new int[size];
        }

        void run(int from, int to) {
            for (int start = from; start < to; start += sums.length) {
                compute(start, Math.min(sums.length, to - start));
            }
        }

        private void compute(int start, int count) {
            for (int i = 0; i < count; i++) {
                for (int o = 0; o < outputs; o++) {
                    sums[i][o] = bias[o];
                }
            }
            for (int y = 0; y < window.height(); y++) {
                for (int x = 0; x < window.width(); x++) {
                    locate(start, count, y, x);
                    add(count, (y * window.width() + x) * inputs);
                }
            }
            for (int i = 0; i < count; i++) {
                System.arraycopy(sums[i], 0, result, (start + i) * outputs, outputs);
            }
        }

        /** Finds the positions of the cells that a kernel entry reads. */
        private void locate(int start, int count, int kernelY, int kernelX) {
            Padding padding = window.padding();
            for (int i = 0; i < count; i++) {
                int y = (start + i) / output.width() * window.strideY() + kernelY * window.dilationY() - padding.top();
                int x = (start + i) % output.width() * window.strideX() + kernelX * window.dilationX() - padding.left();
                boolean isInside = y >= 0 && y < shape.height() && x >= 0 && x < shape.width();
                sources[i] = isInside ? (y * shape.width() + x) * shape.channels() : OUTSIDE;
            }
        }

        /** Adds the products of one kernel entry; {@code firstRow} is the first row of its weights. */
        private void add(int count, int firstRow) {
            for (int input = 0; input < inputs; input += ROWS) {
                int height = Math.min(ROWS, inputs - input);
                for (int row = 0; row < height; row++) {
                    read(firstRow + input + row, rows[row]);
                }
                for (int i = 0; i < count; i++) {
                    if (sources[i] != OUTSIDE) {
                        add(sums[i], sources[i], input, height);
                    }
                }
            }
        }

        private void read(int row, double[] numbers) {
            int start = row * outputs;
            for (int o = 0; o < outputs; o++) {
                numbers[o] = weights[start + o];
            }
        }

        private void add(double[] cellSums, int source, int input, int height) {
            if (groups > 1) {
                for (int row = 0; row < height; row++) {
                    addGrouped(cellSums, source + input + row, rows[row]);
                }
            } else if (height == ROWS) {
                ScaledRows.addFour(cellSums, image, source + input, rows, 0);
            } else {
                for (int row = 0; row < height; row++) {
                    ScaledRows.add(cellSums, image[source + input + row], rows[row]);
                }
            }
        }

        /** Adds products in a grouped convolution, where outputs read only the inputs of their group. */
        private void addGrouped(double[] cellSums, int source, double[] row) {
            if (inputs == 1 && outputs == groups) {
                System.arraycopy(image, source, cell, 0, outputs);
                ScaledRows.addProducts(cellSums, cell, row);
                return;
            }
            int each = outputs / groups;
            for (int group = 0; group < groups; group++) {
                double x = image[source + group * inputs];
                for (int o = group * each; o < (group + 1) * each; o++) {
                    cellSums[o] += x * row[o];
                }
            }
        }
    }
}
