package org.cam4j.plan.operation;

/**
 * The window of a convolution or pooling: a kernel that moves over a padded image.
 *
 * @param height rows of the kernel
 * @param width columns of the kernel
 * @param strideY rows from one position to the next
 * @param strideX columns from one position to the next
 * @param dilationY rows from one kernel entry to the next; 1 where the kernel has no holes
 * @param dilationX columns from one kernel entry to the next; 1 where the kernel has no holes
 * @param padding cells around the image
 */
public record Window(int height, int width, int strideY, int strideX, int dilationY, int dilationX, Padding padding) {

    /** Checks that sizes, strides and dilations are positive. */
    public Window {
        if (height < 1 || width < 1 || strideY < 1 || strideX < 1 || dilationY < 1 || dilationX < 1) {
            throw new IllegalArgumentException("a window of " + height + "x" + width + ", stride " + strideY + "x"
                    + strideX + ", dilation " + dilationY + "x" + dilationX + ": all must be positive");
        }
        if (Math.max((long) height * dilationY, (long) width * dilationX) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a window of " + height + "x" + width + " with dilation " + dilationY
                    + "x" + dilationX + " is larger than any image");
        }
    }

    /**
     * Returns a window with stride 1, dilation 1 and no padding.
     *
     * @param height rows
     * @param width columns
     * @return the window
     */
    public static Window of(int height, int width) {
        return new Window(height, width, 1, 1, 1, 1, Padding.NONE);
    }

    /**
     * Returns a window padded as TensorFlow's "same": {@code ceil(size / stride)} positions for any kernel size. If the padding is odd,
     * the extra cell is below or on the right.
     *
     * @param input the image's size
     * @param height rows of the kernel
     * @param width columns of the kernel
     * @param strides rows and columns from one position to the next
     * @param dilations rows and columns from one kernel entry to the next
     * @return the window
     */
    public static Window same(Shape input, int height, int width, int[] strides, int[] dilations) {
        int rows = missing(input.height(), extent(height, dilations[0]), strides[0]);
        int columns = missing(input.width(), extent(width, dilations[1]), strides[1]);
        Padding padding = new Padding(rows / 2, rows - rows / 2, columns / 2, columns - columns / 2);
        return new Window(height, width, strides[0], strides[1], dilations[0], dilations[1], padding);
    }

    private static int missing(int size, int extent, int stride) {
        long positions = ((long) size + stride - 1) / stride;
        long missing = Math.max(0, (positions - 1) * stride + extent - size);
        if (missing > Integer.MAX_VALUE) {
            throw new TooLargeException("a padding of " + missing + " cells is larger than any image");
        }
        return (int) missing;
    }

    private static int extent(int size, int dilation) {
        return (size - 1) * dilation + 1;
    }

    /**
     * Returns the rows that the kernel spans, dilation included.
     *
     * @return (height - 1) · dilation + 1
     */
    public int spanY() {
        return extent(height, dilationY);
    }

    /**
     * Returns the columns that the kernel spans, dilation included.
     *
     * @return (width - 1) · dilation + 1
     */
    public int spanX() {
        return extent(width, dilationX);
    }

    /**
     * Returns the same window with another padding.
     *
     * @param other cells around the image
     * @return a new window
     */
    public Window withPadding(Padding other) {
        return new Window(height, width, strideY, strideX, dilationY, dilationX, other);
    }

    /**
     * Whether it has a size, and strides and dilations of 1.
     *
     * @param rows of the window
     * @param columns of the window
     * @return true whatever its padding
     */
    public boolean isPlain(int rows, int columns) {
        return height == rows && width == columns && strideY == 1 && strideX == 1 && dilationY == 1 && dilationX == 1;
    }

    /**
     * Whether the window has one cell and skips none.
     *
     * @return true for 1x1 with stride 1 and no padding
     */
    public boolean isPointwise() {
        return height == 1 && width == 1 && strideY == 1 && strideX == 1 && padding.isNone();
    }

    /** Returns the size of the output: one cell for each position. */
    public Shape over(Shape input, int channels) {
        long rows = (long) input.height() + padding.top() + padding.bottom() - spanY();
        long columns = (long) input.width() + padding.left() + padding.right() - spanX();
        if (rows < 0 || columns < 0) {
            throw new IllegalArgumentException("the window " + this + " is larger than its input " + input);
        }
        return Shape.of(rows / strideY + 1, columns / strideX + 1, channels);
    }

    /** For a plan's listing: {@code 3x3/2 padding 0,1,0,1}. */
    @Override
    public String toString() {
        String text = height + "x" + width;
        if (strideY != 1 || strideX != 1) {
            text += strideY == strideX ? "/" + strideY : "/" + strideY + "x" + strideX;
        }
        if (dilationY != 1 || dilationX != 1) {
            text += " dilation " + dilationY + "x" + dilationX;
        }
        return padding.isNone() ? text : text + " padding " + padding;
    }
}
