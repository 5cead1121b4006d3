package org.cam4j;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.cam4j.image.Extent;
import org.cam4j.image.Geometry;
import org.cam4j.image.MapPlacement;

/**
 * A class activation map at the pixels of its photo, computed where it is asked for: the values of {@link PhotoMap} without an array of
 * them.
 *
 * <p>Bilinear interpolation with half-pixel centres. Positions go from the photo to the network's input, and from there to the cells.
 * Outside the outermost cell centres, the border's values are repeated; pixels that were cropped away are 0. Holds the map's rows
 * interpolated along x: 4 bytes for each row of cells and column of the photo, 112 kB for 7x7 cells and 12 megapixels.
 *
 * <p>Between two {@link #turns()} the values of a column never fall, or never rise, rounding included, so that thresholds and extremes are
 * found without looking at each pixel. Immutable.
 */
public final class InterpolatedMap {

    /** Differences of larger numbers overflow, after which nothing is known of the values between. */
    private static final float LARGEST = Float.MAX_VALUE / 4;

    private final int width;
    private final Axis rows;
    /** For each row of cells the values at all columns of the photo. */
    private final float[][] wide;

    private final int[] turns;
    private final float min;
    private final float max;

    private InterpolatedMap(Axis rows, float[][] wide, int width, boolean isTame) {
        this.rows = rows;
        this.wide = wide;
        this.width = width;
        this.turns = isTame ? rows.turns() : IntStream.range(0, rows.length()).toArray();
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        float[] row = new float[width];
        for (int i = 0; i < turns.length; i++) {
            int last = (i + 1 < turns.length ? turns[i + 1] : rows.length()) - 1;
            for (int y = turns[i]; y <= last; y += Math.max(1, last - y)) {
                row(y, row);
                for (float value : row) {
                    least = Math.min(least, value);
                    most = Math.max(most, value);
                }
            }
        }
        this.min = least;
        this.max = most;
    }

    /**
     * Interpolates a map.
     *
     * @param map [height, width], row-major, its rows along the input's rows
     * @param height rows of the map
     * @param width columns of the map
     * @param geometry where the photo lies in the input
     * @param placement where the map's cells lie in the input, not transposed
     */
    static InterpolatedMap of(float[] map, int height, int width, Geometry geometry, MapPlacement.Placed placement) {
        Axis columns = Axis.of(
                geometry.photoWidth(),
                geometry.scaleX(),
                geometry.offsetX(),
                geometry.inputWidth(),
                placement.columns(),
                width);
        Axis rows = Axis.of(
                geometry.photoHeight(),
                geometry.scaleY(),
                geometry.offsetY(),
                geometry.inputHeight(),
                placement.rows(),
                height);
        float[][] wide = new float[height][];
        for (int row = 0; row < height; row++) {
            wide[row] = columns.interpolated(map, row * width);
        }
        boolean isTame = true;
        for (float value : map) {
            isTame &= Math.abs(value) <= LARGEST;
        }
        return new InterpolatedMap(rows, wide, geometry.photoWidth(), isTame);
    }

    /** {@return columns, those of the photo} */
    public int width() {
        return width;
    }

    /** {@return rows, those of the photo} */
    public int height() {
        return rows.length();
    }

    /** {@return the smallest value; NaN if a value is NaN} */
    public float min() {
        return min;
    }

    /** {@return the largest value; NaN if a value is NaN} */
    public float max() {
        return max;
    }

    /**
     * Returns the value at a pixel.
     *
     * @param y row in [0, height)
     * @param x column in [0, width)
     * @return evidence for the class if positive, against it if negative; 0 if the pixel was cropped away
     */
    public float at(int y, int x) {
        if (!rows.seen[y]) {
            Objects.checkIndex(x, width);
            return 0;
        }
        float above = wide[rows.low[y]][x];
        return above + (wide[rows.high[y]][x] - above) * rows.weight[y];
    }

    /**
     * Computes the values of one row.
     *
     * @param y row in [0, height)
     * @param values receives the row's values, [width]
     */
    public void row(int y, float[] values) {
        row(y, values, 0);
    }

    private void row(int y, float[] values, int start) {
        if (!rows.seen[y]) {
            Arrays.fill(values, start, start + width, 0);
            return;
        }
        float[] above = wide[rows.low[y]];
        float[] below = wide[rows.high[y]];
        float down = rows.weight[y];
        for (int x = 0; x < width; x++) {
            values[start + x] = above[x] + (below[x] - above[x]) * down;
        }
    }

    /**
     * Returns the rows from which on pixels lie between other cells than those above. From one of these rows to the pixel before the next
     * one, the values of each column never fall or never rise.
     *
     * @return ascending, the first is 0; a copy
     */
    public int[] turns() {
        return turns.clone();
    }

    /** All values, [height, width], row-major. */
    float[] values() {
        float[] values = new float[Math.multiplyExact(height(), width)];
        for (int y = 0; y < height(); y++) {
            row(y, values, y * width);
        }
        return values;
    }

    /** For a log line: {@code map at 640x480 pixels, -3.10 to 41.20}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "map at %dx%d pixels, %.2f to %.2f", width, height(), min, max);
    }

    /** For each photo pixel along one axis: the two neighbouring cells, the weight between them, and whether the network saw the pixel. */
    private record Axis(int[] low, int[] high, float[] weight, boolean[] seen) {

        static Axis of(int photo, double scale, double offset, int input, Extent extent, int cells) {
            int[] low = new int[photo];
            int[] high = new int[photo];
            float[] weight = new float[photo];
            boolean[] seen = new boolean[photo];
            for (int i = 0; i < photo; i++) {
                double position = (i + 0.5) * scale + offset;
                double cell = Math.min(Math.max(extent.cell(position, cells), 0), cells - 1);
                low[i] = (int) cell;
                high[i] = Math.min(low[i] + 1, cells - 1);
                weight[i] = (float) (cell - low[i]);
                seen[i] = position >= 0 && position < input && extent.sees(position);
            }
            return new Axis(low, high, weight, seen);
        }

        int length() {
            return low.length;
        }

        /** The values at all pixels between cells that begin at an index; 0 for pixels that the network did not see. */
        float[] interpolated(float[] cells, int start) {
            float[] values = new float[length()];
            for (int i = 0; i < values.length; i++) {
                if (seen[i]) {
                    float left = cells[start + low[i]];
                    values[i] = left + (cells[start + high[i]] - left) * weight[i];
                }
            }
            return values;
        }

        /** The pixels that lie between other cells than the pixel before them, or are seen where it is not. */
        int[] turns() {
            return IntStream.range(0, length())
                    .filter(i -> i == 0 || low[i] != low[i - 1] || seen[i] != seen[i - 1])
                    .toArray();
        }
    }
}
