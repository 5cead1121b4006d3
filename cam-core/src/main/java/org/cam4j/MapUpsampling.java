package org.cam4j;

import org.cam4j.image.Extent;
import org.cam4j.image.Geometry;
import org.cam4j.image.MapPlacement;

/**
 * Bilinear interpolation of a map at the photo's pixels, with half-pixel centres. Positions go from the photo to the network's input,
 * and from there to the cells. Outside the outermost cell centres, the border's values are repeated.
 */
final class MapUpsampling {

    private MapUpsampling() {}

    /**
     * Samples a map at every pixel of the photo.
     *
     * @param map [height, width], row-major, its rows along the input's rows
     * @param height rows of the map
     * @param width columns of the map
     * @param geometry where the photo lies in the input
     * @param placement where the map's cells lie in the input, not transposed
     * @return [photo height, photo width]; 0 where the photo was cropped away
     */
    static float[] toPhoto(float[] map, int height, int width, Geometry geometry, MapPlacement.Placed placement) {
        int photoHeight = geometry.photoHeight();
        int photoWidth = geometry.photoWidth();
        Axis columns = Axis.of(
                photoWidth, geometry.scaleX(), geometry.offsetX(), geometry.inputWidth(), placement.columns(), width);
        Axis rows = Axis.of(
                photoHeight, geometry.scaleY(), geometry.offsetY(), geometry.inputHeight(), placement.rows(), height);
        float[] photo = new float[Math.multiplyExact(photoHeight, photoWidth)];
        float[][] wide = new float[height][];
        for (int y = 0; y < photoHeight; y++) {
            if (rows.seen[y]) {
                float[] above = wide(wide, map, width, rows.low[y], columns);
                float[] below = wide(wide, map, width, rows.high[y], columns);
                between(above, below, rows.weight[y], photo, y * photoWidth);
            }
        }
        return photo;
    }

    /** Interpolates a row of the map at all columns of the photo, once; 0 for columns that the network did not see. */
    private static float[] wide(float[][] wide, float[] map, int width, int row, Axis columns) {
        if (wide[row] == null) {
            float[] made = new float[columns.seen.length];
            int start = row * width;
            for (int x = 0; x < made.length; x++) {
                if (columns.seen[x]) {
                    float left = map[start + columns.low[x]];
                    made[x] = left + (map[start + columns.high[x]] - left) * columns.weight[x];
                }
            }
            wide[row] = made;
        }
        return wide[row];
    }

    private static void between(float[] above, float[] below, float down, float[] photo, int start) {
        for (int x = 0; x < above.length; x++) {
            photo[start + x] = above[x] + (below[x] - above[x]) * down;
        }
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
    }
}
