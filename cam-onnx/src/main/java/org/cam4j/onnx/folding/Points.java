package org.cam4j.onnx.folding;

import static org.cam4j.onnx.folding.Folding.required;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.Node;

/** Parts of tensors that are named by indices of several axes at once: GatherND and ScatterND, as tables of positions and masks have them. */
final class Points {

    /** Where each part begins among the tensor's numbers, and how many it has. */
    private record Parts(int[] starts, int size) {}

    private Points() {}

    static void addTo(Map<String, Folding.Fold> known) {
        known.put("GatherND", (node, inputs) -> List.of(gathered(node, required(inputs, 0), required(inputs, 1))));
        known.put(
                "ScatterND",
                (node, inputs) ->
                        List.of(scattered(node, required(inputs, 0), required(inputs, 1), required(inputs, 2))));
    }

    /** Reads indices, whose last axis names an entry of each of the first axes. */
    private static Parts parts(Constant source, Constant indices) {
        int rank = indices.rank();
        int[] dims = source.dims();
        int named = rank == 0 ? 0 : indices.dim(rank - 1);
        if (named < 1 || named > dims.length) {
            throw new IllegalArgumentException("parts of a tensor of " + source + " by indices " + indices);
        }
        int[] strides = Axes.strides(dims);
        int[] starts = new int[indices.size() / named];
        int[] wanted = indices.ints();
        for (int i = 0; i < wanted.length; i++) {
            int size = dims[i % named];
            int index = wanted[i] < 0 ? wanted[i] + size : wanted[i];
            if (index < 0 || index >= size) {
                throw new IllegalArgumentException("entry " + wanted[i] + " of an axis of " + size);
            }
            starts[i / named] += index * strides[i % named];
        }
        return new Parts(starts, Axes.product(dims, named, dims.length));
    }

    private static Constant gathered(Node node, Constant source, Constant indices) {
        if (node.attributes().integer("batch_dims", 0) != 0) {
            throw new IllegalArgumentException("parts of each of a batch");
        }
        Parts parts = parts(source, indices);
        int rank = indices.rank();
        int named = indices.dim(rank - 1);
        int[] dims = IntStream.concat(
                        Arrays.stream(indices.dims(), 0, rank - 1), Arrays.stream(source.dims(), named, source.rank()))
                .toArray();
        return Constant.computed(
                source.type(), dims, i -> source.at(parts.starts()[i / parts.size()] + i % parts.size()));
    }

    private static Constant scattered(Node node, Constant source, Constant indices, Constant updates) {
        if (!node.attributes().text("reduction", "none").equals("none")) {
            throw new IllegalArgumentException("updates that are added up");
        }
        Parts parts = parts(source, indices);
        if (updates.size() != (long) parts.starts().length * parts.size()) {
            throw new IllegalArgumentException("updates " + updates + " for parts by indices " + indices);
        }
        double[] numbers = new double[source.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = source.at(i);
        }
        for (int i = 0; i < updates.size(); i++) {
            numbers[parts.starts()[i / parts.size()] + i % parts.size()] = updates.at(i);
        }
        return Constant.of(source.type(), source.dims(), numbers);
    }
}
