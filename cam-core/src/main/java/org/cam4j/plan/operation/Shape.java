package org.cam4j.plan.operation;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The size of a value, of one image: one to four axes, channels last. An image or a map is [height, width, channels], a sequence of
 * tokens [tokens, channels], a vector [channels] or 1x1 with as many channels as it has entries.
 *
 * <p>Cell-by-cell operations see every value as {@link #height()} rows of {@link #width()} cells of {@link #channels()} numbers. The
 * last axis is the channels, the axis before it the columns; all other axes together are the rows. Numbers are row-major in memory.
 */
public final class Shape {

    private static final int MOST_AXES = 4;

    private final int[] sizes;
    private final int entries;

    /**
     * Creates a size; checks that every axis is positive and that an array can hold all entries.
     *
     * @param sizes of one to four axes, each positive; copied
     * @throws TooLargeException if an array cannot hold all entries
     */
    public Shape(int... sizes) {
        if (sizes.length < 1 || sizes.length > MOST_AXES) {
            throw new IllegalArgumentException("a value of " + sizes.length + " axes: expected 1 to " + MOST_AXES);
        }
        this.sizes = sizes.clone();
        long product = 1;
        for (int size : sizes) {
            if (size < 1) {
                throw new IllegalArgumentException("a value of " + this + ": every axis must be positive");
            }
            product *= size;
            if (product > Integer.MAX_VALUE) {
                throw new TooLargeException("a value of " + this + " has more entries than an array can hold");
            }
        }
        this.entries = (int) product;
    }

    /**
     * Returns the size of a computed result.
     *
     * @throws TooLargeException if an array cannot hold it
     */
    static Shape of(long... sizes) {
        for (long size : sizes) {
            if (size > Integer.MAX_VALUE) {
                throw new TooLargeException("a value of "
                        + Arrays.stream(sizes).mapToObj(String::valueOf).collect(Collectors.joining("x"))
                        + " has more entries than an array can hold");
            }
        }
        return new Shape(Arrays.stream(sizes).mapToInt(size -> (int) size).toArray());
    }

    /**
     * Returns the number of axes.
     *
     * @return 1 to 4
     */
    public int rank() {
        return sizes.length;
    }

    /**
     * Returns the size of one axis.
     *
     * @param axis from 0; the last one is the channels
     * @return positive
     */
    public int size(int axis) {
        return sizes[axis];
    }

    /**
     * Returns the sizes of all axes.
     *
     * @return a copy
     */
    public int[] sizes() {
        return sizes.clone();
    }

    /**
     * Returns the number of entries.
     *
     * @return the product of all axes
     */
    public int size() {
        return entries;
    }

    /**
     * Returns the number of rows.
     *
     * @return the product of all axes before the columns; 1 for tokens and vectors
     */
    public int height() {
        int rows = 1;
        for (int axis = 0; axis < sizes.length - 2; axis++) {
            rows *= sizes[axis];
        }
        return rows;
    }

    /**
     * Returns the number of cells in a row.
     *
     * @return the axis before the channels; 1 for vectors
     */
    public int width() {
        return sizes.length == 1 ? 1 : sizes[sizes.length - 2];
    }

    /**
     * Returns the number of channels.
     *
     * @return the last axis
     */
    public int channels() {
        return sizes[sizes.length - 1];
    }

    /**
     * Whether each channel is a single number.
     *
     * @return true if there is one cell
     */
    public boolean isVector() {
        return entries == channels();
    }

    /**
     * Whether this is the size of an image or map, over which windows can move.
     *
     * @return true for [height, width, channels]
     */
    public boolean isImage() {
        return sizes.length == 3;
    }

    /**
     * Whether all axes except the channels have the same sizes.
     *
     * @param other compared with
     * @return true if only the channels may differ
     */
    public boolean sameCells(Shape other) {
        return withChannels(1).equals(other.withChannels(1));
    }

    /**
     * Returns the same size with another number of channels.
     *
     * @param channels positive
     * @return a new size
     */
    public Shape withChannels(int channels) {
        return with(sizes.length - 1, channels);
    }

    /**
     * Returns the same size except for one axis.
     *
     * @param axis from 0
     * @param size positive
     * @return a new size
     */
    public Shape with(int axis, int size) {
        int[] others = sizes.clone();
        others[axis] = size;
        return new Shape(others);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    /** For a plan's listing: {@code 14x14x512}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int size : sizes) {
            text.append(text.isEmpty() ? "" : "x").append(size);
        }
        return text.toString();
    }
}
