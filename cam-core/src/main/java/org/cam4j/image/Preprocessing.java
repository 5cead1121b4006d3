package org.cam4j.image;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The mapping of pixel values to input values: {@code value = pixel · scale + offset}, the pixel in [0, 255].
 *
 * <p>It must be the one the network was trained with; a wrong one fails silently. The named ones are those of
 * {@code keras.applications}: {@link #CAFFE} for VGG16, VGG19, ResNet50, 101 and 152; {@link #TF} for MobileNet, Inception, Xception,
 * ResNet V2, NASNet; {@link #TORCH} for DenseNet; {@link #NONE} for models that begin with their own rescaling, such as
 * EfficientNet.
 *
 * @param order the channels and their order
 * @param scale one factor a channel, in that order
 * @param offset one summand a channel, in that order
 */
public record Preprocessing(ChannelOrder order, List<Double> scale, List<Double> offset) {

    /** BGR with ImageNet's mean (103.939, 116.779, 123.68) subtracted: {@code preprocess_input(mode="caffe")}. */
    public static final Preprocessing CAFFE =
            new Preprocessing(ChannelOrder.BGR, List.of(1.0, 1.0, 1.0), List.of(-103.939, -116.779, -123.68));

    /** RGB in [-1, 1]: {@code preprocess_input(mode="tf")}. */
    public static final Preprocessing TF = of(1 / 127.5, -1);

    /**
     * RGB in [0, 1], less ImageNet's mean (0.485, 0.456, 0.406), divided by its standard deviation (0.229, 0.224, 0.225):
     * {@code preprocess_input(mode="torch")}.
     */
    public static final Preprocessing TORCH = new Preprocessing(
            ChannelOrder.RGB,
            List.of(1 / (255 * 0.229), 1 / (255 * 0.224), 1 / (255 * 0.225)),
            List.of(-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225));

    /** RGB in [0, 1]. */
    public static final Preprocessing UNIT = of(1 / 255.0, 0);

    /** RGB in [0, 255], as the photo has it. */
    public static final Preprocessing NONE = of(1, 0);

    private static final Map<String, Preprocessing> NAMED = named();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if there is not one scale and offset for each channel, a scale is 0, or a number not finite
     */
    public Preprocessing {
        Objects.requireNonNull(order, "order");
        scale = List.copyOf(scale);
        offset = List.copyOf(offset);
        if (scale.size() != order.channels() || offset.size() != order.channels()) {
            throw new IllegalArgumentException(order + " needs " + order.channels() + " scales and offsets, not "
                    + scale.size() + " and " + offset.size());
        }
        if (!scale.stream().allMatch(value -> Double.isFinite(value) && value != 0)
                || !offset.stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException(
                    "scales must be finite and not 0, offsets finite: " + scale + ", " + offset);
        }
    }

    private static Map<String, Preprocessing> named() {
        Map<String, Preprocessing> named = new LinkedHashMap<>();
        named.put("caffe", CAFFE);
        named.put("tf", TF);
        named.put("torch", TORCH);
        named.put("unit", UNIT);
        named.put("none", NONE);
        return named;
    }

    /**
     * RGB, every channel alike: a Keras {@code Rescaling(scale, offset)} layer.
     *
     * @param scale the factor, finite and not 0
     * @param offset the summand, finite
     * @return {@code pixel · scale + offset}
     */
    public static Preprocessing of(double scale, double offset) {
        return new Preprocessing(ChannelOrder.RGB, Collections.nCopies(3, scale), Collections.nCopies(3, offset));
    }

    /**
     * The same in blue, green, red; each colour keeps its scale and offset.
     *
     * @return the preprocessing in BGR
     * @throws IllegalArgumentException if this one is grey
     */
    public Preprocessing bgr() {
        return in(ChannelOrder.BGR);
    }

    /**
     * The same for a network with one channel, which sees the photo's luma.
     *
     * @return the preprocessing of grey
     * @throws IllegalArgumentException if this one treats its channels differently
     */
    public Preprocessing grey() {
        return in(ChannelOrder.GREY);
    }

    private Preprocessing in(ChannelOrder wanted) {
        if (wanted == order) {
            return this;
        }
        if (wanted == ChannelOrder.GREY) {
            if (!hasMeaningIn(wanted)) {
                throw new IllegalArgumentException(
                        "'" + this
                                + "' treats red, green and blue differently and has no meaning for one channel: give 'SCALE,OFFSET,grey'.");
            }
            return new Preprocessing(wanted, scale.subList(0, 1), offset.subList(0, 1));
        }
        if (order == ChannelOrder.GREY) {
            throw new IllegalArgumentException("'" + this + "' is for one channel and has no colours to order.");
        }
        return new Preprocessing(wanted, reversed(scale), reversed(offset));
    }

    private boolean hasMeaningIn(ChannelOrder wanted) {
        return wanted != ChannelOrder.GREY || (alike(scale) && alike(offset));
    }

    private static List<Double> reversed(List<Double> values) {
        List<Double> reversed = new ArrayList<>(values);
        Collections.reverse(reversed);
        return reversed;
    }

    private static boolean alike(List<Double> values) {
        return values.stream().distinct().count() == 1;
    }

    /**
     * Reads what a person wrote: {@code caffe}, {@code tf}, {@code torch}, {@code unit}, {@code none} or {@code SCALE,OFFSET}, then
     * perhaps {@code ,rgb}, {@code ,bgr} or {@code ,grey}. Case does not matter. SCALE and OFFSET are one number, or one a channel
     * with slashes between, in the channels' order: {@code 1,-103.939/-116.779/-123.68,bgr}.
     *
     * @param text for example {@code caffe} or {@code 0.0078125,-0.9921875}
     * @return the preprocessing
     * @throws IllegalArgumentException if it is none of these
     */
    public static Preprocessing parse(String text) {
        try {
            String[] parts = text.strip().toLowerCase(Locale.ROOT).split("\\s*,\\s*", -1);
            Preprocessing named = NAMED.get(parts[0]);
            int used = named == null ? 2 : 1;
            if (parts.length == used || parts.length == used + 1) {
                ChannelOrder order =
                        parts.length == used ? named == null ? ChannelOrder.RGB : named.order : order(parts[used]);
                return named == null
                        ? new Preprocessing(order, numbers(parts[0], order), numbers(parts[1], order))
                        : named.in(order);
            }
        } catch (IllegalArgumentException e) {
            throw unreadable(text, e);
        }
        throw unreadable(text, null);
    }

    private static ChannelOrder order(String name) {
        return Arrays.stream(ChannelOrder.values())
                .filter(order -> order.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no order of channels"));
    }

    private static List<Double> numbers(String text, ChannelOrder order) {
        List<Double> numbers = new ArrayList<>();
        for (String number : text.split("/", -1)) {
            numbers.add(Double.valueOf(number));
        }
        return numbers.size() == 1 ? Collections.nCopies(order.channels(), numbers.get(0)) : numbers;
    }

    private static IllegalArgumentException unreadable(String text, IllegalArgumentException cause) {
        return new IllegalArgumentException(
                "'" + text + "' is no preprocessing" + (cause == null ? "" : " (" + cause.getMessage() + ")")
                        + ": expected caffe, tf, torch, unit, none or SCALE,OFFSET (value = pixel * SCALE + OFFSET, the pixel in"
                        + " 0..255), then perhaps ,rgb ,bgr or ,grey; for example 'caffe' or '0.0078125,-0.9921875'.",
                cause);
    }

    /** Turns pixel values [height, width, channels] in [0, 255] into what the network sees, in place. */
    void apply(float[] values, int width) {
        // The constants of a whole row, so that the inner loop runs over plain arrays and is vectorised.
        float[] factors = new float[width * order.channels()];
        float[] summands = new float[factors.length];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = scale.get(i % order.channels()).floatValue();
            summands[i] = offset.get(i % order.channels()).floatValue();
        }
        for (int row = 0; row < values.length; row += factors.length) {
            for (int i = 0; i < factors.length; i++) {
                values[row + i] = values[row + i] * factors[i] + summands[i];
            }
        }
    }

    /** The text that {@link #parse} reads back: a name where one exists, numbers otherwise. */
    @Override
    public String toString() {
        for (Map.Entry<String, Preprocessing> entry : NAMED.entrySet()) {
            Preprocessing named = entry.getValue();
            if (equals(named)) {
                return entry.getKey();
            }
            if (named.hasMeaningIn(order) && equals(named.in(order))) {
                return entry.getKey() + "," + order.name().toLowerCase(Locale.ROOT);
            }
        }
        return joined(scale) + "," + joined(offset)
                + (order == ChannelOrder.RGB ? "" : "," + order.name().toLowerCase(Locale.ROOT));
    }

    private static String joined(List<Double> values) {
        return (alike(values) ? values.subList(0, 1) : values)
                .stream().map(String::valueOf).collect(Collectors.joining("/"));
    }

    /** The formula for a provenance line, in eight digits: {@code RGB * 0.0078431373 - 1}. */
    String words() {
        StringBuilder words = new StringBuilder(order.name());
        if (!scale.stream().allMatch(value -> value == 1)) {
            words.append(" * ").append(written(scale));
        }
        if (offset.stream().allMatch(value -> value <= 0)) {
            List<Double> subtracted = offset.stream().map(value -> 0 - value).toList();
            return alike(offset) && offset.get(0) == 0 ? words.toString() : words + " - " + written(subtracted);
        }
        return words + " + " + written(offset);
    }

    private static String written(List<Double> values) {
        List<String> written = values.stream()
                .map(value -> BigDecimal.valueOf(value)
                        .round(new MathContext(8))
                        .stripTrailingZeros()
                        .toPlainString())
                .toList();
        return alike(values) ? written.get(0) : "(" + String.join(", ", written) + ")";
    }
}
