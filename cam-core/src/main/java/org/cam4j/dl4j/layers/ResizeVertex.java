package org.cam4j.dl4j.layers;

import java.util.List;
import java.util.Objects;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Resize;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Resizes maps as TensorFlow's {@code tf.image.resize} without antialiasing: pixel centres at one half, {@code source = (target
 * + 1/2) · in / out - 1/2}, borders repeated.
 *
 * <p>A resized map is {@code R · x · Cᵀ} with one matrix for the rows and one for the columns, so the gradient is that of two
 * products.
 */
public final class ResizeVertex extends StatelessVertex {

    /** How values between pixels are interpolated. */
    public enum Interpolation {
        /** The value of the nearest pixel. */
        NEAREST,
        /** Linear interpolation between the two nearest pixels, in rows and in columns. */
        BILINEAR
    }

    private static final long serialVersionUID = 1;

    private final int height;
    private final int width;
    private final Interpolation interpolation;

    /**
     * Creates a vertex.
     *
     * @param height rows of the output
     * @param width columns of the output
     * @param interpolation how values between pixels are interpolated
     */
    public ResizeVertex(
            @JsonProperty("height") int height,
            @JsonProperty("width") int width,
            @JsonProperty("interpolation") Interpolation interpolation) {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("height and width must be at least 1: " + height + ", " + width);
        }
        this.height = height;
        this.width = width;
        this.interpolation = Objects.requireNonNull(interpolation, "interpolation");
    }

    /**
     * Returns the number of output rows.
     *
     * @return at least 1
     */
    public int getHeight() {
        return height;
    }

    /**
     * Returns the number of output columns.
     *
     * @return at least 1
     */
    public int getWidth() {
        return width;
    }

    /**
     * Returns the interpolation.
     *
     * @return the interpolation
     */
    public Interpolation getInterpolation() {
        return interpolation;
    }

    @Override
    INDArray forward(INDArray... inputs) {
        INDArray x = inputs[0];
        return along(weights(x.size(1), height, x.dataType()), weights(x.size(2), width, x.dataType()), x);
    }

    @Override
    INDArray[] backward(INDArray gradient, INDArray... inputs) {
        DataType type = gradient.dataType();
        INDArray rows = weights(inputs[0].size(1), height, type).transpose();
        INDArray columns = weights(inputs[0].size(2), width, type).transpose();
        return new INDArray[] {along(rows, columns, gradient)};
    }

    /** {@code rows [h', h] · x [n, h, w, c] · columnsᵀ [w, w']}. */
    private static INDArray along(INDArray rows, INDArray columns, INDArray x) {
        long n = x.size(0);
        long h = x.size(1);
        long w = x.size(2);
        long c = x.size(3);
        INDArray byRow = x.permute(1, 0, 2, 3).dup('c').reshape('c', h, n * w * c);
        INDArray taller = rows.mmul(byRow).dup('c').reshape('c', rows.size(0), n, w, c);
        INDArray byColumn = taller.permute(2, 1, 0, 3).dup('c').reshape('c', w, n * rows.size(0) * c);
        INDArray wider = columns.mmul(byColumn).dup('c').reshape('c', columns.size(0), n, rows.size(0), c);
        return wider.permute(1, 2, 0, 3).dup('c');
    }

    /** Returns the weight of each of {@code from} input cells in each of {@code to} output cells, [to, from]. */
    private INDArray weights(long from, int to, DataType type) {
        float[][] weights = new float[to][Math.toIntExact(from)];
        float step = (float) from / to;
        for (int i = 0; i < to; i++) {
            float source = (i + 0.5f) * step;
            if (interpolation == Interpolation.NEAREST) {
                weights[i][Math.min((int) source, (int) from - 1)] = 1;
            } else {
                int lower = (int) Math.floor(source - 0.5f);
                float share = source - 0.5f - lower;
                weights[i][Math.max(lower, 0)] += 1 - share;
                weights[i][Math.min(lower + 1, (int) from - 1)] += share;
            }
        }
        return Nd4j.createFromArray(weights).castTo(type);
    }

    @Override
    int plan(PlanBuilder plan, String name, int... inputs) {
        return plan.add(
                name,
                new Resize(
                        height,
                        width,
                        interpolation == Interpolation.NEAREST
                                ? Resize.Interpolation.NEAREST
                                : Resize.Interpolation.BILINEAR),
                inputs);
    }

    @Override
    List<?> settings() {
        return List.of(height, width, interpolation);
    }

    @Override
    InputType outputType(InputType... inputs) {
        InputType.InputTypeConvolutional map = (InputType.InputTypeConvolutional) inputs[0];
        return InputType.convolutional(height, width, map.getChannels(), CNN2DFormat.NHWC);
    }

    @Override
    public String kerasClass() {
        return "Resizing";
    }
}
