package org.cam4j.onnx.folding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.Node;

/** The sizes that operators give a tensor without moving its numbers, and the parameters of those that move them. */
public final class NewShapes {

    private NewShapes() {}

    /** Returns the sizes after {@code Reshape}: 0 keeps an axis, -1 takes what is left. */
    public static int[] reshape(Node node, Constant wanted, int[] dims) {
        int[] sizes = wanted.ints();
        boolean zeroIsZero = node.attributes().integer("allowzero", 0) != 0;
        int open = -1;
        long product = 1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == 0 && !zeroIsZero) {
                if (i >= dims.length) {
                    throw new IllegalArgumentException("a reshape keeps axis " + i + " of " + Arrays.toString(dims));
                }
                sizes[i] = dims[i];
            }
            if (sizes[i] == -1 && open < 0) {
                open = i;
            } else if (sizes[i] < 0) {
                throw new IllegalArgumentException("a reshape to " + Arrays.toString(sizes));
            } else {
                product = Math.multiplyExact(product, sizes[i]);
            }
        }
        int size = Constant.size(dims);
        if (open >= 0) {
            if (product == 0 || size % product != 0) {
                throw new IllegalArgumentException(
                        "a reshape of " + Arrays.toString(dims) + " to " + Arrays.toString(sizes));
            }
            sizes[open] = (int) (size / product);
        }
        return sizes;
    }

    /** Returns the sizes after {@code Flatten}: two axes. */
    public static int[] flatten(Node node, int[] dims) {
        int told = node.attributes().integer("axis", 1);
        int axis = told < 0 ? told + dims.length : told;
        if (axis < 0 || axis > dims.length) {
            throw new IllegalArgumentException("axis " + told + " of a tensor of " + dims.length + " axes");
        }
        return new int[] {Axes.product(dims, 0, axis), Axes.product(dims, axis, dims.length)};
    }

    /** Returns the sizes after {@code Squeeze}: without the named axes, or without all of one entry. */
    public static int[] squeeze(int[] named, int[] dims) {
        if (named.length == 0) {
            return Arrays.stream(dims).filter(dim -> dim != 1).toArray();
        }
        int[] axes = Axes.of(named, dims.length);
        if (Arrays.stream(axes).anyMatch(axis -> dims[axis] != 1)) {
            throw new IllegalArgumentException(
                    "axes " + Arrays.toString(axes) + " of " + Arrays.toString(dims) + " are squeezed");
        }
        return Reductions.without(dims, axes);
    }

    /** Returns the sizes after {@code Unsqueeze}: with new axes of one entry. */
    public static int[] unsqueeze(int[] named, int[] dims) {
        int rank = dims.length + named.length;
        int[] axes = Axes.of(named, rank);
        if (axes.length != named.length) {
            throw new IllegalArgumentException("the same axis of " + Arrays.toString(named) + " is added twice");
        }
        List<Integer> sizes = new ArrayList<>();
        int next = 0;
        for (int axis = 0; axis < rank; axis++) {
            int current = axis;
            boolean isNew = Arrays.stream(axes).anyMatch(added -> added == current);
            sizes.add(isNew ? 1 : dims[next++]);
        }
        return sizes.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Returns the order of a {@code Transpose}; without one, all axes are reversed. */
    public static int[] order(Node node, int rank) {
        int[] order = node.attributes()
                .integers("perm")
                .orElseGet(() -> IntStream.range(0, rank).map(i -> rank - 1 - i).toArray());
        int[] sorted = Arrays.stream(order).sorted().toArray();
        if (!Arrays.equals(sorted, IntStream.range(0, rank).toArray())) {
            throw new IllegalArgumentException(
                    "a transpose of " + rank + " axes to " + Arrays.toString(order) + ": each axis belongs once");
        }
        return order;
    }

    /** Returns the paddings of a {@code Pad}: of the beginnings of all axes, then of their ends. */
    public static int[] pads(Node node, List<Constant> inputs, int rank) {
        int[] told = node.attributes().integers("pads").orElseGet(() -> Folding.required(inputs, 1)
                .ints());
        int[] axes = inputs.size() > 3 && inputs.get(3) != null
                ? inputs.get(3).ints()
                : IntStream.range(0, rank).toArray();
        if (told.length != 2 * axes.length) {
            throw new IllegalArgumentException(told.length + " paddings for " + axes.length + " axes");
        }
        int[] pads = new int[2 * rank];
        for (int i = 0; i < axes.length; i++) {
            int axis = Axes.of(axes[i], rank);
            pads[axis] = told[i];
            pads[axis + rank] = told[i + axes.length];
        }
        return pads;
    }
}
