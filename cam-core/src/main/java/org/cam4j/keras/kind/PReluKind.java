package org.cam4j.keras.kind;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.hdf5.WeightTensor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.params.PReLUParamInitializer;

/** {@code PReLU}: x, or alpha · x below 0, with one alpha per cell; 1 along the shared axes. */
final class PReluKind implements LayerKind {

    private static final String SHARED = "shared_axes";

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return alpha(config, inputs.get(0)).isKnown()
                ? Optional.empty()
                : Optional.of("an input of open size " + inputs.get(0));
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return inputs.get(0);
    }

    @Override
    public Map<String, TensorShape> weights(LayerConfig config, List<TensorShape> inputs) {
        return Map.of("alpha", alpha(config, inputs.get(0)));
    }

    @Override
    public Map<String, WeightTensor> parameters(Map<String, WeightTensor> weights) {
        return Map.of(PReLUParamInitializer.WEIGHT_KEY, weights.get("alpha"));
    }

    private static TensorShape alpha(LayerConfig config, TensorShape input) {
        List<Integer> sizes = new ArrayList<>(input.sizes());
        for (int axis : shared(config, input.rank())) {
            sizes.set(axis - 1, 1);
        }
        return new TensorShape(sizes);
    }

    private static Set<Integer> shared(LayerConfig config, int rank) {
        Set<Integer> axes = new TreeSet<>();
        if (config.has(SHARED)) {
            for (int axis : config.shape(SHARED, -rank).sizes()) {
                int counted = axis < 0 ? axis + rank + 1 : axis;
                if (counted < 1 || counted > rank) {
                    throw config.wrong(SHARED, "axes from 1 to " + rank);
                }
                axes.add(counted);
            }
        }
        return axes;
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        TensorShape input = inputs.get(0);
        return LayerKind.vertex(new PReLULayer.Builder()
                .inputShape(longs(input.sizes()))
                .sharedAxes(longs(shared(config, input.rank())))
                .build());
    }

    private static long[] longs(Collection<Integer> values) {
        return values.stream().mapToLong(Integer::longValue).toArray();
    }
}
