package org.cam4j.examples.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cam4j.exception.JsonFault;
import org.cam4j.keras.CustomLayer;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A custom layer that computes the same as one of Keras' layers.
 *
 * @param name the custom layer's class or name
 * @param layer one of Keras' layers with its settings
 */
record LayerLike(String name, CustomLayer layer) {

    /** Reads {@code NAME=CLASS} and {@code NAME=CLASS{"setting": value}}. */
    static final class Converter implements ITypeConverter<LayerLike> {

        private static final Pattern FORM = Pattern.compile("([^=]+)=([A-Za-z_]\\w*)\\s*(\\{.*})?", Pattern.DOTALL);

        @Override
        public LayerLike convert(String value) {
            Matcher parts = FORM.matcher(value);
            if (!parts.matches()) {
                throw new TypeConversionException(
                        "'" + value
                                + "' is no layer: expected NAME=CLASS{JSON}, such as Wobble=Rescaling{\"scale\":2} or Jitter=Dropout");
            }
            Map<String, Object> settings = settings(parts.group(3));
            if (!parts.group(2).equals("preprocess_input")) {
                return new LayerLike(parts.group(1), CustomLayer.like(parts.group(2), settings));
            }
            try {
                return new LayerLike(parts.group(1), CustomLayer.preprocessInput(String.valueOf(settings.get("mode"))));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }

        private static Map<String, Object> settings(String json) {
            if (json == null) {
                return Map.of();
            }
            try {
                Map<String, Object> settings = new ObjectMapper()
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                        .readValue(json, new TypeReference<>() {});
                // As Keras leaves a setting at its default.
                settings.values().removeIf(Objects::isNull);
                return settings;
            } catch (JacksonException e) {
                throw new TypeConversionException(json + " is no JSON: " + JsonFault.of(e));
            }
        }
    }
}
