package org.cam4j.onnx.translation;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cam4j.onnx.folding.NewShapes;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;

/** Pads tensors: with a number, by reflection, by repeating the border or from the other side; negative pads crop. */
final class Bordering {

    private Bordering() {}

    static void addTo(Map<String, Operator> known) {
        known.put("Pad", Bordering::pad);
    }

    private static List<Tensor> pad(Draft draft, Call call) {
        Value value = call.value(0);
        int rank = value.dims().length;
        int[] pads = NewShapes.pads(call.node(), call.parameters(), rank);
        String mode = call.attributes().text("mode", "constant");
        float number = call.optionalConstant(2)
                .map(constant -> (float) constant.at(0))
                .orElseGet(() -> call.attributes().number("value", 0));
        Value current = cropped(draft, value, pads);
        for (int i = 0; i < pads.length; i++) {
            pads[i] = Math.max(pads[i], 0);
            if (pads[i] > 1 << 20) {
                throw new IllegalArgumentException("it pads by " + pads[i] + " cells");
            }
        }
        if (mode.equals("constant")) {
            if (!Float.isFinite(number)) {
                throw new UntranslatedException("pads of " + number);
            }
            return List.of(constant(draft, current, pads, number));
        }
        for (int axis = 0; axis < rank; axis++) {
            if (pads[axis] + pads[axis + rank] > 0) {
                current = draft.copies()
                        .chosen(current, axis, places(mode, current.dims()[axis], pads[axis], pads[axis + rank]));
            }
        }
        return List.of(current);
    }

    private static Value cropped(Draft draft, Value value, int[] pads) {
        int rank = value.dims().length;
        Value current = value;
        for (int axis = 0; axis < rank; axis++) {
            int before = Math.max(-pads[axis], 0);
            int after = Math.max(-pads[axis + rank], 0);
            current = draft.copies().range(current, axis, before, value.dims()[axis] - before - after);
        }
        return current;
    }

    private static Value constant(Draft draft, Value value, int[] pads, float number) {
        int rank = value.dims().length;
        boolean isOfImage = rank == 4 && pads[0] + pads[4] + pads[1] + pads[5] == 0;
        if (Arrays.stream(pads).allMatch(pad -> pad == 0)) {
            return value;
        }
        if (isOfImage && value.dims()[0] == 1) {
            // Zeros around the image less the number.
            Value moved = draft.scaling().uniform(value, 1, -number);
            Pad pad = new Pad(new Padding(pads[2], pads[6], pads[3], pads[7]));
            int padded = draft.steps().add(pad, draft.arrangement().image(moved));
            return draft.scaling().uniform(draft.arrangement().ofImage(padded), 1, number);
        }
        Value current = value;
        for (int axis = 0; axis < rank; axis++) {
            int size = current.dims()[axis];
            int added = pads[axis] + pads[axis + rank];
            if (added > 0) {
                // Rows of zeros for the padding, and its number as their bias.
                Constant.requireRoom(((long) size + added) * size);
                float[][] weights = new float[size + added][size];
                float[] bias = new float[size + added];
                Arrays.fill(bias, number);
                for (int i = 0; i < size; i++) {
                    weights[pads[axis] + i][i] = 1;
                    bias[pads[axis] + i] = 0;
                }
                current = draft.copies().mixed(current, axis, weights, bias);
            }
        }
        return current;
    }

    /** Finds the entries that stand in a padded axis. */
    private static int[] places(String mode, int size, int before, int after) {
        Constant.requireRoom((long) size + before + after);
        int[] places = new int[size + before + after];
        for (int i = 0; i < places.length; i++) {
            int index = i - before;
            places[i] = switch (mode) {
                case "edge" -> Math.max(0, Math.min(size - 1, index));
                case "wrap" -> Math.floorMod(index, size);
                case "reflect" -> reflected(index, size);
                default -> throw new UntranslatedException("pads of mode '" + mode + "'");
            };
        }
        return places;
    }

    private static int reflected(int index, int size) {
        if (size == 1) {
            return 0;
        }
        int period = 2 * (size - 1);
        int place = Math.floorMod(index, period);
        return Math.min(place, period - place);
    }
}
