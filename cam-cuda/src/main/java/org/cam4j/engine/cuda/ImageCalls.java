package org.cam4j.engine.cuda;

import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.Window;

/**
 * Calls of the engine's own kernels on images that have their places; y is written, x read. Planes are images of one channel, unless a
 * method takes rows only.
 */
final class ImageCalls {

    private final Kernels kernels;
    private final Weights weights;
    private final int batch;

    ImageCalls(Device device, Weights weights, int batch) {
        this.kernels = device.kernels();
        this.weights = weights;
        this.batch = batch;
    }

    private int packs(Tensor tensor, int pack) {
        return Math.multiplyExact(batch, tensor.shape().size()) / pack;
    }

    /** Of a result, which may have a pitch. */
    private static int imagePack(Tensor y) {
        return y.isPlanes() ? 1 : KernelCalls.pack(y);
    }

    private static int groups(Tensor y) {
        return y.isPlanes() ? 1 : y.shape().channels() / KernelCalls.pack(y);
    }

    Call pad(Padding padding, Tensor y, Tensor x) {
        return place(y, x, padding.top(), padding.left(), 1, 1);
    }

    Call crop(Padding cropping, Tensor y, Tensor x) {
        return place(y, x, -cropping.top(), -cropping.left(), 1, 1);
    }

    Call insertZeros(int stepY, int stepX, Tensor y, Tensor x) {
        return place(y, x, 0, 0, stepY, stepX);
    }

    private Call place(Tensor y, Tensor x, int top, int left, int stepY, int stepX) {
        int v = imagePack(y);
        return kernels.each(
                "place" + v,
                packs(y, v),
                y.address(),
                x.address(),
                x.shape().height(),
                x.shape().width(),
                y.shape().height(),
                y.shape().width(),
                groups(y),
                top,
                left,
                stepY,
                stepX,
                packs(y, v));
    }

    Call pool(Pooling step, Tensor y, Tensor x) {
        Window window = step.window();
        int v = imagePack(y);
        return kernels.each(
                "pool" + v,
                packs(y, v),
                y.address(),
                x.address(),
                x.shape().height(),
                x.shape().width(),
                y.shape().height(),
                y.shape().width(),
                groups(y),
                window.height(),
                window.width(),
                window.strideY(),
                window.strideX(),
                window.padding().top(),
                window.padding().left(),
                KernelNumbers.of(step.kind()),
                packs(y, v),
                y.run() / v,
                y.pitch() / v);
    }

    /** @param pooled what was pooled, for the maximum */
    Call poolGradient(PoolingGradient step, Tensor y, Tensor gradient, Tensor pooled) {
        Window window = step.window();
        boolean isPlanes = y.isPlanes();
        return kernels.each(
                "poolGradient",
                packs(y, 1),
                y.address(),
                gradient.address(),
                pooled.address(),
                y.shape().height(),
                y.shape().width(),
                gradient.shape().height(),
                gradient.shape().width(),
                isPlanes ? 1 : y.shape().channels(),
                window.height(),
                window.width(),
                window.strideY(),
                window.strideX(),
                window.padding().top(),
                window.padding().left(),
                KernelNumbers.of(step.kind()),
                packs(y, 1));
    }

    Call resize(Resize step, Tensor y, Tensor x) {
        int v = imagePack(y);
        return kernels.each(
                "resize" + v,
                packs(y, v),
                y.address(),
                x.address(),
                x.shape().height(),
                x.shape().width(),
                y.shape().height(),
                y.shape().width(),
                groups(y),
                KernelNumbers.of(step.interpolation()),
                packs(y, v),
                y.run() / v,
                y.pitch() / v);
    }

    /** Rows only. */
    Call depthwise(Convolution step, Tensor y, Tensor x, long residual) {
        Window window = step.window();
        int multiplier = step.outputs() / step.inputs();
        int v = multiplier == 1 ? KernelCalls.pack(y) : 1;
        return kernels.each(
                "depthwise" + v,
                packs(y, v),
                y.address(),
                x.address(),
                weights.depthwise(step),
                weights.floats(step.bias()),
                residual,
                x.shape().height(),
                x.shape().width(),
                y.shape().height(),
                y.shape().width(),
                step.outputs() / v,
                window.height(),
                window.width(),
                window.strideY(),
                window.strideX(),
                window.dilationY(),
                window.dilationX(),
                window.padding().top(),
                window.padding().left(),
                multiplier,
                packs(y, v),
                y.pitch() / v,
                KernelNumbers.of(step.activation().function()),
                step.activation().alpha(),
                step.activation().beta());
    }

    /** Any convolution of rows, slowly. */
    Call direct(Convolution step, Tensor y, Tensor x, long residual) {
        Window window = step.window();
        return kernels.each(
                "direct",
                packs(y, 1),
                y.address(),
                x.address(),
                weights.channelsLast(step),
                weights.floats(step.bias()),
                residual,
                x.shape().height(),
                x.shape().width(),
                y.shape().height(),
                y.shape().width(),
                step.inputs(),
                step.outputs(),
                step.inputs() / step.groups(),
                window.height(),
                window.width(),
                window.strideY(),
                window.strideX(),
                window.dilationY(),
                window.dilationX(),
                window.padding().top(),
                window.padding().left(),
                packs(y, 1),
                KernelNumbers.of(step.activation().function()),
                step.activation().alpha(),
                step.activation().beta());
    }
}
