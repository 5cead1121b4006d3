package org.cam4j.explain;

/** Resizes planes with linear interpolation, edges repeated, no antialiasing. Along each axis an output reads two inputs. */
final class Bilinear {

    private final Axis rows;
    private final Axis columns;

    private Bilinear(Axis rows, Axis columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /** Where the corners of pixels lie: output y reads at {@code (y + 0.5) h / H - 0.5}, as OpenCV and most libraries. */
    static Bilinear halfPixel(int height, int width, int toHeight, int toWidth) {
        return new Bilinear(
                Axis.of(height, toHeight, y -> (y + 0.5) * height / toHeight - 0.5),
                Axis.of(width, toWidth, x -> (x + 0.5) * width / toWidth - 0.5));
    }

    /** Where the centres of the outermost pixels lie on each other: output y reads at {@code y (h - 1) / (H - 1)}. */
    static Bilinear alignedCorners(int height, int width, int toHeight, int toWidth) {
        return new Bilinear(
                Axis.of(height, toHeight, y -> toHeight == 1 ? 0 : (double) y * (height - 1) / (toHeight - 1)),
                Axis.of(width, toWidth, x -> toWidth == 1 ? 0 : (double) x * (width - 1) / (toWidth - 1)));
    }

    /**
     * Resizes a plane.
     *
     * @param plane [height, width], row-major
     * @return a new plane of the other size
     */
    float[] resized(float[] plane) {
        float[] resized = new float[rows.low.length * columns.low.length];
        for (int y = 0; y < rows.low.length; y++) {
            int above = rows.low[y] * columns.from;
            int below = rows.high[y] * columns.from;
            for (int x = 0; x < columns.low.length; x++) {
                double top = between(plane[above + columns.low[x]], plane[above + columns.high[x]], columns.share[x]);
                double bottom =
                        between(plane[below + columns.low[x]], plane[below + columns.high[x]], columns.share[x]);
                resized[y * columns.low.length + x] = (float) between(top, bottom, rows.share[y]);
            }
        }
        return resized;
    }

    private static double between(double a, double b, double share) {
        return a + share * (b - a);
    }

    private interface Position {
        double of(int output);
    }

    /** For each output the two inputs, and the second one's share. */
    private record Axis(int from, int[] low, int[] high, double[] share) {

        static Axis of(int from, int to, Position position) {
            int[] low = new int[to];
            int[] high = new int[to];
            double[] share = new double[to];
            for (int i = 0; i < to; i++) {
                double at = Math.min(Math.max(position.of(i), 0), from - 1);
                low[i] = (int) at;
                high[i] = Math.min(low[i] + 1, from - 1);
                share[i] = at - low[i];
            }
            return new Axis(from, low, high, share);
        }
    }
}
