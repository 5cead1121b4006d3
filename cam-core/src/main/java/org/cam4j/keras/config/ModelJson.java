package org.cam4j.keras.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.cam4j.exception.JsonFault;
import org.cam4j.exception.ModelFileException;

/** Parses a model's configuration within limits far above real models, so that a hostile configuration costs little. */
public final class ModelJson {

    /** Enough for any real model, and few enough for the tree to fit into some hundred megabytes. */
    private static final long MOST_TOKENS = 2_000_000;

    private ModelJson() {}

    public static JsonNode parse(String text, ConfigLimits limits) {
        if (text.length() > limits.bytes()) {
            throw new ModelFileException("the model configuration has " + text.length() + " characters, more than the "
                    + limits.bytes() + " that are read: the file is damaged or hostile.");
        }
        try {
            return mapper(limits).readTree(text);
        } catch (JsonProcessingException e) {
            throw new ModelFileException(
                    "the model configuration is no JSON within the limits (" + limits.bytes()
                            + " characters, depth " + limits.depth() + "): " + JsonFault.of(e)
                            + ". The file is damaged: save the model again.",
                    e);
        }
    }

    private static JsonMapper mapper(ConfigLimits limits) {
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(limits.depth())
                                .maxTokenCount(MOST_TOKENS)
                                .maxDocumentLength(limits.bytes())
                                .maxStringLength(limits.bytes())
                                .build())
                        // Python writes NaN and Infinity.
                        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }
}
