package org.cam4j.keras;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.cam4j.exception.ModelFileException;

/** Parses a model's configuration within limits that no real model comes near, so that a hostile one costs little. */
final class ModelJson {

    static final int LARGEST = 64 << 20;

    private static final int DEEPEST = 200;
    private static final long MOST_TOKENS = 4_000_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxTokenCount(MOST_TOKENS)
                            .maxDocumentLength(LARGEST)
                            .maxStringLength(LARGEST)
                            .build())
                    // Python writes NaN and Infinity.
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ModelJson() {}

    static JsonNode parse(String text) {
        if (text.length() > LARGEST) {
            throw new ModelFileException("the model configuration has " + text.length() + " characters, more than the "
                    + LARGEST + " that are read: the file is damaged or hostile.");
        }
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ModelFileException(
                    "the model configuration is no JSON within the limits (" + LARGEST + " characters, depth " + DEEPEST
                            + "): " + e.getOriginalMessage() + ". The file is damaged: save the model again.",
                    e);
        }
    }
}
