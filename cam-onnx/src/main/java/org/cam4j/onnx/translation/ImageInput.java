package org.cam4j.onnx.translation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.Graph;
import org.cam4j.onnx.graph.Node;
import org.cam4j.onnx.translation.Tensor.Known;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/**
 * A graph's one image.
 *
 * @param name of the tensor
 * @param batch images that the graph takes at a time; 1 where it leaves them open
 * @param isChannelsFirst whether its axes are [batch, channels, height, width]; otherwise the channels are last
 * @param shape the plan's: height, width and channels
 */
public record ImageInput(String name, int batch, boolean isChannelsFirst, Shape shape) {

    private static final Set<Integer> COLOURS = Set.of(1, 3, 4);

    /**
     * Finds the image among a graph's inputs.
     *
     * @param height rows, for a graph that leaves them open
     * @param width columns, for a graph that leaves them open
     * @throws UnsupportedModelException if there is not one image
     */
    static ImageInput of(String model, Graph graph, int height, int width) {
        Graph.Input input = only(model, graph);
        int[] dims = input.dims();
        boolean isFirst = isChannelsFirst(dims);
        int channels = dims[isFirst ? 1 : 3];
        if (channels == Graph.OPEN) {
            throw new UnsupportedModelException("the input " + Quoted.of(input.name()) + " of '" + model
                    + "' leaves its channels open; expected 1 or 3. Export the model with the shape of its input.");
        }
        return new ImageInput(input.name(), Math.max(1, dims[0]), isFirst, new Shape(height, width, channels));
    }

    /**
     * Returns the only input that a node reads.
     *
     * @throws UnsupportedModelException if there are others, or it is no image
     */
    public static Graph.Input only(String model, Graph graph) {
        Set<String> read = new HashSet<>();
        graph.nodes().forEach(node -> read(node, read));
        List<Graph.Input> inputs = graph.inputs().stream()
                .filter(input -> read.contains(input.name()))
                .toList();
        if (inputs.size() != 1) {
            throw new UnsupportedModelException("model '" + model + "' reads " + inputs.size() + " inputs ["
                    + inputs.stream().map(Graph.Input::name).map(Quoted::cut).collect(Collectors.joining(", "))
                    + "]; expected one image. A class activation map is of a classifier of one image.");
        }
        Graph.Input input = inputs.get(0);
        if (input.dims().length != 4) {
            throw new UnsupportedModelException("the input " + Quoted.of(input.name()) + " of '" + model + "' is "
                    + Arrays.toString(input.dims())
                    + "; expected [batch, channels, height, width] or [batch, height, width, channels].");
        }
        return input;
    }

    private static void read(Node node, Set<String> read) {
        read.addAll(node.inputs());
        node.branches().forEach(branch -> {
            read.addAll(branch.outputs());
            branch.nodes().forEach(inner -> read(inner, read));
        });
    }

    /** Whether the axis after the batch is the channels: it is, unless only the last one has as many as colours. */
    public static boolean isChannelsFirst(int[] dims) {
        return COLOURS.contains(dims[1]) || !COLOURS.contains(dims[3]);
    }

    /** Returns the rows or columns that a graph fixes; {@link Graph#OPEN} if it leaves them open. */
    public static int side(Graph.Input input, boolean isHeight) {
        boolean isFirst = isChannelsFirst(input.dims());
        return input.dims()[isHeight ? (isFirst ? 2 : 1) : (isFirst ? 3 : 2)];
    }

    Value value() {
        int[] dims = isChannelsFirst
                ? new int[] {1, shape.channels(), shape.height(), shape.width()}
                : new int[] {1, shape.height(), shape.width(), shape.channels()};
        int[] order = isChannelsFirst ? new int[] {0, 2, 3, 1} : new int[] {0, 1, 2, 3};
        return new Value(InferencePlan.INPUT, dims, order);
    }

    /**
     * Returns a node's inputs for one image: a graph that was exported for several images at a time has their number in the shapes that
     * it writes.
     */
    List<Tensor> withoutBatch(Node node, List<Tensor> inputs) {
        boolean givesShape =
                node.operator().equals("Reshape") || node.operator().equals("Expand");
        if (batch == 1 || !givesShape || inputs.size() < 2 || !(inputs.get(1) instanceof Known shape)) {
            return inputs;
        }
        int[] sizes = shape.constant().ints();
        long product = 1;
        for (int size : sizes) {
            product *= size;
        }
        boolean isOpen = product <= 0 && sizes.length > 0 && sizes[0] == batch;
        boolean isForBatch =
                product == (long) batch * Constant.size(inputs.get(0).dims());
        if (sizes.length == 0 || sizes[0] % batch != 0 || !(isOpen || isForBatch)) {
            return inputs;
        }
        sizes[0] /= batch;
        List<Tensor> one = new ArrayList<>(inputs);
        one.set(1, new Known(Constant.vector(sizes)));
        return one;
    }
}
