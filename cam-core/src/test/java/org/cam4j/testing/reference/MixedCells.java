package org.cam4j.testing.reference;

import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.Shape;

/** The four cells between which bilinear interpolation takes each result. */
final class MixedCells {

    private MixedCells() {}

    /** The largest magnitude among them, [h, w, c] of the result. */
    static double[] largest(Resize resize, double[] values, Shape shape) {
        double[] largest = new double[resize.height() * resize.width() * shape.channels()];
        int i = 0;
        for (int y = 0; y < resize.height(); y++) {
            int row = before(y, shape.height(), resize.height());
            for (int x = 0; x < resize.width(); x++) {
                int column = before(x, shape.width(), resize.width());
                for (int c = 0; c < shape.channels(); c++) {
                    for (int corner = 0; corner < 4; corner++) {
                        int cell = inside(row + corner / 2, shape.height()) * shape.width()
                                + inside(column + corner % 2, shape.width());
                        largest[i] = Math.max(largest[i], Math.abs(values[cell * shape.channels() + c]));
                    }
                    i++;
                }
            }
        }
        return largest;
    }

    private static int before(int target, int cells, int results) {
        return (int) Math.floor((target + 0.5) * cells / results - 0.5);
    }

    private static int inside(int cell, int cells) {
        return Math.max(0, Math.min(cells - 1, cell));
    }
}
