package org.cam4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.cam4j.ActivationMap;
import org.cam4j.Prediction;
import org.cam4j.evaluation.localization.LocalizationEvaluation;
import org.cam4j.evaluation.localization.LocalizationReport;
import org.cam4j.evaluation.localization.MaxBoxAccuracy;
import org.cam4j.evaluation.localization.Observation;
import org.cam4j.evaluation.localization.PixelAveragePrecision;
import org.cam4j.image.Geometry;
import org.cam4j.image.PhotoReader;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.cam4j.localization.Mask;
import org.junit.jupiter.api.Test;

/** The numbers of docs/localization.md: Keras' maps of the twelve photos, measured here and by evaluation_reference.py. */
class LocalizationDemoTest {

    private static final Offset<Double> CLOSE = within(1e-6);

    @Test
    void theTwelvePhotosMeasureAsInPython() throws IOException {
        float[] maps = Demo.reference("cams_label.npy");
        List<Demo.Photo> photos = Demo.photos();
        LocalizationEvaluation evaluation = new LocalizationEvaluation(Localizer.paper());
        PixelAveragePrecision precision = new PixelAveragePrecision();
        for (int i = 0; i < photos.size(); i++) {
            Demo.Photo photo = photos.get(i);
            var image = PhotoReader.standard().read(photo.file());
            Geometry geometry = Geometry.squash(image.getWidth(), image.getHeight(), 224, 224);
            ActivationMap map = new ActivationMap(
                    new Prediction(photo.index(), photo.label(), 0, 1),
                    7,
                    7,
                    Arrays.copyOfRange(maps, i * 49, (i + 1) * 49),
                    geometry);
            List<BoundingBox> truth = List.of(new BoundingBox(photo.x0(), photo.y0(), photo.x1(), photo.y1()));
            evaluation.add(new Observation(map, 0, truth));
            precision.add(map, Mask.of(image.getWidth(), image.getHeight(), truth));
        }

        LocalizationReport report = evaluation.report();

        JsonNode expected = expected();
        agree(expected, "gtKnown", report.gtKnown());
        agree(expected, "gtKnown", report.top1());
        agree(expected, "meanOverlap", report.meanOverlap());
        agree(expected, "pointing", report.pointing());
        agree(expected, "coverage", report.coverage());
        agree(expected, "pxAp", precision.result());
        agree(expected.get("centre"), report.centre());
        agree(expected.get("whole"), report.whole());
        MaxBoxAccuracy accuracy = report.boxAccuracy();
        agree(expected.get("boxAccuracy"), "maxBoxAcc", accuracy.maxBoxAcc());
        agree(expected.get("boxAccuracy"), "threshold", accuracy.threshold());
        agree(expected.get("boxAccuracy"), "maxBoxAccV2", accuracy.maxBoxAccV2());
        accuracy.atOverlap()
                .forEach((overlap, share) ->
                        agree(expected.get("boxAccuracy").get("atOverlap"), String.valueOf(overlap), share));
    }

    private static void agree(JsonNode expected, LocalizationReport.Baseline found) {
        agree(expected, "gtKnown", found.gtKnown());
        agree(expected, "meanOverlap", found.meanOverlap());
        agree(expected, "pointing", found.pointing());
    }

    private static void agree(JsonNode expected, String name, double found) {
        assertThat(found).as(name).isCloseTo(expected.get(name).doubleValue(), CLOSE);
    }

    private static JsonNode expected() throws IOException {
        try (InputStream in = LocalizationDemoTest.class.getResourceAsStream("/localization.json")) {
            return new ObjectMapper().readTree(in);
        }
    }
}
