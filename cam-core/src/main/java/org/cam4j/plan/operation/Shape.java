package org.cam4j.plan.operation;

/**
 * The size of a value: one image's rows, columns and channels. A vector is 1x1 with as many channels as it has entries.
 *
 * @param height rows, positive
 * @param width columns, positive
 * @param channels channels, positive
 */
public record Shape(int height, int width, int channels) {

    /** Checks that there is something of everything and that an array can hold it. */
    public Shape {
        if (height < 1 || width < 1 || channels < 1) {
            throw new IllegalArgumentException("a value of " + height + "x" + width + "x" + channels
                    + ": rows, columns and channels must be positive");
        }
        if ((long) height * width > Integer.MAX_VALUE / channels) {
            throw new TooLargeException(
                    "a value of " + height + "x" + width + "x" + channels + " has more entries than an array can hold");
        }
    }

    /**
     * A size that was computed.
     *
     * @throws TooLargeException if an array cannot hold it
     */
    static Shape of(long height, long width, long channels) {
        if (Math.max(height, Math.max(width, channels)) > Integer.MAX_VALUE) {
            throw new TooLargeException(
                    "a value of " + height + "x" + width + "x" + channels + " has more entries than an array can hold");
        }
        return new Shape((int) height, (int) width, (int) channels);
    }

    /**
     * Entries in all.
     *
     * @return height · width · channels
     */
    public int size() {
        return height * width * channels;
    }

    /**
     * Whether each channel is a single number.
     *
     * @return true for 1x1
     */
    public boolean isVector() {
        return height == 1 && width == 1;
    }

    /**
     * Whether rows and columns are the same.
     *
     * @param other compared with
     * @return true if only the channels may differ
     */
    public boolean sameCells(Shape other) {
        return height == other.height && width == other.width;
    }

    /** Written out: what the compiler makes of it takes Java's first 20 ms to prepare. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && sameCells(shape) && channels == shape.channels;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * height + width) + channels;
    }

    /** For a plan's listing: {@code 14x14x512}. */
    @Override
    public String toString() {
        return height + "x" + width + "x" + channels;
    }
}
