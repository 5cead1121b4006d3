package org.cam4j.onnx.translation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.WeightArray;

/** Entries of one axis: sliced, repeated, joined, put into another order, or mixed by a matrix. */
final class Copies {

    /** As many as a step may read. */
    private static final int MOST_JOINED = 1000;

    /** More runs than this are taken by a matrix of zeros and ones in one step. */
    private static final int MOST_RUNS = 64;

    private final Steps steps;
    private final Arrangement arrangement;

    Copies(Steps steps, Arrangement arrangement) {
        this.steps = steps;
        this.arrangement = arrangement;
    }

    /** Keeps a range of entries. */
    Value range(Value value, int axis, int first, int count) {
        if (count == value.dims()[axis]) {
            return value;
        }
        if (count < 1) {
            throw new IllegalArgumentException("nothing is left of a tensor of " + Arrays.toString(value.dims()));
        }
        Arrangement.AxisOfValue place = arrangement.axis(value, axis);
        return with(value, axis, count, steps.add(new Slice(place.axis(), first, count), place.number()));
    }

    private static Value with(Value value, int axis, int size, int number) {
        int[] dims = value.dims().clone();
        dims[axis] = size;
        return new Value(number, dims, value.order());
    }

    /** Repeats the only entry of an axis. */
    Value along(Value value, int axis, int count) {
        if (count > MOST_JOINED) {
            Constant.requireRoom((long) count * value.size());
            float[] ones = new float[count];
            Arrays.fill(ones, 1);
            return dense(value, axis, WeightArray.of(ones), new float[count]);
        }
        // Slowest first: then copies lie behind each other.
        int[] order = IntStream.concat(
                        IntStream.of(axis), Arrays.stream(value.order()).filter(other -> other != axis))
                .toArray();
        int[] read = new int[count];
        Arrays.fill(read, steps.as(value.number(), new Shape(1, value.size())));
        int[] dims = value.dims().clone();
        dims[axis] = count;
        return new Value(steps.add(new Concatenate(0), read), dims, order);
    }

    /** Takes entries by their places, in any order and any number. */
    Value chosen(Value value, int axis, int[] places) {
        if (places.length == 0) {
            throw new IllegalArgumentException("nothing is taken of a tensor of " + Arrays.toString(value.dims()));
        }
        List<Value> runs = new ArrayList<>();
        int start = 0;
        int count = 0;
        for (int i = 1; i <= places.length; i++) {
            if (i == places.length || places[i] != places[i - 1] + 1) {
                count++;
                if (count <= MOST_RUNS) {
                    runs.add(range(value, axis, places[start], i - start));
                }
                start = i;
            }
        }
        if (count > MOST_RUNS) {
            Constant.requireRoom((long) places.length * value.dims()[axis]);
            float[][] taken = new float[places.length][value.dims()[axis]];
            for (int i = 0; i < places.length; i++) {
                taken[i][places[i]] = 1;
            }
            return mixed(value, axis, taken, new float[places.length]);
        }
        return joined(runs, axis);
    }

    /** Joins values along an axis; their other axes have the same sizes. */
    Value joined(List<Value> parts, int axis) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        if (parts.size() > MOST_JOINED) {
            throw new UntranslatedException("joins " + parts.size() + " tensors");
        }
        Value widest = parts.get(0);
        for (Value part : parts) {
            widest = part.dims()[axis] > widest.dims()[axis] ? part : widest;
        }
        int[] order = widest.dims()[axis] > 1
                ? widest.order()
                : IntStream.concat(
                                IntStream.of(axis),
                                Arrays.stream(widest.order()).filter(other -> other != axis))
                        .toArray();
        int count = 0;
        for (Value part : parts) {
            int[] others = part.dims().clone();
            others[axis] = widest.dims()[axis];
            if (!Arrays.equals(others, widest.dims())) {
                throw new IllegalArgumentException("tensors of " + Arrays.toString(widest.dims()) + " and "
                        + Arrays.toString(part.dims()) + " are joined along axis " + axis);
            }
            count += part.dims()[axis];
        }
        Arrangement.AxisOfValue place = arrangement.axis(arrangement.arranged(widest, order), axis);
        Shape like = steps.shape(place.number());
        int[] read = new int[parts.size()];
        for (int i = 0; i < read.length; i++) {
            Value arranged = arrangement.arranged(parts.get(i), order);
            read[i] = steps.as(
                    arranged.number(), like.with(place.axis(), parts.get(i).dims()[axis]));
        }
        int[] dims = widest.dims().clone();
        dims[axis] = count;
        return new Value(steps.add(new Concatenate(place.axis()), read), dims, order);
    }

    /**
     * Computes new entries of an axis as sums of the old ones.
     *
     * @param weights [new entries][old entries]
     * @param bias [new entries]
     */
    Value mixed(Value value, int axis, float[][] weights, float[] bias) {
        int before = value.dims()[axis];
        Constant.requireRoom((long) weights.length * before);
        float[] flat = new float[weights.length * before];
        for (int i = 0; i < weights.length; i++) {
            System.arraycopy(weights[i], 0, flat, i * before, before);
        }
        return dense(value, axis, WeightArray.of(flat), bias);
    }

    /** As {@link #mixed}, with the weights row by row. */
    Value dense(Value value, int axis, WeightArray weights, float[] bias) {
        Value last = arrangement.last(value, axis);
        int before = value.dims()[axis];
        Operation dense = new Dense(before, bias.length, weights, bias, Activation.IDENTITY);
        return with(last, axis, bias.length, steps.add(dense, arrangement.channels(last, before)));
    }

    /**
     * Makes a value of numbers that depend on no image, as a dense layer of no weight.
     *
     * @param like any value of the plan
     */
    Value constant(Constant constant, Value like) {
        int one = steps.add(new Slice(0, 0, 1), steps.as(like.number(), new Shape(like.size())));
        float[] numbers = constant.floats();
        Operation dense = new Dense(
                1, numbers.length, WeightArray.of(new float[numbers.length]), numbers.clone(), Activation.IDENTITY);
        int[] dims = constant.dims();
        return new Value(
                steps.add(dense, one), dims, IntStream.range(0, dims.length).toArray());
    }
}
