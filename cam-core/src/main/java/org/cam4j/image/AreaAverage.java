package org.cam4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Arrays;

/**
 * Shrinks photos by area averaging: a pixel of the result is the mean of all that it covers, parts of pixels by their share, so that
 * nothing is skipped and fine patterns turn grey instead of flickering.
 *
 * <p>Takes the photo row by row, from the top, so that a decoder need not keep it. Shares are whole numbers: along an axis of {@code full}
 * photo pixels and {@code small} of the result, each photo pixel is {@code small} units long and each of the result's {@code full}. So sums
 * are exact, and a photo that lies on its side gives the same pixels as an upright one. Not thread-safe.
 */
final class AreaAverage {

    /** Bits behind the point of a level: 255 of them fit into a long. */
    private static final int BITS = 54;

    private static final long HALF = 1L << (BITS - 1);

    private final Axis columns;
    private final Axis rows;
    private final long[] line;
    private final long[] sums;
    private final boolean isNarrow;
    private final long perUnit;
    private final BufferedImage small;
    private final int[] pixels;
    private int nextLine;
    private int y;

    /**
     * Creates an average of no rows.
     *
     * @param photoWidth columns of the photo
     * @param photoHeight rows of the photo
     * @param width columns of the result, at most the photo's
     * @param height rows of the result, at most the photo's
     */
    AreaAverage(int photoWidth, int photoHeight, int width, int height) {
        this.columns = Axis.of(photoWidth, width);
        this.rows = Axis.of(photoHeight, height);
        this.line = new long[3 * width];
        this.sums = new long[3 * width];
        this.isNarrow = photoWidth <= RowSums.MOST;
        // Rounded up, so that halves are never below one half.
        this.perUnit = (1L << BITS) / ((long) photoWidth * photoHeight) + 1;
        this.small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        this.pixels = ((DataBufferInt) small.getRaster().getDataBuffer()).getData();
    }

    /** The photo in at most as many rows and columns as it has: a new image of type {@code TYPE_INT_RGB}. */
    static BufferedImage of(DecodedPhoto photo, int width, int height) {
        AreaAverage average = new AreaAverage(photo.width(), photo.height(), width, height);
        PixelSource pixels = photo.pixels();
        RowSums row = new RowSums(photo.width());
        for (int y = 0; y < photo.height(); y++) {
            pixels.sum(y, row);
            average.add(row);
        }
        return average.image();
    }

    /**
     * Adds the photo's next row.
     *
     * @param row as wide as the photo; not modified
     */
    void add(RowSums row) {
        if (isNarrow) {
            addNarrow(row.before());
        } else {
            addWide(row.before());
        }
        addLine();
    }

    /** Weighs the three colours of a sum in one product: all shares of a row together, times 255, fit into a colour's bits. */
    private void addNarrow(long[] before) {
        long unit = columns.small();
        for (int x = 0, to = 0; x < columns.small(); x++, to += 3) {
            int at = columns.first[x];
            int last = columns.last[x];
            long sum = columns.firstShares[x] * (before[at + 1] - before[at]);
            if (at != last) {
                sum += unit * (before[last] - before[at + 1])
                        + columns.lastShares[x] * (before[last + 1] - before[last]);
            }
            line[to] = RowSums.red(sum);
            line[to + 1] = RowSums.green(sum);
            line[to + 2] = RowSums.blue(sum);
        }
    }

    private void addWide(long[] before) {
        for (int x = 0, to = 0; x < columns.small(); x++, to += 3) {
            int at = columns.first[x];
            int last = columns.last[x];
            Arrays.fill(line, to, to + 3, 0);
            addTo(to, columns.firstShares[x], before[at + 1] - before[at]);
            if (at != last) {
                for (int from = at + 1; from < last; from += RowSums.MOST) {
                    addTo(to, columns.small(), before[Math.min(last, from + RowSums.MOST)] - before[from]);
                }
                addTo(to, columns.lastShares[x], before[last + 1] - before[last]);
            }
        }
    }

    private void addTo(int to, long share, long sum) {
        line[to] += share * RowSums.red(sum);
        line[to + 1] += share * RowSums.green(sum);
        line[to + 2] += share * RowSums.blue(sum);
    }

    /** Adds the line to the row of the result that it lies in, or to the two between which it lies. */
    private void addLine() {
        int share = nextLine == rows.first[y] ? rows.firstShares[y] : rows.small();
        if (nextLine == rows.last[y]) {
            addLine(nextLine == rows.first[y] ? share : rows.lastShares[y]);
            finishRow();
            if (y < rows.small() && rows.first[y] == nextLine) {
                addLine(rows.firstShares[y]);
            }
        } else {
            addLine(share);
        }
        nextLine++;
    }

    private void addLine(int share) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += share * line[i];
        }
    }

    private void finishRow() {
        int at = y * columns.small();
        for (int i = 0; i < sums.length; i += 3) {
            pixels[at++] = level(sums[i]) << 16 | level(sums[i + 1]) << 8 | level(sums[i + 2]);
        }
        Arrays.fill(sums, 0);
        y++;
    }

    private int level(long sum) {
        return (int) ((sum * perUnit + HALF) >> BITS);
    }

    /** The result, once all rows are added; not a copy. */
    BufferedImage image() {
        if (y != rows.small()) {
            throw new IllegalStateException("only " + nextLine + " rows were added");
        }
        return small;
    }

    /** For each pixel along one axis, the first and last that it covers, and their shares of it; all between have {@code small}. */
    private record Axis(int[] first, int[] last, int[] firstShares, int[] lastShares) {

        static Axis of(int full, int small) {
            int[] first = new int[small];
            int[] last = new int[small];
            int[] firstShares = new int[small];
            int[] lastShares = new int[small];
            for (int i = 0; i < small; i++) {
                long from = (long) i * full;
                long to = from + full;
                first[i] = (int) (from / small);
                last[i] = (int) ((to - 1) / small);
                firstShares[i] = (int) (Math.min(to, (first[i] + 1L) * small) - from);
                lastShares[i] = (int) (to - Math.max(from, (long) last[i] * small));
            }
            return new Axis(first, last, firstShares, lastShares);
        }

        int small() {
            return first.length;
        }
    }
}
