package org.cam4j.image;

/**
 * A photo's row as running sums of its pixels, so that the sum of neighbouring pixels is one difference, whatever their number. A number
 * holds the sums of red, green and blue, {@value #BITS} bits each. Not thread-safe.
 */
final class RowSums {

    /** Bits of each colour's sum. */
    static final int BITS = 21;

    /** Pixels whose colours' sums fit into these bits. */
    static final int MOST = ((1 << BITS) - 1) / 255;

    private static final int MASK = (1 << BITS) - 1;

    private final long[] before;

    /**
     * Creates the sums of a black row.
     *
     * @param width columns
     */
    RowSums(int width) {
        this.before = new long[width + 1];
    }

    /**
     * Sums the pixels of a row.
     *
     * @param samples where its bytes lie
     * @param red the index of the first pixel's red
     * @param green from a pixel's red to its green
     * @param blue from a pixel's red to its blue
     * @param along from a pixel to the next
     */
    void load(byte[] samples, int red, int green, int blue, int along) {
        long sum = 0;
        for (int x = 1, at = red; x < before.length; x++, at += along) {
            sum += sum(samples[at] & 0xff, samples[at + green] & 0xff, samples[at + blue] & 0xff);
            before[x] = sum;
        }
    }

    /**
     * Sums the pixels of a row.
     *
     * @param packed pixels, {@code 0xRRGGBB}
     * @param start the index of the first one
     */
    void load(int[] packed, int start) {
        long sum = 0;
        for (int x = 1, at = start; x < before.length; x++, at++) {
            int pixel = packed[at];
            sum += sum((pixel >> 16) & 0xff, (pixel >> 8) & 0xff, pixel & 0xff);
            before[x] = sum;
        }
    }

    private static long sum(long red, long green, long blue) {
        return (red << (2 * BITS)) | (green << BITS) | blue;
    }

    /**
     * Returns the running sums, one more than pixels; not a copy. The difference of two is the sum of the pixels between them, if these are at
     * most {@link #MOST}; it does not matter that the running sums themselves overflow.
     */
    long[] before() {
        return before;
    }

    /** The red of a sum. */
    static long red(long sum) {
        return sum >>> (2 * BITS);
    }

    /** The green of a sum. */
    static long green(long sum) {
        return (sum >> BITS) & MASK;
    }

    /** The blue of a sum. */
    static long blue(long sum) {
        return sum & MASK;
    }
}
