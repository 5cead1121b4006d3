package org.cam4j.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.layers.ChannelAffineVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** {@code Rescaling} and {@code Normalization}: every channel times a constant, plus a constant. */
enum ChannelAffineKind implements LayerKind {
    /** {@code scale · x + offset}, numbers or one for each channel. */
    RESCALING {
        @Override
        public Optional<String> objection(LayerConfig config, List<Shape> inputs) {
            boolean alike = numbers(config, "scale", 1).length == 1 && numbers(config, "offset", 0).length == 1;
            Shape input = inputs.get(0);
            return (alike ? Optional.<String>empty() : ChannelsLast.unlessVector(config, input))
                    .or(() -> unfit(config, "scale", input))
                    .or(() -> unfit(config, "offset", input));
        }

        @Override
        public boolean isIdle(LayerConfig config, Shape input) {
            return allAre(1, numbers(config, "scale", 1)) && allAre(0, numbers(config, "offset", 0));
        }

        @Override
        public GraphVertex vertex(LayerConfig config, List<Shape> inputs) {
            return new ChannelAffineVertex(floats(numbers(config, "scale", 1)), floats(numbers(config, "offset", 0)));
        }
    },
    /** {@code (x - mean) / max(√variance, 1e-7)}; mean and variance are in the configuration or among the weights. */
    NORMALIZATION {
        @Override
        public Optional<String> objection(LayerConfig config) {
            return config.flag("invert", false) ? Optional.of("invert=True") : Optional.empty();
        }

        @Override
        public Optional<String> objection(LayerConfig config, List<Shape> inputs) {
            Shape input = inputs.get(0);
            if (!isConfigured(config)
                    && (!config.has("axis") || config.axis("axis", input.rank(), -1) != input.rank() - 1)) {
                return Optional.of("axis " + config.get("axis") + ", not the channels");
            }
            return unfit(config, "mean", input).or(() -> unfit(config, "variance", input));
        }

        @Override
        public Map<String, Shape> weights(LayerConfig config, List<Shape> inputs) {
            Map<String, Shape> weights = new LinkedHashMap<>();
            if (!isConfigured(config)) {
                weights.put("mean", Shape.of(inputs.get(0).channels()));
                weights.put("variance", Shape.of(inputs.get(0).channels()));
                weights.put("count", Shape.of());
            }
            return weights;
        }

        @Override
        public GraphVertex vertex(LayerConfig config, List<Shape> inputs) {
            return normalizing(numbers(config, "mean", 0), numbers(config, "variance", 1));
        }

        @Override
        public GraphVertex vertex(LayerConfig config, List<Shape> inputs, Map<String, Tensor> weights) {
            return normalizing(
                    doubles(weights.get("mean").values()),
                    doubles(weights.get("variance").values()));
        }

        @Override
        public boolean hasConstants(LayerConfig config) {
            return !isConfigured(config);
        }

        private static boolean isConfigured(LayerConfig config) {
            return config.has("mean") && config.has("variance");
        }

        private static GraphVertex normalizing(double[] mean, double[] variance) {
            int channels = Math.max(mean.length, variance.length);
            float[] scale = new float[channels];
            float[] shift = new float[channels];
            for (int i = 0; i < channels; i++) {
                double deviation = Math.max(Math.sqrt(variance[i % variance.length]), 1e-7);
                scale[i] = (float) (1 / deviation);
                shift[i] = (float) (-mean[i % mean.length] / deviation);
            }
            return new ChannelAffineVertex(scale, shift);
        }
    };

    @Override
    public Shape output(LayerConfig config, List<Shape> inputs) {
        return inputs.get(0);
    }

    /** A number, or however many a list holds, nested or not. */
    private static double[] numbers(LayerConfig config, String key, double otherwise) {
        if (!config.has(key)) {
            return new double[] {otherwise};
        }
        JsonNode value = config.get(key);
        while (value.isArray() && value.size() == 1 && value.get(0).isArray()) {
            value = value.get(0);
        }
        if (!value.isArray()) {
            return new double[] {config.number(key, otherwise)};
        }
        double[] numbers = new double[value.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = value.get(i).isNumber() ? value.get(i).doubleValue() : Double.NaN;
        }
        if (numbers.length == 0 || !Double.isFinite(Arrays.stream(numbers).sum())) {
            throw config.wrong(key, "a finite number or one for each channel");
        }
        return numbers;
    }

    /** The objection to constants that are neither one nor one for each channel. */
    private static Optional<String> unfit(LayerConfig config, String key, Shape input) {
        int count = numbers(config, key, 0).length;
        return count == 1 || count == input.channels()
                ? Optional.empty()
                : Optional.of(count + " values of '" + key + "' for " + input.channels() + " channels");
    }

    private static boolean allAre(double value, double[] numbers) {
        return Arrays.stream(numbers).allMatch(number -> number == value);
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
