package org.cam4j.plan.adjoint;

import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;

/** The way back through a convolution: zeros between the cells where it has strides, then a convolution with the turned kernel. */
final class ConvolutionBack {

    private ConvolutionBack() {}

    /** @param shape the size of what the convolution reads */
    static int of(BackwardPlan backward, Convolution convolution, Shape shape, int gradient) {
        Window window = convolution.window();
        int spread = window.strideY() == 1 && window.strideX() == 1
                ? gradient
                : backward.add(new InsertZeros(window.strideY(), window.strideX()), gradient);
        Shape cells = backward.shape(spread);
        int top = window.spanY() - 1 - window.padding().top();
        int left = window.spanX() - 1 - window.padding().left();
        int bottom = shape.height() - cells.height() - top + window.spanY() - 1;
        int right = shape.width() - cells.width() - left + window.spanX() - 1;
        Padding added = new Padding(Math.max(0, top), Math.max(0, bottom), Math.max(0, left), Math.max(0, right));
        Padding cut = new Padding(Math.max(0, -top), Math.max(0, -bottom), Math.max(0, -left), Math.max(0, -right));
        // First added: cells that see the padding alone may be all there are.
        int padded = added.isNone() ? spread : backward.add(new Pad(added), spread);
        int placed = cut.isNone() ? padded : backward.add(new Crop(cut), padded);
        return backward.add(TransposedWeights.of(convolution), placed);
    }
}
