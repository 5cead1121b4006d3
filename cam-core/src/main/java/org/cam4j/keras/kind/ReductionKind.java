package org.cam4j.keras.kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.cam4j.dl4j.layers.ReductionVertex;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** The mean or the maximum of a map along some axes, which keep one entry; {@code Reductions} writes this kind. */
public final class ReductionKind implements LayerKind {

    /** Class name of this kind; no class in Python can have it. */
    public static final String CLASS_NAME = "cam4j:Reduction";

    public static final String AXES = "axes";
    public static final String MAXIMUM = "maximum";

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.unlessMap(inputs.get(0));
    }

    private static Set<Integer> axes(LayerConfig config) {
        return new TreeSet<>(config.shape(AXES).sizes());
    }

    public static TensorShape reduced(TensorShape map, Set<Integer> axes) {
        List<Integer> sizes = new ArrayList<>(map.sizes());
        axes.forEach(axis -> sizes.set(axis - 1, 1));
        return new TensorShape(sizes);
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return reduced(inputs.get(0), axes(config));
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return new ReductionVertex(
                config.flag(MAXIMUM, false) ? ReductionVertex.Kind.MAXIMUM : ReductionVertex.Kind.AVERAGE,
                axes(config).stream().mapToInt(Integer::intValue).toArray());
    }
}
