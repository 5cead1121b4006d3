package org.cam4j.onnx.translation;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.WeightArray;
import org.cam4j.plan.operation.Window;

/** Convolutions of images, and of sequences as images of one column; transposed convolutions. */
final class Convolutions {

    private Convolutions() {}

    static void addTo(Map<String, Operator> known) {
        known.put("Conv", Convolutions::convolution);
        known.put("ConvTranspose", Convolutions::transposed);
    }

    private static List<Tensor> convolution(Draft draft, Call call) {
        Value value = call.value(0);
        Constant weights = call.constant(1);
        if (value.dims().length == 3 && weights.rank() == 3) {
            return sequence(draft, call, value, weights);
        }
        requireImage(value, weights);
        int[] dims = value.dims();
        int[] kernel = {weights.dim(2), weights.dim(3)};
        WindowAttributes window = WindowAttributes.of(call.attributes(), new int[] {dims[2], dims[3]}, kernel);
        int groups = call.attributes().integer("group", 1);
        if (groups < 1 || weights.dim(1) != dims[1] / groups || dims[1] % groups != 0) {
            throw new IllegalArgumentException("its weights " + weights + " in " + groups
                    + " groups are not for a tensor of " + Arrays.toString(dims));
        }
        boolean isOfOneCell = dims[2] == 1 && dims[3] == 1 && window.positions()[0] == 1 && window.positions()[1] == 1;
        if (isOfOneCell && kernel[0] == 1 && kernel[1] == 1 && groups == 1) {
            // Behind a global pooling, where it is the dense layer of a head or of a squeeze.
            return List.of(draft.copies().dense(value, 1, weights(weights), bias(call, weights.dim(0))));
        }
        Convolution convolution = new Convolution(
                new Window(
                        kernel[0],
                        kernel[1],
                        window.strides()[0],
                        window.strides()[1],
                        window.dilations()[0],
                        window.dilations()[1],
                        new Padding(window.begins()[0], window.ends()[0], window.begins()[1], window.ends()[1])),
                dims[1],
                weights.dim(0),
                groups,
                weights(weights),
                bias(call, weights.dim(0)),
                false,
                Activation.IDENTITY);
        int number = draft.steps().add(convolution, draft.arrangement().image(value));
        return List.of(draft.arrangement().ofImage(number));
    }

    /** Returns weights in ONNX's order, which is the plan's, read when they are needed; throws if a number is not finite. */
    static WeightArray weights(Constant weights) {
        Scaling.requireFinite(weights);
        return WeightArray.readBy(weights.size(), weights::floats);
    }

    private static float[] bias(Call call, int outputs) {
        if (!call.has(2)) {
            return new float[outputs];
        }
        Constant bias = call.constant(2);
        Scaling.requireFinite(bias);
        return bias.floats();
    }

    private static void requireImage(Value value, Constant weights) {
        if (value.dims().length != 4 || weights.rank() != 4) {
            throw new UntranslatedException("a convolution of " + Arrays.toString(value.dims()) + " with weights "
                    + weights + ", where [1, channels, height, width] are expected");
        }
        requireOneImage(value);
    }

    static void requireOneImage(Value value) {
        if (value.dims()[0] != 1) {
            throw new UntranslatedException("several images made of one: a tensor of " + Arrays.toString(value.dims()));
        }
    }

    /** A sequence is an image of one column. */
    private static List<Tensor> sequence(Draft draft, Call call, Value value, Constant weights) {
        int[] dims = value.dims();
        requireOneImage(value);
        WindowAttributes window =
                WindowAttributes.of(call.attributes(), new int[] {dims[2]}, new int[] {weights.dim(2)});
        int groups = call.attributes().integer("group", 1);
        if (groups < 1 || weights.dim(1) != dims[1] / groups || dims[1] % groups != 0) {
            throw new IllegalArgumentException("its weights " + weights + " in " + groups
                    + " groups are not for a tensor of " + Arrays.toString(dims));
        }
        Value column = draft.arrangement().reshaped(value, 1, dims[1], dims[2], 1);
        Convolution convolution = new Convolution(
                new Window(
                        weights.dim(2),
                        1,
                        window.strides()[0],
                        1,
                        window.dilations()[0],
                        1,
                        new Padding(window.begins()[0], window.ends()[0], 0, 0)),
                dims[1],
                weights.dim(0),
                groups,
                weights(weights),
                bias(call, weights.dim(0)),
                false,
                Activation.IDENTITY);
        Value made = draft.arrangement()
                .ofImage(draft.steps().add(convolution, draft.arrangement().image(column)));
        return List.of(draft.arrangement().reshaped(made, 1, weights.dim(0), made.dims()[2]));
    }

    /** A convolution with the kernel turned, of the image with zeros between its cells. */
    private static List<Tensor> transposed(Draft draft, Call call) {
        Value value = call.value(0);
        Constant weights = call.constant(1);
        requireImage(value, weights);
        Scaling.requireFinite(weights);
        int[] dims = value.dims();
        int groups = call.attributes().integer("group", 1);
        int[] strides = call.attributes().integers("strides").orElse(new int[] {1, 1});
        int[] dilations = call.attributes().integers("dilations").orElse(new int[] {1, 1});
        int[] pads = call.attributes().integers("pads").orElse(new int[4]);
        int[] added = call.attributes().integers("output_padding").orElse(new int[2]);
        if (call.attributes().has("output_shape")
                || !call.attributes().text("auto_pad", "NOTSET").equals("NOTSET")) {
            throw new UntranslatedException("pads that follow from the shape of the output");
        }
        if (groups < 1 || dims[1] != weights.dim(0) || dims[1] % groups != 0) {
            throw new IllegalArgumentException(
                    "its weights " + weights + " are not for a tensor of " + Arrays.toString(dims));
        }
        int kernelY = weights.dim(2);
        int kernelX = weights.dim(3);
        int spanY = (kernelY - 1) * dilations[0];
        int spanX = (kernelX - 1) * dilations[1];
        int spaced = draft.steps()
                .add(
                        new InsertZeros(strides[0], strides[1]),
                        draft.arrangement().image(value));
        int[] grown = {spanY - pads[0], spanY - pads[2] + added[0], spanX - pads[1], spanX - pads[3] + added[1]};
        int padded = border(draft, spaced, grown);
        int perGroup = weights.dim(1);
        Convolution convolution = new Convolution(
                new Window(kernelY, kernelX, 1, 1, dilations[0], dilations[1], Padding.NONE),
                dims[1],
                perGroup * groups,
                groups,
                WeightArray.readBy(weights.size(), () -> turned(weights, groups)),
                bias(call, perGroup * groups),
                false,
                Activation.IDENTITY);
        return List.of(draft.arrangement().ofImage(draft.steps().add(convolution, padded)));
    }

    private static int border(Draft draft, int image, int[] grown) {
        int[] more = Arrays.stream(grown).map(cells -> Math.max(cells, 0)).toArray();
        int[] less = Arrays.stream(grown).map(cells -> Math.max(-cells, 0)).toArray();
        int number = image;
        if (Arrays.stream(more).anyMatch(cells -> cells > 0)) {
            number = draft.steps().add(new Pad(new Padding(more[0], more[1], more[2], more[3])), number);
        }
        if (Arrays.stream(less).anyMatch(cells -> cells > 0)) {
            number = draft.steps().add(new Crop(new Padding(less[0], less[1], less[2], less[3])), number);
        }
        return number;
    }

    /** Returns [inputs, outputs / groups, h, w] as [outputs, inputs / groups, h, w], the kernels turned by 180 degrees. */
    private static float[] turned(Constant weights, int groups) {
        float[] from = weights.floats();
        float[] to = new float[from.length];
        int kernel = weights.dim(2) * weights.dim(3);
        int inputs = weights.dim(0) / groups;
        int outputs = weights.dim(1);
        for (int group = 0; group < groups; group++) {
            for (int input = 0; input < inputs; input++) {
                for (int output = 0; output < outputs; output++) {
                    int read = ((group * inputs + input) * outputs + output) * kernel;
                    int written = ((group * outputs + output) * inputs + input) * kernel;
                    for (int i = 0; i < kernel; i++) {
                        to[written + kernel - 1 - i] = from[read + i];
                    }
                }
            }
        }
        return to;
    }
}
