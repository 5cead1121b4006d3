package org.cam4j.onnx.export;

import java.util.Arrays;
import java.util.List;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;

/** The way back through poolings as nodes, channels first. */
final class UnpoolingNodes {

    private final GraphDraft draft;

    UnpoolingNodes(GraphDraft draft) {
        this.draft = draft;
    }

    /** Divides gradients among the cells of their windows: a transposed convolution with ones. */
    String average(PoolingGradient operation, String gradient) {
        Window window = operation.window();
        Shape image = operation.shape();
        Shape windows = operation.pooling().output(List.of(image));
        if (windows.isVector() && window.height() >= image.height() && window.width() >= image.width()) {
            float share = 1f / (image.height() * image.width());
            String each = draft.add("Mul", gradient, draft.scalar(share));
            return draft.add("Expand", each, draft.longs(1, 1, image.height(), image.width()));
        }
        String shares = draft.floats("shares", shares(window, image, windows), 1, 1, windows.height(), windows.width());
        return spread(draft.add("Mul", gradient, shares), window, image);
    }

    /** For each window, one over the number of its cells inside the image. */
    private static float[] shares(Window window, Shape image, Shape windows) {
        float[] shares = new float[windows.height() * windows.width()];
        for (int y = 0; y < windows.height(); y++) {
            int rows = inside(y * window.strideY() - window.padding().top(), window.height(), image.height());
            for (int x = 0; x < windows.width(); x++) {
                int columns = inside(x * window.strideX() - window.padding().left(), window.width(), image.width());
                shares[y * windows.width() + x] = 1f / (rows * columns);
            }
        }
        return shares;
    }

    private static int inside(int start, int size, int cells) {
        return Math.min(cells, start + size) - Math.max(0, start);
    }

    /** Adds each cell's number to all cells of its window. */
    String spread(String cells, Window window, Shape image) {
        float[] ones = new float[image.channels() * window.height() * window.width()];
        Arrays.fill(ones, 1);
        String weights = draft.floats("ones", ones, image.channels(), 1, window.height(), window.width());
        Padding padding = window.padding();
        // Cells behind the last window get nothing.
        int rows = image.height() + padding.top() + padding.bottom() - window.height();
        int columns = image.width() + padding.left() + padding.right() - window.width();
        return draft.node("ConvTranspose", cells, weights)
                .with("kernel_shape", window.height(), window.width())
                .with("strides", window.strideY(), window.strideX())
                .with("pads", padding.top(), padding.left(), padding.bottom(), padding.right())
                .with("output_padding", rows % window.strideY(), columns % window.strideX())
                .with("group", (long) image.channels())
                .output();
    }

    /** Gives gradients to the first of the largest cells of their windows. */
    String maximum(PoolingGradient operation, String gradient, String pooled) {
        if (operation.kind() != Pooling.Kind.MAXIMUM) {
            throw new IllegalArgumentException("expected a maximum");
        }
        Padding padding = operation.window().padding();
        draft.node("MaxPool", pooled)
                .with(
                        "kernel_shape",
                        operation.window().height(),
                        operation.window().width())
                .with(
                        "strides",
                        operation.window().strideY(),
                        operation.window().strideX())
                .with("pads", padding.top(), padding.left(), padding.bottom(), padding.right());
        // Numbers of cells of the whole batch, padding not counted.
        String indices = draft.second("Indices");
        String shape = draft.add("Shape", pooled);
        String all = draft.longs(-1);
        String zeros = draft.add("ConstantOfShape", draft.add("Shape", draft.add("Reshape", pooled, all)));
        String sums = draft.node(
                        "ScatterElements",
                        zeros,
                        draft.add("Reshape", indices, all),
                        draft.add("Reshape", gradient, all))
                .with("axis", 0L)
                .with("reduction", "add")
                .output();
        return draft.add("Reshape", sums, shape);
    }
}
