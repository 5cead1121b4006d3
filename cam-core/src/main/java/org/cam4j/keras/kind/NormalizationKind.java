package org.cam4j.keras.kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.cam4j.dl4j.layers.CellAffineVertex;
import org.cam4j.dl4j.layers.ChannelAffineVertex;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.keras.config.ChannelsFirst;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.hdf5.WeightTensor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/**
 * {@code Normalization}: {@code (x - mean) / max(√variance, 1e-7)}, or its inverse. Each position along {@code axis}, one axis or several,
 * has a mean and a variance; with {@code axis=None} all positions share one. The statistics are in the configuration or among the weights.
 */
final class NormalizationKind implements LayerKind {

    private static final String AXIS = "axis";
    private static final String MEAN = "mean";
    private static final String VARIANCE = "variance";
    private static final double LEAST_DEVIATION = 1e-7;

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        TensorShape input = inputs.get(0);
        TensorShape each = each(config, input);
        Set<Integer> axes = axes(config, input.rank());
        if (input.isMap()
                && config.flag(ChannelsFirst.REWRITTEN, false)
                && !Set.of(2).containsAll(axes)) {
            return Optional.of("axes other than the channels, in a model with channels first");
        }
        if (!each.isKnown()) {
            return Optional.of("axis " + config.get(AXIS) + " of an input of open size " + input);
        }
        return isConfigured(config)
                ? unfit(config, MEAN, each).or(() -> unfit(config, VARIANCE, each))
                : Optional.empty();
    }

    /** Returns one value, one along the last axis, or one for each position, as NumPy's broadcasting allows. */
    private static Optional<String> unfit(LayerConfig config, String key, TensorShape each) {
        int count = RescalingKind.numbers(config, key, 0).length;
        return count == 1 || count == each.channels() || count == each.elements()
                ? Optional.empty()
                : Optional.of(count + " values of '" + key + "' along the axes " + each);
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return inputs.get(0);
    }

    @Override
    public Map<String, TensorShape> weights(LayerConfig config, List<TensorShape> inputs) {
        Map<String, TensorShape> weights = new LinkedHashMap<>();
        if (!isConfigured(config)) {
            TensorShape input = inputs.get(0);
            TensorShape stored = new TensorShape(axes(config, input.rank()).stream()
                    .map(axis -> input.sizes().get(axis))
                    .toList());
            weights.put(MEAN, stored);
            weights.put(VARIANCE, stored);
            weights.put("count", TensorShape.of());
        }
        return weights;
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return normalizing(
                config,
                inputs.get(0),
                RescalingKind.numbers(config, MEAN, 0),
                RescalingKind.numbers(config, VARIANCE, 1));
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs, Map<String, WeightTensor> weights) {
        return normalizing(
                config,
                inputs.get(0),
                doubles(weights.get(MEAN).values()),
                doubles(weights.get(VARIANCE).values()));
    }

    @Override
    public boolean hasConstants(LayerConfig config) {
        return !isConfigured(config);
    }

    private static boolean isConfigured(LayerConfig config) {
        return config.has(MEAN) && config.has(VARIANCE);
    }

    /** Returns the axes along which statistics differ, without the batch axis, in order. */
    private static Set<Integer> axes(LayerConfig config, int rank) {
        JsonNode axis = config.get(AXIS);
        Set<Integer> axes = new TreeSet<>();
        if (axis.isArray()) {
            for (JsonNode one : axis) {
                axes.add(config.axis(one, AXIS, rank));
            }
        } else if (!axis.isNull()) {
            axes.add(config.axis(AXIS, rank, -1));
        }
        return axes;
    }

    /** Returns the shape of the statistics beside an input: 1 along the other axes. */
    private static TensorShape each(LayerConfig config, TensorShape input) {
        Set<Integer> axes = axes(config, input.rank());
        int[] sizes = new int[input.rank()];
        Arrays.setAll(sizes, axis -> axes.contains(axis) ? input.sizes().get(axis) : 1);
        return TensorShape.of(sizes);
    }

    private static GraphVertex normalizing(LayerConfig config, TensorShape input, double[] mean, double[] variance) {
        TensorShape each = each(config, input);
        boolean single = mean.length == 1 && variance.length == 1;
        int count = single ? 1 : Math.max(Math.toIntExact(each.elements()), Math.max(mean.length, variance.length));
        float[] scale = new float[count];
        float[] shift = new float[count];
        boolean inverse = config.flag("invert", false);
        for (int i = 0; i < count; i++) {
            double deviation = Math.max(Math.sqrt(variance[i % variance.length]), LEAST_DEVIATION);
            double center = mean[i % mean.length];
            scale[i] = (float) (inverse ? deviation : 1 / deviation);
            shift[i] = (float) (inverse ? center : -center / deviation);
            if (!Float.isFinite(scale[i]) || !Float.isFinite(shift[i])) {
                throw new UnsupportedModelException(
                        config + " has the mean " + center + " and the variance "
                                + variance[i % variance.length]
                                + ": expected finite numbers, and none below 0. Adapt the layer again, or take an earlier checkpoint.");
            }
        }
        return count == 1 || count == each.channels()
                ? new ChannelAffineVertex(scale, shift)
                : new CellAffineVertex(
                        each.sizes().stream().mapToInt(Integer::intValue).toArray(), scale, shift);
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }
}
