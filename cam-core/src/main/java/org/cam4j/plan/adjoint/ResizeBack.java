package org.cam4j.plan.adjoint;

import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Transpose;

/** The way back through a resizing: the transposed matrices of both axes, one after the other, each with its axis as the last. */
final class ResizeBack {

    private ResizeBack() {}

    /** @param shape the size of what is resized */
    static int of(BackwardPlan backward, Resize resize, Shape shape, int gradient) {
        int columnsLast = backward.add(Transpose.of(0, 2, 1), gradient);
        int columns = backward.add(matrix(resize, shape.width(), resize.width()), columnsLast);
        int rowsLast = backward.add(Transpose.of(2, 1, 0), columns);
        int rows = backward.add(matrix(resize, shape.height(), resize.height()), rowsLast);
        return backward.add(Transpose.of(2, 0, 1), rows);
    }

    /** For each cell its weight in each result. */
    private static Dense matrix(Resize resize, int cells, int results) {
        float[] weights = new float[cells * results];
        if (resize.interpolation() == Resize.Interpolation.NEAREST) {
            int[] sources = Resize.nearest(cells, results);
            for (int i = 0; i < results; i++) {
                weights[sources[i] * results + i] = 1;
            }
        } else {
            for (int i = 0; i < results; i++) {
                double source = (i + 0.5) * cells / results - 0.5;
                int before = (int) Math.floor(source);
                double share = source - before;
                weights[Math.max(0, before) * results + i] += (float) (1 - share);
                weights[Math.min(cells - 1, before + 1) * results + i] += (float) share;
            }
        }
        return Dense.of(weights, new float[cells], Activation.IDENTITY);
    }
}
