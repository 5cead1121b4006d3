package org.cam4j.image;

import java.util.Arrays;

/** The pixels of a photo that a network's input is sampled from: those in which some of its columns and rows cross. */
final class SampledPixels implements PixelSamples {

    private static final int NONE = -1;

    /** For each column, and each row, of the upright photo its place among the sampled ones. */
    private final int[] columns;

    private final int[] rows;
    private final int columnCount;
    private final int[] pixels;

    /**
     * Creates pixels that are all black.
     *
     * @param width columns of the upright photo
     * @param height rows of the upright photo
     * @param columns which columns are sampled
     * @param rows which rows are sampled
     */
    SampledPixels(int width, int height, Interpolation.Taps columns, Interpolation.Taps rows) {
        this.columns = places(width, columns);
        this.rows = places(height, rows);
        this.columnCount = count(this.columns);
        this.pixels = new int[Math.multiplyExact(columnCount, count(this.rows))];
    }

    private static int[] places(int length, Interpolation.Taps taps) {
        boolean[] isRead = new boolean[length];
        for (int i = 0; i < taps.lower().length; i++) {
            isRead[taps.lower()[i]] = true;
            isRead[taps.upper()[i]] = true;
        }
        int[] places = new int[length];
        int next = 0;
        for (int i = 0; i < length; i++) {
            places[i] = isRead[i] ? next++ : NONE;
        }
        return places;
    }

    private static int count(int... places) {
        return Arrays.stream(places).max().orElse(NONE) + 1;
    }

    /** Whether the pixels of other columns and rows are all among these. */
    boolean has(Interpolation.Taps otherColumns, Interpolation.Taps otherRows) {
        return hasAll(columns, otherColumns) && hasAll(rows, otherRows);
    }

    private static boolean hasAll(int[] places, Interpolation.Taps taps) {
        return Arrays.stream(taps.lower()).allMatch(i -> places[i] != NONE)
                && Arrays.stream(taps.upper()).allMatch(i -> places[i] != NONE);
    }

    /**
     * Takes what is sampled of a row of the upright photo.
     *
     * @param y the row
     * @param row where its bytes lie: red of column {@code x} at {@code start + x · along}, green and blue behind it
     */
    void takeRow(int y, byte[] row, int start, int along) {
        if (rows[y] == NONE) {
            return;
        }
        for (int x = 0, at = start, to = rows[y] * columnCount; x < columns.length; x++, at += along) {
            if (columns[x] != NONE) {
                pixels[to++] = rgb(row, at);
            }
        }
    }

    /**
     * Takes what is sampled of a column of the upright photo.
     *
     * @param x the column
     * @param column where its bytes lie, as for {@link #takeRow}
     */
    void takeColumn(int x, byte[] column, int start, int along) {
        if (columns[x] == NONE) {
            return;
        }
        for (int y = 0, at = start, to = columns[x]; y < rows.length; y++, at += along) {
            if (rows[y] != NONE) {
                pixels[to] = rgb(column, at);
                to += columnCount;
            }
        }
    }

    private static int rgb(byte[] samples, int at) {
        return (samples[at] & 0xff) << 16 | (samples[at + 1] & 0xff) << 8 | (samples[at + 2] & 0xff);
    }

    @Override
    public void read(int y, int[] wanted, int[] into) {
        int row = rows[y] * columnCount;
        for (int i = 0; i < wanted.length; i++) {
            into[i] = pixels[row + columns[wanted[i]]];
        }
    }
}
