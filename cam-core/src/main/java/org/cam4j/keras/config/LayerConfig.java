package org.cam4j.keras.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import java.util.Optional;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.keras.hdf5.TensorShape;

/**
 * One layer's configuration as Keras wrote it. Methods check values: one of the wrong kind or out of range is refused with the layer's
 * name.
 *
 * @param layer the layer's name
 * @param className Keras' class, such as {@code Conv2D}
 * @param json the layer's {@code config}; not modified
 * @param supplied the application's description of the layer, which replaces the class's own kind
 */
public record LayerConfig(String layer, String className, ObjectNode json, Optional<Supplied> supplied) {

    /** The class of a model's input. */
    public static final String INPUT = "InputLayer";

    /** Key of the shape, with the batch axis, of an input or of a sequential model's first layer. */
    public static final String INPUT_SHAPE = "batch_input_shape";

    /** Key of the reason in the configuration of a layer that is refused regardless of its class. */
    public static final String REASON = "cam4j_reason";

    /** Key of the call of a function that became a layer: Keras 2's list of tensors, or Keras 3's args and kwargs. */
    public static final String CALL = "cam4j_call";

    /** Key of the result that a node takes from a call with several, from 0. */
    public static final String OUTPUT = "cam4j_output";

    /** Larger than in any real layer, and small enough that a product of four fits a long. */
    private static final int LARGEST = 1_000_000;

    public LayerConfig {
        Objects.requireNonNull(supplied, "supplied");
    }

    public LayerConfig(String layer, String className, ObjectNode json) {
        this(layer, className, json, Optional.empty());
    }

    public LayerConfig suppliedBy(Supplied supply) {
        return new LayerConfig(layer, className, json, Optional.of(supply));
    }

    public boolean has(String key) {
        return json.hasNonNull(key);
    }

    public JsonNode get(String key) {
        return json.path(key);
    }

    /** Returns a whole number of at least 1. */
    public int count(String key) {
        return whole(json.path(key), key, 1);
    }

    /** Returns a whole number of at least 1, or a default if the key is missing. */
    public int count(String key, int otherwise) {
        return has(key) ? count(key) : otherwise;
    }

    /** Returns height and width, each at least {@code least}; Keras writes one number if they are equal. */
    public int[] pair(String key, int least) {
        JsonNode value = json.path(key);
        if (!value.isArray()) {
            int both = whole(value, key, least);
            return new int[] {both, both};
        }
        if (value.size() != 2) {
            throw wrong(key, "one number or two");
        }
        return new int[] {whole(value.get(0), key, least), whole(value.get(1), key, least)};
    }

    /** Returns height and width, or a default pair if the key is missing or null. */
    public int[] pair(String key, int least, int... otherwise) {
        return has(key) ? pair(key, least) : otherwise.clone();
    }

    /** Returns top, bottom, left and right, each at least 0; Keras writes one or two numbers if sides are equal. */
    public int[] sides(String key) {
        JsonNode value = json.path(key);
        if (value.isArray()
                && value.size() == 2
                && value.get(0).isArray()
                && value.get(1).isArray()) {
            if (value.get(0).size() != 2 || value.get(1).size() != 2) {
                throw wrong(key, "two numbers for each axis");
            }
            return new int[] {
                whole(value.get(0).get(0), key, 0), whole(value.get(0).get(1), key, 0),
                whole(value.get(1).get(0), key, 0), whole(value.get(1).get(1), key, 0)
            };
        }
        int[] axes = pair(key, 0);
        return new int[] {axes[0], axes[0], axes[1], axes[1]};
    }

    public boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (!json.get(key).isBoolean()) {
            throw wrong(key, "true or false");
        }
        return json.get(key).booleanValue();
    }

    /** Returns a finite number, or a default if the key is missing or null. */
    public double number(String key, double otherwise) {
        return number(key).orElse(otherwise);
    }

    public Optional<Double> number(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        JsonNode value = json.get(key);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw wrong(key, "a finite number");
        }
        return Optional.of(value.doubleValue());
    }

    public String text(String key, String otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (!json.get(key).isTextual()) {
            throw wrong(key, "a text");
        }
        return json.get(key).textValue();
    }

    /** Returns an axis of an activation, counted from 0 without the batch: Keras' axis 1 is 0, -1 is the last. */
    public int axis(String key, int rank, int otherwise) {
        JsonNode value = json.path(key);
        if (value.isArray() && value.size() == 1) {
            value = value.get(0);
        }
        return value.isMissingNode() || value.isNull()
                ? axis(JsonNodeFactory.instance.numberNode(otherwise), key, rank)
                : axis(value, key, rank);
    }

    /** Returns the axis that one of several values names. */
    public int axis(JsonNode value, String key, int rank) {
        int axis = whole(value, key, -rank);
        int counted = axis < 0 ? axis + rank : axis - 1;
        if (counted < 0 || counted >= rank) {
            throw wrong(key, "an axis of an activation with " + rank + " axes and a batch axis");
        }
        return counted;
    }

    /** Returns a shape without the batch axis. */
    public TensorShape shape(String key, int... open) {
        JsonNode value = json.path(key);
        if (!value.isArray() || value.isEmpty() || value.size() > 8) {
            throw wrong(key, "a list of sizes");
        }
        int[] sizes = new int[value.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = value.get(i).isNull()
                    ? TensorShape.UNKNOWN
                    : whole(value.get(i), key, open.length > 0 ? open[0] : 1);
        }
        return TensorShape.of(sizes);
    }

    private int whole(JsonNode value, String key, int least) {
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < least
                || value.intValue() > LARGEST) {
            throw wrong(key, "a whole number from " + least + " to " + LARGEST);
        }
        return value.intValue();
    }

    /** Creates the refusal of one value. */
    public ModelFileException wrong(String key, String expected) {
        String found = json.has(key) ? Quoted.cut(json.get(key).toString()) : "missing";
        return new ModelFileException(this + ": '" + key + "' is " + found + ", expected " + expected
                + ". The file is damaged or was not written by Keras: save the model again.");
    }

    /** Creates the refusal of the whole layer. */
    public ModelFileException contradiction(String found) {
        return new ModelFileException(
                this + " " + found + ". The file is damaged or was not written by Keras: save the model again.");
    }

    /** Returns the layer's name in messages: {@code layer 'c1' (Conv2D)}. */
    @Override
    public String toString() {
        return "layer " + Quoted.of(layer) + " (" + Quoted.cut(className) + ")";
    }
}
