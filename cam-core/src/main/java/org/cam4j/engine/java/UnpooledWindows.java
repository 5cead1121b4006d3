package org.cam4j.engine.java;

import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;

/** Gradients of poolings, taken back to the cells of their windows. */
final class UnpooledWindows {

    private final PoolingGradient operation;
    private final Shape shape;
    private final double[] gradient;
    private final double[] pooled;
    private final double[] result;

    private UnpooledWindows(PoolingGradient operation, double[] gradient, double[] pooled) {
        this.operation = operation;
        this.shape = operation.shape();
        this.gradient = gradient;
        this.pooled = pooled;
        this.result = new double[shape.size()];
    }

    /** @param pooled the pooled numbers; not read for averages */
    static double[] of(PoolingGradient operation, double[] gradient, Shape windows, double[] pooled) {
        UnpooledWindows unpooled = new UnpooledWindows(operation, gradient, pooled);
        for (int y = 0; y < windows.height(); y++) {
            for (int x = 0; x < windows.width(); x++) {
                unpooled.window(y, x, (y * windows.width() + x) * windows.channels());
            }
        }
        return unpooled.result;
    }

    private void window(int y, int x, int at) {
        Window window = operation.window();
        int top = y * window.strideY() - window.padding().top();
        int left = x * window.strideX() - window.padding().left();
        int firstRow = Math.max(0, top);
        int lastRow = Math.min(shape.height(), top + window.height());
        int firstColumn = Math.max(0, left);
        int lastColumn = Math.min(shape.width(), left + window.width());
        for (int c = 0; c < shape.channels(); c++) {
            if (operation.kind() == Pooling.Kind.AVERAGE) {
                double share = gradient[at + c] / ((lastRow - firstRow) * (lastColumn - firstColumn));
                for (int row = firstRow; row < lastRow; row++) {
                    for (int column = firstColumn; column < lastColumn; column++) {
                        result[index(row, column, c)] += share;
                    }
                }
            } else {
                int largest = index(firstRow, firstColumn, c);
                for (int row = firstRow; row < lastRow; row++) {
                    for (int column = firstColumn; column < lastColumn; column++) {
                        int other = index(row, column, c);
                        largest = pooled[other] > pooled[largest] ? other : largest;
                    }
                }
                result[largest] += gradient[at + c];
            }
        }
    }

    private int index(int row, int column, int channel) {
        return (row * shape.width() + column) * shape.channels() + channel;
    }
}
