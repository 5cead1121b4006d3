package org.cam4j.keras.kind;

import java.util.List;
import java.util.Optional;
import org.cam4j.dl4j.layers.QuotientVertex;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** The quotient of two values, {@code x / y}, of the shapes that a product may have; {@code Arithmetic} writes this kind. */
public final class QuotientKind implements LayerKind {

    /** Class name of this kind; no class in Python can have it. */
    public static final String CLASS_NAME = "cam4j:Quotient";

    @Override
    public boolean accepts(int inputs) {
        return inputs == 2;
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return MergeKind.MULTIPLY.objection(config, inputs);
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return MergeKind.MULTIPLY.output(config, inputs);
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return new QuotientVertex();
    }
}
