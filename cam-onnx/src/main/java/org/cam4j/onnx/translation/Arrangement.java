package org.cam4j.onnx.translation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.cam4j.onnx.folding.Axes;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Transpose;

/** The order of a value's axes in memory: kept as long as possible, changed by a step where an operation needs another one. */
final class Arrangement {

    private static final int MOST_AXES = 4;

    private final Steps steps;

    Arrangement(Steps steps) {
        this.steps = steps;
    }

    /** Returns a value with its axes in a given order; axes of one entry do not count. */
    Value arranged(Value value, int... order) {
        int[] from = value.sequence();
        int[] to = Value.sequence(value.dims(), order);
        if (Arrays.equals(from, to)) {
            return new Value(value.number(), value.dims(), order);
        }
        // Axes stay apart where they may, so that rows and columns can be followed.
        List<int[]> groups = to.length <= MOST_AXES
                ? Arrays.stream(to).mapToObj(axis -> new int[] {axis}).toList()
                : groups(from, to);
        int[] positions = new int[groups.size()];
        Integer[] byPosition = new Integer[groups.size()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = index(from, groups.get(i)[0]);
            byPosition[i] = i;
        }
        Arrays.sort(byPosition, Comparator.comparingInt(i -> positions[i]));
        int[] sizes = new int[groups.size()];
        int[] moved = new int[groups.size()];
        for (int i = 0; i < sizes.length; i++) {
            int group = byPosition[i];
            sizes[i] = Arrays.stream(groups.get(group))
                    .map(axis -> value.dims()[axis])
                    .reduce(1, (a, b) -> a * b);
            moved[group] = i;
        }
        return new Value(transposed(value.number(), sizes, moved), value.dims(), order);
    }

    /** Returns the axes of the wanted sequence, those together that are neighbours in both. */
    private static List<int[]> groups(int[] from, int[] to) {
        List<int[]> groups = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= to.length; i++) {
            boolean goesOn = i < to.length && index(from, to[i]) == index(from, to[i - 1]) + 1;
            if (!goesOn) {
                groups.add(Arrays.copyOfRange(to, start, i));
                start = i;
            }
        }
        return groups;
    }

    private static int index(int[] values, int value) {
        return IntStream.range(0, values.length)
                .filter(i -> values[i] == value)
                .findFirst()
                .orElseThrow();
    }

    private int transposed(int number, int[] sizes, int[] order) {
        if (sizes.length <= MOST_AXES) {
            return steps.add(Transpose.of(order), steps.as(number, new Shape(sizes)));
        }
        // One axis after the other to its place: [placed, before, axis, after].
        int current = number;
        List<Integer> left =
                new ArrayList<>(IntStream.range(0, sizes.length).boxed().toList());
        int placed = 1;
        for (int axis : order) {
            int at = left.indexOf(axis);
            int before = left.subList(0, at).stream().mapToInt(i -> sizes[i]).reduce(1, (a, b) -> a * b);
            int after = left.subList(at + 1, left.size()).stream()
                    .mapToInt(i -> sizes[i])
                    .reduce(1, (a, b) -> a * b);
            if (before > 1) {
                current = steps.add(
                        Transpose.of(0, 2, 1, 3), steps.as(current, new Shape(placed, before, sizes[axis], after)));
            }
            placed *= sizes[axis];
            left.remove(at);
        }
        return current;
    }

    /** Returns a value with some axes moved behind all others. */
    Value last(Value value, int... axes) {
        int[] others = Arrays.stream(value.order())
                .filter(axis -> Arrays.stream(axes).noneMatch(other -> other == axis))
                .toArray();
        return arranged(
                value,
                IntStream.concat(Arrays.stream(others), Arrays.stream(axes)).toArray());
    }

    /** Returns an image [1, channels, height, width] as the plan's [height, width, channels]. */
    int image(Value value) {
        Value arranged = arranged(value, 0, 2, 3, 1);
        int[] dims = value.dims();
        return steps.as(arranged.number(), new Shape(dims[0] * dims[2], dims[3], dims[1]));
    }

    /** Returns ONNX's [1, channels, height, width] of the plan's [height, width, channels]. */
    Value ofImage(int number) {
        Shape shape = steps.shape(number);
        return new Value(
                number, new int[] {1, shape.channels(), shape.height(), shape.width()}, new int[] {0, 2, 3, 1});
    }

    Value transposed(Value value, int[] order) {
        int[] dims = Arrays.stream(order).map(axis -> value.dims()[axis]).toArray();
        int[] back = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            back[order[i]] = i;
        }
        return new Value(
                value.number(),
                dims,
                Arrays.stream(value.order()).map(axis -> back[axis]).toArray());
    }

    /**
     * Gives a value other sizes, its numbers in ONNX's order. Axes that stay, are split or are joined with their neighbours keep their
     * places in memory; only axes that are joined and do not lie behind each other are moved.
     */
    Value reshaped(Value value, int... dims) {
        List<int[]> olds = new ArrayList<>();
        List<int[]> news = new ArrayList<>();
        match(value.dims(), dims, olds, news);
        int[] sequence = value.sequence();
        boolean liesWell = olds.stream().allMatch(axes -> areNeighbours(sequence, axes));
        int[] inMemory = groupOrder(olds, sequence);
        int[] moved =
                Arrays.stream(inMemory).flatMap(i -> Arrays.stream(olds.get(i))).toArray();
        Value ready = liesWell ? value : arranged(value, Value.order(value.dims(), moved));
        int[] after =
                Arrays.stream(inMemory).flatMap(i -> Arrays.stream(news.get(i))).toArray();
        return new Value(ready.number(), dims, Value.order(dims, after));
    }

    /**
     * Orders groups of axes as they lie in memory, each by its fastest axis. If the slowest axes or the fastest ones say ONNX's own order,
     * it is that: what follows a reshape that mixes axes, such as the heads of attention or windows, goes on in that order.
     */
    private static int[] groupOrder(List<int[]> groups, int[] sequence) {
        int[] own = IntStream.range(0, groups.size()).toArray();
        int[] bySlowest = sorted(own, i -> Arrays.stream(groups.get(i))
                .map(axis -> index(sequence, axis))
                .min());
        int[] byFastest = sorted(own, i -> Arrays.stream(groups.get(i))
                .map(axis -> index(sequence, axis))
                .max());
        return Arrays.equals(bySlowest, own) ? own : byFastest;
    }

    private static int[] sorted(int[] groups, IntFunction<OptionalInt> place) {
        return IntStream.of(groups)
                .boxed()
                .sorted(Comparator.comparingInt(i -> place.apply(i).orElse(0)))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static boolean areNeighbours(int[] sequence, int[] axes) {
        for (int i = 1; i < axes.length; i++) {
            if (index(sequence, axes[i]) != index(sequence, axes[i - 1]) + 1) {
                return false;
            }
        }
        return true;
    }

    /** Finds the smallest groups of neighbouring axes that have as many entries before and after. */
    private static void match(int[] from, int[] to, List<int[]> olds, List<int[]> news) {
        int[] before = IntStream.range(0, from.length).filter(i -> from[i] > 1).toArray();
        int[] after = IntStream.range(0, to.length).filter(i -> to[i] > 1).toArray();
        int i = 0;
        int j = 0;
        while (i < before.length && j < after.length) {
            int firstOld = i;
            int firstNew = j;
            long old = from[before[i++]];
            long fresh = to[after[j++]];
            while (old != fresh) {
                if (old < fresh && i < before.length) {
                    old *= from[before[i++]];
                } else if (fresh < old && j < after.length) {
                    fresh *= to[after[j++]];
                } else {
                    throw new IllegalArgumentException(
                            "a reshape of " + Arrays.toString(from) + " to " + Arrays.toString(to));
                }
            }
            olds.add(Arrays.copyOfRange(before, firstOld, i));
            news.add(Arrays.copyOfRange(after, firstNew, j));
        }
        if (i < before.length || j < after.length) {
            throw new IllegalArgumentException("a reshape of " + Arrays.toString(from) + " to " + Arrays.toString(to));
        }
    }

    /**
     * A plan's value whose axis is one axis of a tensor.
     *
     * @param number of the value
     * @param axis of its shape
     */
    record AxisOfValue(int number, int axis) {}

    /** Finds, or makes by a reshape, a value one of whose axes is an axis of a tensor. */
    AxisOfValue axis(Value value, int axis) {
        int[] dims = value.dims();
        int place = index(value.order(), axis);
        int before = product(dims, Arrays.copyOfRange(value.order(), 0, place));
        int after = product(dims, Arrays.copyOfRange(value.order(), place + 1, dims.length));
        Shape shape = steps.shape(value.number());
        int slower = 1;
        for (int i = 0; i < shape.rank(); i++) {
            if (slower == before && shape.size(i) == dims[axis]) {
                return new AxisOfValue(value.number(), i);
            }
            slower *= shape.size(i);
        }
        return before == 1
                ? new AxisOfValue(steps.as(value.number(), new Shape(dims[axis], after)), 0)
                : new AxisOfValue(steps.as(value.number(), new Shape(before, dims[axis], after)), 1);
    }

    static int product(int[] dims, int[] axes) {
        return Arrays.stream(axes).map(axis -> dims[axis]).reduce(1, (a, b) -> a * b);
    }

    /** Returns a value whose last axis is the last axis of a tensor, the others as they are or as rows of cells. */
    int channels(Value value, int channels) {
        Shape shape = steps.shape(value.number());
        if (shape.channels() == channels) {
            return value.number();
        }
        int cells = value.size() / channels;
        return steps.as(value.number(), cells == 1 ? new Shape(channels) : new Shape(cells, channels));
    }

    /** Repeats a value along axes of one entry. */
    Value expanded(Value value, int[] wanted) {
        Value wide = value.padded(wanted.length);
        int[] dims = Axes.broadcast(wide.dims(), wanted);
        for (int axis = 0; axis < dims.length; axis++) {
            if (wide.dims()[axis] != dims[axis]) {
                wide = new Copies(steps, this).along(wide, axis, dims[axis]);
            }
        }
        return wide;
    }
}
