package org.cam4j.onnx.export;

import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.Shape;

/**
 * Bilinear resizing as two products with matrices of weights, {@code R · X · C}. Runtimes compute the centres of ONNX's own operator in
 * single precision: where the scale is no power of two, the result is off by some 1e-6 of its neighbours' difference.
 */
final class InterpolationNodes {

    private final GraphDraft draft;

    InterpolationNodes(GraphDraft draft) {
        this.draft = draft;
    }

    /** Resizes [N, c, h, w]. */
    String of(Resize operation, Shape shape, String image) {
        int height = shape.height();
        int width = shape.width();
        float[] rows = new float[operation.height() * height];
        for (int y = 0; y < operation.height(); y++) {
            weigh(y, operation.height(), height, rows, y * height, 1);
        }
        float[] columns = new float[width * operation.width()];
        for (int x = 0; x < operation.width(); x++) {
            weigh(x, operation.width(), width, columns, x, operation.width());
        }
        String resizedRows = draft.add("MatMul", draft.floats("rows", rows, operation.height(), height), image);
        return draft.add("MatMul", resizedRows, draft.floats("columns", columns, width, operation.width()));
    }

    /** Sets the weights of the two cells around a centre; those beyond the edge count for the cell at the edge. */
    private static void weigh(int cell, int cells, int from, float[] weights, int start, int step) {
        double centre = (cell + 0.5) * from / cells - 0.5;
        int first = (int) Math.floor(centre);
        double second = centre - first;
        weights[start + Math.max(first, 0) * step] += (float) (1 - second);
        weights[start + Math.min(first + 1, from - 1) * step] += (float) second;
    }
}
