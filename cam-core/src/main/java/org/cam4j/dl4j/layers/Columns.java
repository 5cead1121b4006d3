package org.cam4j.dl4j.layers;

import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.convolution.Convolution;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The windows of a convolution on a map: gathers their cells into columns, and adds columns back to the cells that they came
 * from.
 *
 * @param kernel rows and columns of a window
 * @param stride steps in rows and columns
 * @param padding rows above and columns to the left, where the mode is not {@code Same}
 * @param dilation distance of a window's cells
 * @param mode {@code Same} pads as TensorFlow does
 * @param height rows of the map
 * @param width columns of the map
 */
record Columns(
        int[] kernel, int[] stride, int[] padding, int[] dilation, ConvolutionMode mode, long height, long width) {

    /** Returns the number of windows along the rows. */
    long rows() {
        return steps(height, 0);
    }

    /** Returns the number of windows along the columns. */
    long columns() {
        return steps(width, 1);
    }

    /** Returns the rows of padding above the map. */
    int above() {
        return before(height, 0);
    }

    /** Returns the columns of padding to the left of the map. */
    int left() {
        return before(width, 1);
    }

    private boolean same() {
        return mode == ConvolutionMode.Same;
    }

    private long reach(int axis) {
        return (kernel[axis] - 1L) * dilation[axis] + 1;
    }

    private long steps(long cells, int axis) {
        return same()
                ? (cells + stride[axis] - 1) / stride[axis]
                : (cells + 2L * padding[axis] - reach(axis)) / stride[axis] + 1;
    }

    /** Returns the padding before the first cell of an axis. */
    private int before(long cells, int axis) {
        if (!same()) {
            return padding[axis];
        }
        long total = (steps(cells, axis) - 1) * stride[axis] + reach(axis) - cells;
        return Math.toIntExact(Math.max(0, total) / 2);
    }

    /**
     * Gathers the windows' cells.
     *
     * @param map [n, h, w, c]
     * @return [c, kh, kw, n, rows, columns], row-major
     */
    INDArray of(INDArray map) {
        long n = map.size(0);
        long channels = map.size(3);
        INDArray gathered = Nd4j.createUninitialized(
                map.dataType(), new long[] {n, channels, kernel[0], kernel[1], rows(), columns()}, 'c');
        Convolution.im2col(
                map.permute(0, 3, 1, 2).dup('c'),
                kernel[0],
                kernel[1],
                stride[0],
                stride[1],
                before(height, 0),
                before(width, 1),
                dilation[0],
                dilation[1],
                same(),
                gathered);
        return gathered.permute(1, 2, 3, 0, 4, 5).dup('c');
    }

    /**
     * Adds columns back to the cells that they came from.
     *
     * @param gathered [c, kh, kw, n, rows, columns]
     * @return [n, h, w, c], row-major
     */
    INDArray added(INDArray gathered) {
        INDArray columns = gathered.permute(3, 0, 1, 2, 4, 5).dup('c');
        INDArray map =
                Nd4j.create(columns.dataType(), new long[] {columns.size(0), columns.size(1), height, width}, 'c');
        Convolution.col2im(
                columns,
                map,
                stride[0],
                stride[1],
                before(height, 0),
                before(width, 1),
                Math.toIntExact(height),
                Math.toIntExact(width),
                dilation[0],
                dilation[1]);
        return map.permute(0, 2, 3, 1).dup('c');
    }
}
