package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import org.cam4j.exception.Quoted;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.config.OperationCall;
import org.cam4j.keras.hdf5.TensorShape;

/** Rewrites {@code pad} as a layer that adds zeros around a map. */
final class PaddingFunctions {

    private PaddingFunctions() {}

    /** Returns the layer; if the batch or channels are padded, or values are not zero, a layer that is refused. */
    static WrittenLayer layer(LayerNode node, OperationCall call, TensorShape shape) {
        JsonNode sides = call.constant(1, "paddings", "pad_width");
        String mode = call.constant(2, "mode").asText("constant").toLowerCase(Locale.ROOT);
        JsonNode filling = call.constant(9, "constant_values");
        if (!mode.equals("constant") || filling.asDouble(0) != 0 || filling.isArray()) {
            return WrittenLayer.refused(
                    node,
                    mode.equals("constant")
                            ? "pads with " + Quoted.cut(filling.toString()) + ", not zeros"
                            : "pads in the mode " + Quoted.of(mode) + ", not with zeros");
        }
        if (!shape.isMap() || sides.size() != 4 || !isNone(sides.get(0)) || !isNone(sides.get(3))) {
            return WrittenLayer.refused(
                    node,
                    "pads " + shape + " by " + Quoted.cut(sides.toString()) + "; rows and columns of maps are padded");
        }
        WrittenLayer layer = new WrittenLayer("ZeroPadding2D");
        layer.json().putArray("padding").add(sides.get(1)).add(sides.get(2));
        return layer;
    }

    private static boolean isNone(JsonNode pair) {
        return pair.size() == 2 && pair.get(0).asInt(-1) == 0 && pair.get(1).asInt(-1) == 0;
    }
}
