package org.cam4j.keras.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sides as {@code tf.image} and Keras 3 crop and pad; what the layers then compute is compared with Keras elsewhere. */
class AspectRatioTest {

    private static LayerConfig resizing(ObjectNode settings, int height, int width) {
        return new LayerConfig(
                "resizing", "Resizing", settings.put("height", height).put("width", width));
    }

    private static ObjectNode settings(String... flags) {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        List.of(flags).forEach(flag -> settings.put(flag, true));
        return settings;
    }

    private static String objection(LayerConfig config, TensorShape input) {
        ResizingKind kind = new ResizingKind();
        return kind.objection(config)
                .or(() -> kind.objection(config, List.of(input)))
                .orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "9, 14, 6, 6, 0 0 2 3", // 9x9 of 9x14
        "14, 9, 8, 7, 2 2 0 0", // 10 rows: 9 * 8 / 7 rounded down
        "9, 14, 5, 17, 2 3 0 0", // 4 rows: 14 * 5 / 17
        "1, 500, 400, 1, 0 0 249 250", // no column would be left
    })
    void cropsAsKerasDoesTheOddRowAtTheEnd(int rows, int columns, int height, int width, String sides) {
        AspectRatio ratio = AspectRatio.of(
                resizing(settings("crop_to_aspect_ratio"), height, width),
                TensorShape.of(rows, columns, 3),
                TensorShape.of(height, width, 3));

        assertThat(ratio.isCropped()).isTrue();
        assertThat(ratio.sides()).extracting(String::valueOf).containsExactly(sides.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "9, 14, 6, 6, 2 2 0 0", // 14 - 9 is odd: 13x14
        "9, 14, 5, 17, 0 0 8 8", // 30 columns: 9 * 17 / 5 rounded down
    })
    void padsAsKerasDoesBothSidesAlike(int rows, int columns, int height, int width, String sides) {
        AspectRatio ratio = AspectRatio.of(
                resizing(settings("pad_to_aspect_ratio").put("fill_value", 0.5), height, width),
                TensorShape.of(rows, columns, 3),
                TensorShape.of(height, width, 3));

        assertThat(ratio.isCropped()).isFalse();
        assertThat(ratio.filling()).isEqualTo(0.5);
        assertThat(ratio.sides()).extracting(String::valueOf).containsExactly(sides.split(" "));
    }

    @Test
    void whatIsNotCountedIsRefusedInWords() {
        TensorShape image = TensorShape.of(9, 14, 3);

        assertThat(objection(resizing(settings("crop_to_aspect_ratio"), 6, 6), TensorShape.of(-1, -1, 3)))
                .isEqualTo("crop_to_aspect_ratio=True of an input of the size [?, ?, 3]");
        assertThat(objection(resizing(settings("crop_to_aspect_ratio", "pad_to_aspect_ratio"), 6, 6), image))
                .contains("of which Keras takes one");
        assertThat(objection(resizing(settings("pad_to_aspect_ratio").put("fill_mode", "reflect"), 6, 6), image))
                .contains("fill_mode");
        assertThat(objection(resizing(settings("pad_to_aspect_ratio", "antialias"), 6, 6), image))
                .isEqualTo("antialias=True");
        assertThat(objection(resizing(settings("pad_to_aspect_ratio"), 16_000, 1), TensorShape.of(4, 4_000, 3)))
                .isEqualTo("pad_to_aspect_ratio=True from [4, 4000, 3] to [16000, 1, 3], a border of 31999998");
        assertThat(objection(resizing(settings("pad_to_aspect_ratio"), 6, 6), image))
                .isEmpty();
    }
}
