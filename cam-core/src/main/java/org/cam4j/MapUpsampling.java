package org.cam4j;

import org.cam4j.image.Geometry;

/**
 * Bilinear interpolation of a map at the photo's pixels, with half-pixel centres.
 *
 * <p>The map covers the network's input evenly: cell {@code j} of {@code w} has its centre at {@code (j + 0.5) · inputWidth /
 * w}. Beyond the outermost centres the border's values go on.
 */
final class MapUpsampling {

    private MapUpsampling() {}

    /**
     * Samples a map at every pixel of the photo.
     *
     * @param map [height, width], row-major
     * @param height rows of the map
     * @param width columns of the map
     * @param geometry where the photo lies in the input that the map covers
     * @return [photo height, photo width]; 0 where the photo was cropped away
     */
    static float[] toPhoto(float[] map, int height, int width, Geometry geometry) {
        int photoHeight = geometry.photoHeight();
        int photoWidth = geometry.photoWidth();
        Axis columns = Axis.of(photoWidth, geometry.scaleX(), geometry.offsetX(), geometry.inputWidth(), width);
        Axis rows = Axis.of(photoHeight, geometry.scaleY(), geometry.offsetY(), geometry.inputHeight(), height);
        float[] photo = new float[Math.multiplyExact(photoHeight, photoWidth)];
        for (int y = 0; y < photoHeight; y++) {
            if (!rows.seen[y]) {
                continue;
            }
            int top = rows.low[y] * width;
            int bottom = rows.high[y] * width;
            float down = rows.weight[y];
            for (int x = 0, out = y * photoWidth; x < photoWidth; x++, out++) {
                if (columns.seen[x]) {
                    int left = columns.low[x];
                    int right = columns.high[x];
                    float across = columns.weight[x];
                    float above = map[top + left] + (map[top + right] - map[top + left]) * across;
                    float below = map[bottom + left] + (map[bottom + right] - map[bottom + left]) * across;
                    photo[out] = above + (below - above) * down;
                }
            }
        }
        return photo;
    }

    /** For each photo pixel along one axis: the two cells it lies between, how far, and whether the network saw it. */
    private record Axis(int[] low, int[] high, float[] weight, boolean[] seen) {

        static Axis of(int photo, double scale, double offset, int input, int cells) {
            int[] low = new int[photo];
            int[] high = new int[photo];
            float[] weight = new float[photo];
            boolean[] seen = new boolean[photo];
            for (int i = 0; i < photo; i++) {
                double position = (i + 0.5) * scale + offset;
                double cell = Math.min(Math.max(position * cells / input - 0.5, 0), cells - 1);
                low[i] = (int) cell;
                high[i] = Math.min(low[i] + 1, cells - 1);
                weight[i] = (float) (cell - low[i]);
                seen[i] = position >= 0 && position < input;
            }
            return new Axis(low, high, weight, seen);
        }
    }
}
