package org.cam4j.onnx.folding;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.Node;

/** The axes that a reduction, a squeeze or an unsqueeze names: an attribute in older opsets, an input in newer ones. */
public final class Reductions {

    private Reductions() {}

    /** Returns the axes that are reduced, sorted, from 0; all of them if none are named. */
    public static int[] axes(Node node, List<Constant> inputs, int rank) {
        int[] named = named(node, inputs);
        if (named.length > 0) {
            return Axes.of(named, rank);
        }
        boolean reducesNone = node.attributes().integer("noop_with_empty_axes", 0) != 0;
        return reducesNone ? new int[0] : IntStream.range(0, rank).toArray();
    }

    /** Returns the axes that a node names, as it names them; empty if it names none. */
    public static int[] named(Node node, List<Constant> inputs) {
        return node.attributes()
                .integers("axes")
                .orElseGet(() -> inputs.size() > 1 && inputs.get(1) != null
                        ? inputs.get(1).ints()
                        : new int[0]);
    }

    /** Returns the sizes of the axes that are not named. */
    public static int[] without(int[] dims, int[] axes) {
        return IntStream.range(0, dims.length)
                .filter(axis -> Arrays.stream(axes).noneMatch(removed -> removed == axis))
                .map(axis -> dims[axis])
                .toArray();
    }
}
