package org.cam4j.onnx.folding;

import java.util.Arrays;
import org.cam4j.onnx.graph.Constant;

/** Places in row-major tensors: strides, broadcasting, axes counted from the end. */
public final class Axes {

    private Axes() {}

    /** Returns an axis from 0; negative ones count from the end. */
    public static int of(int axis, int rank) {
        int found = axis < 0 ? axis + rank : axis;
        if (found < 0 || found >= Math.max(rank, 1)) {
            throw new IllegalArgumentException("axis " + axis + " of a tensor of " + rank + " axes");
        }
        return found;
    }

    /** Returns several axes from 0, sorted. */
    public static int[] of(int[] axes, int rank) {
        return Arrays.stream(axes)
                .map(axis -> of(axis, rank))
                .sorted()
                .distinct()
                .toArray();
    }

    /** Returns the product of some sizes. */
    public static int product(int[] dims, int from, int to) {
        return Constant.size(Arrays.copyOfRange(dims, from, to));
    }

    /** Returns the distance in memory from one entry of each axis to the next. */
    public static int[] strides(int[] dims) {
        int[] strides = new int[dims.length];
        int stride = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= dims[axis];
        }
        return strides;
    }

    /** Returns the sizes of two tensors that are broadcast to each other. */
    public static int[] broadcast(int[] first, int[] second) {
        int rank = Math.max(first.length, second.length);
        int[] dims = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int one = i <= first.length ? first[first.length - i] : 1;
            int other = i <= second.length ? second[second.length - i] : 1;
            if (one != other && one != 1 && other != 1) {
                throw new IllegalArgumentException("tensors of " + Arrays.toString(first) + " and "
                        + Arrays.toString(second) + " cannot be broadcast to each other");
            }
            dims[rank - i] = one == 1 ? other : one;
        }
        return dims;
    }

    /** Returns sizes with axes of one entry put before them. */
    public static int[] padded(int[] dims, int rank) {
        int[] padded = new int[rank];
        Arrays.fill(padded, 1);
        System.arraycopy(dims, 0, padded, rank - dims.length, dims.length);
        return padded;
    }

    /**
     * Finds, for every entry of a tensor, its place in another one that is broadcast to it.
     *
     * @param dims the tensor's sizes
     * @param source the other's sizes, broadcast to {@code dims}
     */
    public static int[] places(int[] dims, int[] source) {
        int[] padded = padded(source, dims.length);
        int[] strides = strides(padded);
        for (int axis = 0; axis < strides.length; axis++) {
            strides[axis] = padded[axis] == 1 ? 0 : strides[axis];
        }
        return places(dims, strides, 0);
    }

    /** Finds, for every entry of a tensor in row-major order, {@code start + Σ index · stride}. */
    public static int[] places(int[] dims, int[] strides, int start) {
        int[] places = new int[Constant.size(dims)];
        int[] index = new int[dims.length];
        int place = start;
        for (int i = 0; i < places.length; i++) {
            places[i] = place;
            for (int axis = dims.length - 1; axis >= 0; axis--) {
                place += strides[axis];
                if (++index[axis] < dims[axis]) {
                    break;
                }
                place -= strides[axis] * dims[axis];
                index[axis] = 0;
            }
        }
        return places;
    }

    /** Returns a constant whose entries are those of another one at some places. */
    public static Constant gathered(Constant source, int[] dims, int[] places) {
        return Constant.computed(source.type(), dims, i -> source.at(places[i]));
    }

    /** Returns a constant with its axes in another order. */
    public static Constant transposed(Constant source, int[] order) {
        int[] strides = strides(source.dims());
        int[] dims = new int[order.length];
        int[] moved = new int[order.length];
        for (int axis = 0; axis < order.length; axis++) {
            dims[axis] = source.dim(order[axis]);
            moved[axis] = strides[order[axis]];
        }
        return gathered(source, dims, places(dims, moved, 0));
    }
}
