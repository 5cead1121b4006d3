package org.cam4j.keras.kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.cam4j.dl4j.layers.PermuteVertex;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** {@code Permute}: rows, columns and channels in another order. */
final class PermuteKind implements LayerKind {

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.unlessMap(inputs.get(0));
    }

    private static List<Integer> axes(LayerConfig config) {
        List<Integer> axes = config.shape("dims").sizes();
        if (!new TreeSet<>(axes).equals(new TreeSet<>(List.of(1, 2, 3))) || axes.size() != 3) {
            throw config.wrong("dims", "1, 2 and 3 in some order");
        }
        return axes;
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        List<Integer> sizes = new ArrayList<>();
        axes(config).forEach(axis -> sizes.add(inputs.get(0).sizes().get(axis - 1)));
        return new TensorShape(sizes);
    }

    @Override
    public boolean isIdle(LayerConfig config, TensorShape input) {
        return axes(config).equals(List.of(1, 2, 3));
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return new PermuteVertex(
                axes(config).stream().mapToInt(Integer::intValue).toArray());
    }
}
