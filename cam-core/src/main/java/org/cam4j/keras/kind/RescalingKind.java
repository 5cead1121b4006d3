package org.cam4j.keras.kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cam4j.dl4j.layers.ChannelAffineVertex;
import org.cam4j.keras.config.ChannelsFirst;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** {@code Rescaling}: {@code scale · x + offset}, each one number or one for each channel. */
final class RescalingKind implements LayerKind {

    private static final String SCALE = "scale";
    private static final String OFFSET = "offset";

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        boolean alike = numbers(config, SCALE, 1).length == 1 && numbers(config, OFFSET, 0).length == 1;
        TensorShape input = inputs.get(0);
        return (alike ? Optional.<String>empty() : ChannelsFirst.unlessVector(config, input))
                .or(() -> unfit(config, SCALE, input))
                .or(() -> unfit(config, OFFSET, input));
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return inputs.get(0);
    }

    @Override
    public boolean isIdle(LayerConfig config, TensorShape input) {
        return allAre(1, numbers(config, SCALE, 1)) && allAre(0, numbers(config, OFFSET, 0));
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return new ChannelAffineVertex(floats(numbers(config, SCALE, 1)), floats(numbers(config, OFFSET, 0)));
    }

    /** Returns a number, or all numbers of a list, nested or not, in row-major order. */
    static double[] numbers(LayerConfig config, String key, double otherwise) {
        if (!config.has(key)) {
            return new double[] {otherwise};
        }
        JsonNode value = config.get(key);
        if (value.has("class_name")) {
            value = value.path("config").path("value"); // An array of NumPy or a tensor.
        }
        if (value.isNumber() && Double.isFinite(value.doubleValue())) {
            return new double[] {value.doubleValue()};
        }
        List<Double> all = new ArrayList<>();
        collect(value, all);
        double[] numbers = all.stream().mapToDouble(Double::doubleValue).toArray();
        if (!value.isArray()
                || numbers.length == 0
                || !Double.isFinite(Arrays.stream(numbers).sum())) {
            throw config.wrong(key, "a finite number or one for each channel");
        }
        return numbers;
    }

    private static void collect(JsonNode value, List<Double> numbers) {
        if (value.isArray()) {
            value.forEach(inner -> collect(inner, numbers));
        } else {
            numbers.add(value.isNumber() ? value.doubleValue() : Double.NaN);
        }
    }

    /** Returns the objection to constants that are neither one number nor one for each channel. */
    private static Optional<String> unfit(LayerConfig config, String key, TensorShape input) {
        int count = numbers(config, key, 0).length;
        return count == 1 || count == input.channels()
                ? Optional.empty()
                : Optional.of(count + " values of '" + key + "' for " + input.channels() + " channels");
    }

    private static boolean allAre(double value, double[] numbers) {
        return Arrays.stream(numbers).allMatch(number -> number == value);
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
