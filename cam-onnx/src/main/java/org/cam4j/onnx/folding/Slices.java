package org.cam4j.onnx.folding;

import java.util.Arrays;
import java.util.List;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.Node;

/**
 * The parts of a tensor that a {@code Slice} keeps: for every axis the first entry, the step and how many.
 *
 * <p>Not to be modified.
 */
public final class Slices {

    private final int[] starts;
    private final int[] steps;
    private final int[] counts;

    private Slices(int[] dims) {
        this.starts = new int[dims.length];
        this.steps = new int[dims.length];
        this.counts = dims.clone();
        Arrays.fill(steps, 1);
    }

    /** Reads the parameters of a {@code Slice}: attributes before opset 10, inputs from then on. */
    public static Slices of(Node node, List<Constant> inputs, int[] dims) {
        int[] starts = node.attributes().integers("starts").orElseGet(() -> ints(inputs, 1));
        int[] ends = node.attributes().integers("ends").orElseGet(() -> ints(inputs, 2));
        int[] axes = node.attributes().integers("axes").orElseGet(() -> ints(inputs, 3));
        int[] steps = ints(inputs, 4);
        if (starts.length != ends.length
                || (axes.length > 0 && axes.length != starts.length)
                || (steps.length > 0 && steps.length != starts.length)) {
            throw new IllegalArgumentException(
                    "a slice with " + starts.length + " starts, " + ends.length + " ends, " + axes.length + " axes");
        }
        Slices slices = new Slices(dims);
        for (int i = 0; i < starts.length; i++) {
            int axis = Axes.of(axes.length > 0 ? axes[i] : i, dims.length);
            slices.set(axis, dims[axis], starts[i], ends[i], steps.length > 0 ? steps[i] : 1);
        }
        return slices;
    }

    private static int[] ints(List<Constant> inputs, int index) {
        return index < inputs.size() && inputs.get(index) != null
                ? inputs.get(index).ints()
                : new int[0];
    }

    private void set(int axis, int size, int start, int end, int step) {
        if (step == 0) {
            throw new IllegalArgumentException("a slice with step 0");
        }
        long from = start < 0 ? (long) start + size : start;
        long to = end < 0 ? (long) end + size : end;
        if (step > 0) {
            from = Math.max(0, Math.min(size, from));
            to = Math.max(0, Math.min(size, to));
            counts[axis] = (int) Math.max(0, (to - from + step - 1) / step);
        } else {
            from = Math.max(0, Math.min(size - 1L, from));
            // An end before the first entry stays -1; INT_MIN is far below.
            to = end < -size ? -1 : Math.max(-1, Math.min(size - 1L, to));
            counts[axis] = (int) Math.max(0, (from - to - step - 1) / -(long) step);
        }
        starts[axis] = counts[axis] == 0 ? 0 : (int) from;
        steps[axis] = step;
    }

    public int start(int axis) {
        return starts[axis];
    }

    public int step(int axis) {
        return steps[axis];
    }

    /** Returns how many entries of each axis are kept. */
    public int[] counts() {
        return counts.clone();
    }

    /** Returns the sizes of the parts that a {@code Split} makes. */
    public static int[] splits(Node node, List<Constant> inputs, int size) {
        int[] sizes = node.attributes().integers("split").orElseGet(() -> ints(inputs, 1));
        if (sizes.length == 0) {
            int parts = node.attributes().integer("num_outputs", node.outputs().size());
            if (parts < 1 || parts > size) {
                throw new IllegalArgumentException("an axis of " + size + " is split into " + parts + " parts");
            }
            int each = (size + parts - 1) / parts;
            sizes = new int[parts];
            Arrays.fill(sizes, each);
            sizes[parts - 1] = size - each * (parts - 1);
        }
        if (Arrays.stream(sizes).anyMatch(part -> part < 0)
                || Arrays.stream(sizes).asLongStream().sum() != size) {
            throw new IllegalArgumentException("an axis of " + size + " is split into " + Arrays.toString(sizes));
        }
        return sizes;
    }
}
