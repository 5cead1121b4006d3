package org.cam4j.plan.adjoint;

import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;

/**
 * The way back through a convolution: zeros between the cells where it has strides, then a convolution with the turned kernel. One of single
 * cells comes before the zeros, as it makes zeros of zeros: with strides of 2 it has a fourth of the cells then.
 */
final class ConvolutionBack {

    private ConvolutionBack() {}

    /** @param shape the size of what the convolution reads */
    static int of(BackwardPlan backward, Convolution convolution, Shape shape, int gradient) {
        Window window = convolution.window();
        boolean hasStrides = window.strideY() != 1 || window.strideX() != 1;
        boolean isOfCells = hasStrides && window.height() == 1 && window.width() == 1;
        int start = isOfCells ? backward.add(TransposedWeights.of(convolution), gradient) : gradient;
        int spread = hasStrides ? backward.add(new InsertZeros(window.strideY(), window.strideX()), start) : start;
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
        return isOfCells ? placed : backward.add(TransposedWeights.of(convolution), placed);
    }
}
