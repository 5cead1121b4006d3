package org.cam4j.keras.kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cam4j.dl4j.layers.BroadcastVertex;
import org.cam4j.keras.config.ChannelsFirst;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.plan.operation.Elementwise;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/**
 * Layers that combine several inputs value by value. If shapes differ, a single row, column or channel is repeated along the other input's,
 * and a vector is a map of one cell.
 */
enum MergeKind implements LayerKind {
    ADD(ElementWiseVertex.Op.Add, Elementwise.Kind.ADD),
    /** Subtracts the second input from the first. */
    SUBTRACT(ElementWiseVertex.Op.Subtract, Elementwise.Kind.SUBTRACT) {
        @Override
        public boolean accepts(int inputs) {
            return inputs == 2;
        }
    },
    MULTIPLY(ElementWiseVertex.Op.Product, Elementwise.Kind.MULTIPLY),
    AVERAGE(ElementWiseVertex.Op.Average, null),
    MAXIMUM(ElementWiseVertex.Op.Max, Elementwise.Kind.MAXIMUM),
    MINIMUM(null, Elementwise.Kind.MINIMUM);

    /** DL4J's operation for equal shapes; null if DL4J has none. */
    private final ElementWiseVertex.Op elementwise;

    /** The operation for different shapes; null if none exists. */
    private final Elementwise.Kind broadcast;

    MergeKind(ElementWiseVertex.Op elementwise, Elementwise.Kind broadcast) {
        this.elementwise = elementwise;
        this.broadcast = broadcast;
    }

    @Override
    public boolean accepts(int inputs) {
        return inputs >= 2;
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        boolean mixed = inputs.stream().map(TensorShape::rank).distinct().count() > 1;
        if (mixed && config.flag(ChannelsFirst.REWRITTEN, false)) {
            return Optional.of("vectors and maps " + inputs + ", in a model with channels first");
        }
        boolean built = isUniform(inputs) || broadcast != null;
        return built && broadcast(inputs).isPresent()
                ? Optional.empty()
                : Optional.of("inputs of different shape " + inputs);
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return broadcast(inputs).orElseThrow();
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return isUniform(inputs) && elementwise != null
                ? new ElementWiseVertex(elementwise)
                : new BroadcastVertex(broadcast);
    }

    private static boolean isUniform(List<TensorShape> inputs) {
        return inputs.stream().distinct().count() == 1;
    }

    /** Returns the shape to which all inputs can be repeated. */
    private static Optional<TensorShape> broadcast(List<TensorShape> inputs) {
        TensorShape common = inputs.get(0);
        for (TensorShape input : inputs.subList(1, inputs.size())) {
            boolean mixed = common.isMap() != input.isMap();
            TensorShape a = mixed ? asMap(common) : common;
            TensorShape b = mixed ? asMap(input) : input;
            if (a.rank() != b.rank()) {
                return Optional.empty();
            }
            List<Integer> sizes = new ArrayList<>();
            for (int axis = 0; axis < a.rank(); axis++) {
                int left = a.sizes().get(axis);
                int right = b.sizes().get(axis);
                if (left != right && left != 1 && right != 1) {
                    return Optional.empty();
                }
                sizes.add(left == 1 ? right : left);
            }
            common = new TensorShape(sizes);
        }
        return Optional.of(common);
    }

    private static TensorShape asMap(TensorShape shape) {
        return shape.isVector() ? TensorShape.of(1, 1, shape.channels()) : shape;
    }
}
