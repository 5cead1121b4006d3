package org.cam4j.keras;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.cam4j.exception.JsonFault;
import org.cam4j.exception.ModelFileException;

/** Parses a model's configuration within limits that no real model comes near, so that a hostile one costs little. */
final class ModelJson {

    /** Enough for any real model, and few enough for the tree to fit into some hundred megabytes. */
    private static final long MOST_TOKENS = 2_000_000;

    private ModelJson() {}

    static JsonNode parse(String text, ReadLimits limits) {
        if (text.length() > limits.configBytes()) {
            throw new ModelFileException("the model configuration has " + text.length() + " characters, more than the "
                    + limits.configBytes() + " that are read: the file is damaged or hostile.");
        }
        try {
            return mapper(limits).readTree(text);
        } catch (JsonProcessingException e) {
            throw new ModelFileException(
                    "the model configuration is no JSON within the limits (" + limits.configBytes()
                            + " characters, depth " + limits.configDepth() + "): " + JsonFault.of(e)
                            + ". The file is damaged: save the model again.",
                    e);
        }
    }

    private static JsonMapper mapper(ReadLimits limits) {
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(limits.configDepth())
                                .maxTokenCount(MOST_TOKENS)
                                .maxDocumentLength(limits.configBytes())
                                .maxStringLength(limits.configBytes())
                                .build())
                        // Python writes NaN and Infinity.
                        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }
}
