package org.cam4j.onnx.translation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.ElementType;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Window;

/** Max and average pooling over windows and over whole maps. */
final class Poolings {

    private Poolings() {}

    static void addTo(Map<String, Operator> known) {
        known.put("MaxPool", Poolings::maximum);
        known.put("AveragePool", Poolings::average);
        known.put("GlobalAveragePool", (draft, call) -> global(draft, call, Pooling.Kind.AVERAGE));
        known.put("GlobalMaxPool", (draft, call) -> global(draft, call, Pooling.Kind.MAXIMUM));
    }

    private static List<Tensor> global(Draft draft, Call call, Pooling.Kind kind) {
        Value value = call.value(0);
        int[] axes = IntStream.range(2, value.dims().length).toArray();
        return List.of(new Reduction(draft).reduced(value, axes, kind, true));
    }

    private static Value image(Draft draft, Value value) {
        if (value.dims().length == 3) {
            int[] dims = value.dims();
            return draft.arrangement().reshaped(value, dims[0], dims[1], dims[2], 1);
        }
        if (value.dims().length != 4) {
            throw new UntranslatedException("a pooling of " + Arrays.toString(value.dims())
                    + ", where [1, channels, height, width] are expected");
        }
        Convolutions.requireOneImage(value);
        return value;
    }

    /** Returns the window over an image; that of a sequence has one column. */
    private static WindowAttributes window(Call call, Value value) {
        int[] dims = value.dims();
        int[] sizes = Arrays.copyOfRange(dims, 2, dims.length);
        int[] kernel = call.attributes()
                .integers("kernel_shape")
                .orElseThrow(() -> new IllegalArgumentException("it has no kernel_shape"));
        WindowAttributes window = WindowAttributes.of(call.attributes(), sizes, kernel);
        return sizes.length == 1
                ? new WindowAttributes(
                        with(window.kernel(), 1),
                        with(window.strides(), 1),
                        with(window.dilations(), 1),
                        with(window.begins(), 0),
                        with(window.ends(), 0),
                        with(window.positions(), 1))
                : window;
    }

    private static int[] with(int[] numbers, int last) {
        return new int[] {numbers[0], last};
    }

    private static Tensor result(Draft draft, Value like, int number) {
        Value image = draft.arrangement().ofImage(number);
        return like.dims().length == 3
                ? draft.arrangement().reshaped(image, 1, image.dims()[1], image.dims()[2])
                : image;
    }

    private static Window plain(WindowAttributes window, Padding padding) {
        return new Window(
                window.kernel()[0], window.kernel()[1], window.strides()[0], window.strides()[1], 1, 1, padding);
    }

    /** Returns the padding as far as windows reach into it. */
    private static Padding reached(WindowAttributes window, int[] dims, int[] begins) {
        return new Padding(
                begins[0], window.needed(0, dims[2], begins[0]), begins[1], window.needed(1, dims[3], begins[1]));
    }

    private static List<Tensor> maximum(Draft draft, Call call) {
        if (call.node().outputs().size() > 1 && !call.node().outputs().get(1).isEmpty()) {
            throw new UntranslatedException("the places of the largest numbers, its second output");
        }
        Value value = call.value(0);
        WindowAttributes window = window(call, value);
        Value image = image(draft, value);
        if (window.hasHoles()) {
            return List.of(result(draft, value, withHoles(draft, image, window)));
        }
        Pooling pooling =
                new Pooling(Pooling.Kind.MAXIMUM, plain(window, reached(window, image.dims(), window.begins())));
        return List.of(result(
                draft, value, draft.steps().add(pooling, draft.arrangement().image(image))));
    }

    /** The maximum of the image moved to each entry of the kernel; along rows first, then along columns. */
    private static int withHoles(Draft draft, Value image, WindowAttributes window) {
        Value current = image;
        for (int i = 0; i < 2; i++) {
            int axis = 2 + i;
            Value padded = lowest(
                    draft,
                    current,
                    axis,
                    window.begins()[i],
                    window.needed(i, current.dims()[axis], window.begins()[i]));
            int reach = (window.positions()[i] - 1) * window.strides()[i] + 1;
            Value largest = draft.copies().range(padded, axis, 0, reach);
            for (int entry = 1; entry < window.kernel()[i]; entry++) {
                Value moved = draft.copies().range(padded, axis, entry * window.dilations()[i], reach);
                largest = (Value) draft.combination().extreme(Elementwise.Kind.MAXIMUM, largest, moved);
            }
            current = Selecting.every(draft, largest, axis, window.strides()[i]);
        }
        return draft.arrangement().image(current);
    }

    /** Pads an axis with the lowest number, which loses against every number of the image. */
    private static Value lowest(Draft draft, Value value, int axis, int before, int after) {
        List<Value> parts = new ArrayList<>(List.of(value));
        for (int i = 0; i < 2; i++) {
            int count = i == 0 ? before : after;
            if (count > 0) {
                int[] dims = value.dims().clone();
                dims[axis] = count;
                Constant lowest = Constant.computed(ElementType.FLOAT, dims, place -> -Float.MAX_VALUE);
                parts.add(i == 0 ? 0 : parts.size(), draft.copies().constant(lowest, value));
            }
        }
        return draft.copies().joined(parts, axis);
    }

    private static List<Tensor> average(Draft draft, Call call) {
        Value value = call.value(0);
        boolean countsPadding = call.attributes().integer("count_include_pad", 0) != 0;
        if (value.dims().length > 4) {
            return List.of(ofManyAxes(draft, call, value, countsPadding));
        }
        WindowAttributes window = window(call, value);
        Value image = image(draft, value);
        int number = draft.arrangement().image(image);
        int[] dims = image.dims();
        boolean isPadded = Arrays.stream(window.begins()).anyMatch(cells -> cells > 0)
                || Arrays.stream(window.ends()).anyMatch(cells -> cells > 0);
        boolean isWhole = window.kernel()[0] == dims[2] && window.kernel()[1] == dims[3] && !isPadded;
        if (isWhole && window.positions()[0] == 1 && window.positions()[1] == 1) {
            return List.of(new Reduction(draft)
                    .reduced(value, IntStream.range(2, value.dims().length).toArray(), Pooling.Kind.AVERAGE, true));
        }
        if (countsPadding && isPadded) {
            // Cells of zeros count; only those that rounding up adds behind them do not.
            Padding zeros = new Padding(window.begins()[0], window.ends()[0], window.begins()[1], window.ends()[1]);
            number = draft.steps().add(new Pad(zeros), number);
            dims = new int[] {
                1,
                dims[1],
                draft.steps().shape(number).height(),
                draft.steps().shape(number).width()
            };
        }
        int[] begins = countsPadding ? new int[2] : window.begins();
        Padding padding = reached(window, dims, begins);
        if (window.hasHoles()) {
            return List.of(result(draft, value, withHoles(draft, number, dims, window, padding)));
        }
        return List.of(result(
                draft, value, draft.steps().add(new Pooling(Pooling.Kind.AVERAGE, plain(window, padding)), number)));
    }

    /** A convolution with equal weights, over the share of entries that are inside the image. */
    private static int withHoles(Draft draft, int number, int[] dims, WindowAttributes window, Padding padding) {
        int channels = dims[1];
        int kernel = window.kernel()[0] * window.kernel()[1];
        float[] weights = new float[channels * kernel];
        Arrays.fill(weights, 1f / kernel);
        Convolution mean = new Convolution(
                new Window(
                        window.kernel()[0],
                        window.kernel()[1],
                        window.strides()[0],
                        window.strides()[1],
                        window.dilations()[0],
                        window.dilations()[1],
                        padding),
                channels,
                channels,
                channels,
                weights,
                new float[channels],
                false,
                Activation.IDENTITY);
        Value made = draft.arrangement().ofImage(draft.steps().add(mean, number));
        int[] before = {padding.top(), padding.left()};
        int rows = made.dims()[2];
        int columns = made.dims()[3];
        Constant shares = Constant.computed(ElementType.FLOAT, new int[] {1, 1, rows, columns}, i -> {
            int inside = inside(window, 0, dims[2], before[0], i / columns)
                    * inside(window, 1, dims[3], before[1], i % columns);
            return (double) kernel / inside;
        });
        return draft.arrangement().image(draft.scaling().scaled(made, shares));
    }

    private static int inside(WindowAttributes window, int axis, int size, int before, int position) {
        int count = 0;
        for (int entry = 0; entry < window.kernel()[axis]; entry++) {
            int cell = position * window.strides()[axis] - before + entry * window.dilations()[axis];
            count += cell >= 0 && cell < size ? 1 : 0;
        }
        return Math.max(count, 1);
    }

    /** An average over more axes than rows and columns is one over each axis after the other. */
    private static Value ofManyAxes(Draft draft, Call call, Value value, boolean countsPadding) {
        int[] dims = value.dims();
        WindowAttributes window = WindowAttributes.of(
                call.attributes(),
                Arrays.copyOfRange(dims, 2, dims.length),
                call.attributes().integers("kernel_shape").orElse(new int[0]));
        Value current = value;
        for (int i = 0; i < window.kernel().length; i++) {
            int size = dims[2 + i];
            if (window.kernel()[i] == 1 && window.strides()[i] == 1 && window.positions()[i] == size) {
                continue;
            }
            float[][] weights = new float[window.positions()[i]][];
            for (int position = 0; position < weights.length; position++) {
                weights[position] = shares(window, i, position, size, countsPadding);
            }
            current = draft.copies().mixed(current, 2 + i, weights, new float[weights.length]);
        }
        return current;
    }

    /** Returns the share of each of an axis' cells in the average at a position of the window. */
    private static float[] shares(WindowAttributes window, int axis, int position, int size, boolean countsPadding) {
        float[] shares = new float[size];
        int padded = size + window.begins()[axis] + window.ends()[axis];
        int counted = 0;
        for (int entry = 0; entry < window.kernel()[axis]; entry++) {
            int place = position * window.strides()[axis] + entry * window.dilations()[axis];
            int cell = place - window.begins()[axis];
            boolean isInside = cell >= 0 && cell < size;
            counted += isInside || (countsPadding && place < padded) ? 1 : 0;
            if (isInside) {
                shares[cell] = 1;
            }
        }
        for (int cell = 0; cell < size; cell++) {
            shares[cell] /= Math.max(counted, 1);
        }
        return shares;
    }
}
