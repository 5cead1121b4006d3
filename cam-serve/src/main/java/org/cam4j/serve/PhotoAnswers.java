package org.cam4j.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.Prediction;
import org.cam4j.exception.PhotoException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.explain.Cam;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.image.DecodedPhoto;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.PhotoMemory;
import org.cam4j.image.PhotoReader;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.cam4j.render.json.ExplanationJson;
import org.cam4j.render.overlay.Overlay;
import org.cam4j.render.report.Report;

/** Explains a photo and writes the answer in the form that is asked for. */
final class PhotoAnswers {

    private static final JsonFactory JSON = new JsonFactory();

    /** As many as the report and the command line show. */
    private static final int BEST = 5;

    /** The report's own policy, in its page, allows its one script; here it is kept apart from the server's pages. */
    private static final Map<String, String> REPORT = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts");

    private PhotoAnswers() {}

    /**
     * Explains a photo.
     *
     * @param memory bounds what photos take that are worked on at the same time
     * @throws Problem if the photo cannot be read, or the maps that are asked for do not exist
     * @throws PhotoException if memory lacks ({@link PhotoMemory#isLack}), as {@link OutOfMemoryError}
     */
    static Answer of(ExplainRequest asked, byte[] photo, String name, PhotoMemory memory) {
        try {
            return memory.with(reader(asked), reader -> of(asked, reader.decode(photo, name), name));
        } catch (PhotoException e) {
            if (PhotoMemory.isLack(e)) {
                throw e;
            }
            throw new Problem(422, "Photo not explained", e.getMessage());
        } catch (UnsupportedModelException e) {
            throw new Problem(422, "No such map", e.getMessage());
        }
    }

    /** Keeps of a large photo what the answer needs: nothing but the network's pixels, or the report's picture too. */
    private static PhotoReader reader(ExplainRequest asked) {
        ClassActivationMapper mapper = asked.model().mapper();
        ImagePreparation preparation = mapper.preparation().orElseThrow();
        return switch (asked.format()) {
            case JSON -> mapper.photoReader().keepingOnly(preparation, List.of());
            case HTML, VIEW -> mapper.photoReader().keepingOnly(preparation, List.of(Report.LONGEST_SIDE));
            case PNG -> mapper.photoReader();
        };
    }

    private static Answer of(ExplainRequest asked, DecodedPhoto photo, String name) {
        Explanation explanation = asked.model().mapper().explain(photo, name);
        return switch (asked.format()) {
            case JSON -> json(explanation, asked);
            case PNG -> png(explanation, asked);
            case HTML -> html(explanation, asked);
            case VIEW ->
                Answer.json(
                        Report.of(name).methods(others(asked)).photoData(explanation, asked.listed(explanation, BEST)));
        };
    }

    private static Answer json(Explanation explanation, ExplainRequest asked) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            ExplanationJson.write(
                    explanation, asked.mapped(explanation), asked.methods(), ExplanationJson.VALUES, json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("JSON could not be written to memory", e);
        }
        return Answer.of(Answer.JSON, bytes.toByteArray());
    }

    private static Answer png(Explanation explanation, ExplainRequest asked) {
        Prediction prediction = asked.mapped(explanation).get(0);
        ActivationMap map = explanation.map(prediction.index(), asked.methods().get(0));
        Optional<BoundingBox> box = Localizer.paper().box(map);
        Overlay overlay = Overlay.of(explanation, map).label();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        box.map(overlay::box).orElse(overlay).write(bytes);
        return Answer.of("image/png", bytes.toByteArray());
    }

    private static Answer html(Explanation explanation, ExplainRequest asked) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Report.of(explanation.name())
                .classes(Math.max(BEST, asked.top()))
                .methods(others(asked))
                .write(bytes, page -> page.add(explanation));
        return new Answer(200, "text/html; charset=utf-8", bytes.toByteArray(), REPORT);
    }

    /** The methods besides the mapper's own, which reports show first. */
    private static List<ExplanationMethod> others(ExplainRequest asked) {
        return asked.methods().stream()
                .filter(method -> !method.equals(Cam.atTarget()))
                .toList();
    }
}
