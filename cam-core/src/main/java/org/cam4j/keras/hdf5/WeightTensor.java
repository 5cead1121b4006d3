package org.cam4j.keras.hdf5;

import java.nio.FloatBuffer;
import java.util.Arrays;

/** Weights in memory or in a mapped file, viewed under a shape. Exchanging axes copies nothing. */
public final class WeightTensor {

    private final TensorShape shape;
    private final FloatBuffer stored;
    /** Distance in the buffer, in values, between neighbours along each axis. */
    private final int[] strides;

    private WeightTensor(TensorShape shape, FloatBuffer stored, int[] strides) {
        this.shape = shape;
        this.stored = stored;
        this.strides = strides;
    }

    /** Wraps values in row-major order, as many as the shape has; not copied. */
    public WeightTensor(TensorShape shape, FloatBuffer values) {
        this(shape, values.slice(), rowMajor(shape));
        if (values.remaining() != shape.elements()) {
            throw new IllegalArgumentException(values.remaining() + " values do not fill " + shape);
        }
    }

    /** Wraps an array in row-major order; not copied. */
    public WeightTensor(TensorShape shape, float[] values) {
        this(shape, FloatBuffer.wrap(values));
    }

    public static WeightTensor filled(TensorShape shape, float value) {
        float[] values = new float[Math.toIntExact(shape.elements())];
        Arrays.fill(values, value);
        return new WeightTensor(shape, values);
    }

    private static int[] rowMajor(TensorShape shape) {
        int[] strides = new int[shape.rank()];
        int stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride = Math.multiplyExact(stride, Math.max(1, shape.sizes().get(axis)));
        }
        return strides;
    }

    public TensorShape shape() {
        return shape;
    }

    /** Returns Keras' kernel [rows, columns, in, out] as DL4J's [out, in, rows, columns]. */
    public WeightTensor outputsFirst() {
        return permuted(3, 2, 0, 1);
    }

    /** Returns the tensor with its axes in reverse order. */
    public WeightTensor transposed() {
        int[] axes = new int[shape.rank()];
        Arrays.setAll(axes, axis -> axes.length - 1 - axis);
        return permuted(axes);
    }

    private WeightTensor permuted(int... axes) {
        int[] sizes = new int[axes.length];
        int[] moved = new int[axes.length];
        for (int axis = 0; axis < axes.length; axis++) {
            sizes[axis] = shape.sizes().get(axes[axis]);
            moved[axis] = strides[axes[axis]];
        }
        return new WeightTensor(TensorShape.of(sizes), stored, moved);
    }

    /** Whether the values are in a mapped file, not in Java's heap. */
    public boolean isInFile() {
        return stored.isDirect();
    }

    /** Whether the values are stored in the order of {@link #values()}. */
    public boolean isRowMajor() {
        return Arrays.equals(strides, rowMajor(shape));
    }

    /** Returns a copy of the values, row-major. */
    public float[] values() {
        float[] values = new float[stored.capacity()];
        copyTo(FloatBuffer.wrap(values));
        return values;
    }

    /** Fills a buffer with values of a row-major tensor, from a place on; returns the buffer. */
    public FloatBuffer copyTo(FloatBuffer target, int first) {
        return target.put(stored.slice(first, target.remaining()));
    }

    /** Writes all values in row-major order. */
    public void copyTo(FloatBuffer target) {
        if (isRowMajor()) {
            target.put(stored.duplicate());
        } else {
            // Merges the last axes that are contiguous, as rows and columns of a kernel, or have one entry: longer runs
            // are faster.
            int last = shape.rank() - 1;
            int inner = shape.sizes().get(last);
            int stride = strides[last];
            while (last > 0 && (inner == 1 || strides[last - 1] == inner * stride)) {
                last--;
                stride = inner == 1 ? strides[last] : stride;
                inner *= shape.sizes().get(last);
            }
            copy(target, 0, 0, last, inner, stride);
        }
    }

    private void copy(FloatBuffer target, int axis, int from, int last, int inner, int stride) {
        if (axis == last) {
            for (int i = 0, at = from; i < inner; i++, at += stride) {
                target.put(stored.get(at));
            }
            return;
        }
        for (int i = 0, at = from; i < shape.sizes().get(axis); i++, at += strides[axis]) {
            copy(target, axis + 1, at, last, inner, stride);
        }
    }
}
