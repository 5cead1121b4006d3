package org.cam4j.examples.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.cam4j.Explanation;
import org.cam4j.Prediction;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.render.json.ExplanationJson;

/** What became of a photo as one line of JSON: the fields of {@code NAME.json} with the raw maps' numbers, or the failure. */
final class JsonLine {

    /** In ASCII: standard output has the encoding of the terminal, JSON is UTF-8. */
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private JsonLine() {}

    /** What a document holds. */
    @FunctionalInterface
    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    /**
     * Returns the line of an explained photo.
     *
     * @param given the photo as the user named it
     */
    static String of(String given, Explanation explanation, List<Prediction> mapped, List<ExplanationMethod> methods) {
        return line(json -> {
            json.writeStringField("photo", given);
            ExplanationJson.write(explanation, mapped, methods, ExplanationJson.VALUES, json);
        });
    }

    /** Returns the line of a photo that failed. */
    static String ofFailure(String given, String reason) {
        return line(json -> {
            json.writeStringField("photo", given);
            json.writeStringField("error", reason);
        });
    }

    private static String line(Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("JSON could not be written to memory", e);
        }
        return text.toString();
    }
}
