package org.cam4j.engine.java;

import java.util.Arrays;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;

/** Max and average pooling over windows; cells outside the image do not count. */
final class PooledWindows {

    private final Pooling.Kind kind;
    private final Window window;
    private final double[] image;
    private final Shape shape;
    private final Shape output;
    private final double[] result;

    private PooledWindows(Pooling pooling, double[] image, Shape shape, Shape output) {
        this.kind = pooling.kind();
        this.window = pooling.window();
        this.image = image;
        this.shape = shape;
        this.output = output;
        this.result = new double[output.size()];
    }

    static double[] of(Pooling pooling, double[] image, Shape shape, Shape output, Ranges ranges) {
        PooledWindows pooled = new PooledWindows(pooling, image, shape, output);
        long work = (long) output.size() * pooled.window.height() * pooled.window.width();
        ranges.each(output.height(), work, pooled::rows);
        return pooled.result;
    }

    private void rows(int from, int to) {
        for (int y = from; y < to; y++) {
            for (int x = 0; x < output.width(); x++) {
                cell(y, x);
            }
        }
    }

    private void cell(int y, int x) {
        int at = (y * output.width() + x) * output.channels();
        int top = y * window.strideY() - window.padding().top();
        int left = x * window.strideX() - window.padding().left();
        int count = 0;
        if (kind == Pooling.Kind.MAXIMUM) {
            Arrays.fill(result, at, at + output.channels(), Double.NEGATIVE_INFINITY);
        }
        for (int row = Math.max(0, top); row < Math.min(shape.height(), top + window.height()); row++) {
            for (int column = Math.max(0, left); column < Math.min(shape.width(), left + window.width()); column++) {
                take((row * shape.width() + column) * shape.channels(), at);
                count++;
            }
        }
        if (kind == Pooling.Kind.AVERAGE) {
            for (int c = 0; c < output.channels(); c++) {
                result[at + c] /= count;
            }
        }
    }

    private void take(int source, int at) {
        for (int c = 0; c < shape.channels(); c++) {
            double number = image[source + c];
            result[at + c] = kind == Pooling.Kind.MAXIMUM ? Math.max(result[at + c], number) : result[at + c] + number;
        }
    }
}
