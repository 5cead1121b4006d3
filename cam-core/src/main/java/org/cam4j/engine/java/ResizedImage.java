package org.cam4j.engine.java;

import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.Shape;

/** Resizes an image, by nearest cells or by linear interpolation. */
final class ResizedImage {

    private ResizedImage() {}

    /**
     * The source cells of the results along one axis.
     *
     * @param before the cell before each result
     * @param behind the cell after each result; both cells are inside the image
     * @param share the weight of the cell after, from 0 to 1
     */
    private record Axis(int[] before, int[] behind, double[] share) {

        static Axis nearest(int cells, int results) {
            int[] sources = Resize.nearest(cells, results);
            return new Axis(sources, sources, new double[results]);
        }

        static Axis between(int cells, int results) {
            Axis axis = new Axis(new int[results], new int[results], new double[results]);
            for (int i = 0; i < results; i++) {
                double source = (i + 0.5) * cells / results - 0.5;
                int before = (int) Math.floor(source);
                axis.before[i] = Math.max(0, before);
                axis.behind[i] = Math.min(cells - 1, before + 1);
                axis.share[i] = source - before;
            }
            return axis;
        }
    }

    static double[] of(Resize resize, double[] image, Shape shape, Shape output, Ranges ranges) {
        boolean isNearest = resize.interpolation() == Resize.Interpolation.NEAREST;
        Axis rows = isNearest
                ? Axis.nearest(shape.height(), output.height())
                : Axis.between(shape.height(), output.height());
        Axis columns =
                isNearest ? Axis.nearest(shape.width(), output.width()) : Axis.between(shape.width(), output.width());
        double[] result = new double[output.size()];
        ranges.each(output.height(), 4L * output.size(), (from, to) -> {
            for (int y = from; y < to; y++) {
                for (int x = 0; x < output.width(); x++) {
                    if (isNearest) {
                        int source = (rows.before[y] * shape.width() + columns.before[x]) * shape.channels();
                        int at = (y * output.width() + x) * shape.channels();
                        System.arraycopy(image, source, result, at, shape.channels());
                    } else {
                        mix(image, shape, rows, columns, y, x, (y * output.width() + x) * shape.channels(), result);
                    }
                }
            }
        });
        return result;
    }

    private static void mix(
            double[] image, Shape shape, Axis rows, Axis columns, int y, int x, int at, double[] result) {
        int above = rows.before[y] * shape.width();
        int below = rows.behind[y] * shape.width();
        double down = rows.share[y];
        double right = columns.share[x];
        for (int c = 0; c < shape.channels(); c++) {
            double upper = (1 - right) * image[(above + columns.before[x]) * shape.channels() + c]
                    + right * image[(above + columns.behind[x]) * shape.channels() + c];
            double lower = (1 - right) * image[(below + columns.before[x]) * shape.channels() + c]
                    + right * image[(below + columns.behind[x]) * shape.channels() + c];
            result[at + c] = (1 - down) * upper + down * lower;
        }
    }
}
