package org.cam4j.keras.kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;

/** {@code Reshape} between vectors and maps, row-major; one size may be -1. */
public final class ReshapeKind implements LayerKind {

    public static final String TARGET = "target_shape";

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        if (!inputs.get(0).isKnown()) {
            return Optional.of("an input of open size " + inputs.get(0));
        }
        int rank = config.shape(TARGET, -1).rank();
        return rank == 1 || rank == 3 ? Optional.empty() : Optional.of("a target of " + rank + " axes");
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        TensorShape target = config.shape(TARGET, -1);
        long elements = inputs.get(0).elements();
        long known = target.sizes().stream()
                .filter(size -> size != TensorShape.UNKNOWN)
                .mapToLong(Integer::longValue)
                .reduce(1, Math::multiplyExact);
        int open = target.sizes().indexOf(TensorShape.UNKNOWN);
        List<Integer> sizes = new ArrayList<>(target.sizes());
        if (open >= 0 && known > 0) {
            sizes.set(open, Math.toIntExact(elements / known));
        }
        TensorShape shape = new TensorShape(sizes);
        if (!shape.isKnown() || shape.elements() != elements) {
            throw config.contradiction("reshapes " + inputs.get(0) + " to " + target + ", which do not fit");
        }
        return shape;
    }

    @Override
    public boolean isIdle(LayerConfig config, TensorShape input) {
        return output(config, List.of(input)).equals(input);
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        IntStream sizes = output(config, inputs).sizes().stream().mapToInt(Integer::intValue);
        return new ReshapeVertex(IntStream.concat(IntStream.of(-1), sizes).toArray());
    }
}
