package org.cam4j.keras.kind;

import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;

/**
 * A window that slides over rows and columns: a convolution's kernel or a pooling's.
 *
 * @param size rows and columns of the window
 * @param stride steps in rows and columns
 * @param dilation distance of the window's cells in rows and columns
 * @param same whether the borders are padded so that {@code ceil(size / stride)} steps fit, Keras' {@code same}
 */
public record SlidingWindow(int[] size, int[] stride, int[] dilation, boolean same) {

    public static SlidingWindow of(LayerConfig config, String sizeKey, boolean strided) {
        int[] size = config.pair(sizeKey, 1);
        int[] stride = strided ? config.pair("strides", 1, 1, 1) : config.pair("strides", 1, size);
        String padding = config.text("padding", "valid");
        if (!padding.equals("valid") && !padding.equals("same")) {
            throw config.wrong("padding", "'valid' or 'same'");
        }
        return new SlidingWindow(size, stride, config.pair("dilation_rate", 1, 1, 1), padding.equals("same"));
    }

    /** Returns the shape of the output, with the input's number of channels. */
    public TensorShape over(LayerConfig config, TensorShape map, int channels) {
        return TensorShape.of(steps(config, map.height(), 0), steps(config, map.width(), 1), channels);
    }

    private int steps(LayerConfig config, int cells, int axis) {
        if (cells == TensorShape.UNKNOWN) {
            return TensorShape.UNKNOWN;
        }
        long reach = (size[axis] - 1L) * dilation[axis];
        long steps = Math.floorDiv((same ? cells : cells - reach) - 1, stride[axis]) + 1;
        if (steps < 1) {
            throw config.contradiction("reaches over " + (reach + 1) + " cells where its input has only " + cells);
        }
        return Math.toIntExact(steps);
    }

    /** Whether the window sees one cell at a time. */
    public boolean isPoint() {
        return size[0] == 1 && size[1] == 1;
    }

    public ConvolutionMode mode() {
        return same ? ConvolutionMode.Same : ConvolutionMode.Truncate;
    }

    /** Sets this window on a convolution's builder, in Keras' layout. */
    public <B extends ConvolutionLayer.BaseConvBuilder<B>> B describe(B builder) {
        return builder.kernelSize(size).stride(stride).dilation(dilation).convolutionMode(mode());
    }
}
