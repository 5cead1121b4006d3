package org.cam4j.evaluation.localization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.cam4j.evaluation.localization.SyntheticMaps.map;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.assertj.core.data.Offset;
import org.cam4j.ActivationMap;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.junit.jupiter.api.Test;

class LocalizationEvaluationTest {

    private static final Offset<Double> CLOSE = within(1e-6);
    /** 1x2 cells on 100x10 pixels: 0 up to pixel 25, 1 from pixel 75 on; above 0.2 from column 35. */
    private static final ActivationMap RAMP = map(100, 10, 1, 2, 0, 1);

    private static final BoundingBox RIGHT = new BoundingBox(40, 0, 100, 10);
    private static final BoundingBox LEFT = new BoundingBox(0, 0, 30, 10);

    @Test
    void measuresAreThoseOfNumPyAndSciPy() {
        LocalizationEvaluation evaluation = new LocalizationEvaluation(Localizer.paper());
        SyntheticMaps.observations().forEach(evaluation::add);

        LocalizationReport report = evaluation.report();

        JsonNode expected = SyntheticMaps.json("measures.json");
        assertThat(report.photos()).isEqualTo(8);
        assertThat(report.gtKnown()).isCloseTo(expected.get("gtKnown").doubleValue(), CLOSE);
        assertThat(report.meanOverlap()).isCloseTo(expected.get("meanOverlap").doubleValue(), CLOSE);
        assertThat(report.pointing()).isCloseTo(expected.get("pointing").doubleValue(), CLOSE);
        assertThat(report.coverage()).isCloseTo(expected.get("coverage").doubleValue(), CLOSE);
        agree(report.centre(), expected.get("centre"));
        agree(report.whole(), expected.get("whole"));
        JsonNode accuracy = expected.get("boxAccuracy");
        assertThat(report.boxAccuracy().maxBoxAcc())
                .isCloseTo(accuracy.get("maxBoxAcc").doubleValue(), CLOSE);
        assertThat(report.boxAccuracy().threshold())
                .isCloseTo(accuracy.get("threshold").doubleValue(), CLOSE);
        assertThat(report.boxAccuracy().maxBoxAccV2())
                .isCloseTo(accuracy.get("maxBoxAccV2").doubleValue(), CLOSE);
        report.boxAccuracy().atOverlap().forEach((overlap, share) -> assertThat(share)
                .isCloseTo(
                        accuracy.get("atOverlap").get(String.valueOf(overlap)).doubleValue(), CLOSE));
    }

    private static void agree(LocalizationReport.Baseline found, JsonNode expected) {
        assertThat(found.gtKnown()).isCloseTo(expected.get("gtKnown").doubleValue(), CLOSE);
        assertThat(found.meanOverlap()).isCloseTo(expected.get("meanOverlap").doubleValue(), CLOSE);
        assertThat(found.pointing()).isCloseTo(expected.get("pointing").doubleValue(), CLOSE);
    }

    @Test
    void aBoxCountsForTopOneOnlyWhereTheClassIsRight() {
        LocalizationEvaluation evaluation = new LocalizationEvaluation(Localizer.paper());

        assertThat(evaluation.add(new Observation(RAMP, 0, List.of(RIGHT))).intersectionOverUnion())
                .isEqualTo(60 / 65.0);
        evaluation.add(new Observation(RAMP, 4, List.of(LEFT, RIGHT)));
        evaluation.add(new Observation(RAMP, 5, List.of(RIGHT)));
        evaluation.add(new Observation(RAMP, 0, List.of(LEFT)));

        LocalizationReport report = evaluation.report();
        assertThat(report.gtKnown()).isEqualTo(0.75);
        assertThat(report.top1()).isEqualTo(0.25);
        assertThat(report.top5()).isEqualTo(0.5);
        assertThat(report.meanOverlap()).isCloseTo(0.75 * 60 / 65, within(1e-12));
        assertThat(report.pointing()).isEqualTo(0.75);
        // Above 0.2 are the columns from 35 on: all of the right box, none of the left.
        assertThat(report.coverage()).isCloseTo((1 + 60 / 90.0 + 1 + 0) / 4, within(1e-12));
        // The whole photo: 60 % of it three times, 30 % once.
        assertThat(report.whole()).isEqualTo(new LocalizationReport.Baseline(0.75, (3 * 0.6 + 0.3) / 4, 0.75));
    }

    @Test
    void theBestThresholdIsThatOfTheWholeSet() {
        // On 96 pixels the ramp is (x + 0.5 - 24) / 48 between 24 and 72; its box begins where it crosses the
        // threshold. [61, 96) is
        // half of the box or more where that begins at 26 or later, and [28, 96) is then nearly all of it.
        ActivationMap ramp = map(96, 10, 1, 2, 0, 1);
        BoxAccuracy accuracy = new BoxAccuracy();
        accuracy.add(ramp, List.of(new BoundingBox(61, 0, 96, 10)));
        accuracy.add(ramp, List.of(new BoundingBox(28, 0, 96, 10)));

        MaxBoxAccuracy result = accuracy.result();

        assertThat(result.maxBoxAcc()).isEqualTo(1);
        // Pixel 25, 1.5 / 48 = 0.03125, must stay out.
        assertThat(result.threshold()).isEqualTo(0.032);
    }

    @Test
    void theSecondVersionTakesAnyRegion() {
        // Two peaks; the wider one on the right is not what was labelled.
        ActivationMap map = map(70, 10, 1, 7, 1, 0, 0, 0, 1, 1, 1);
        BoxAccuracy accuracy = new BoxAccuracy();
        accuracy.add(map, List.of(new BoundingBox(0, 0, 9, 10)));

        MaxBoxAccuracy result = accuracy.result();

        assertThat(result.maxBoxAcc()).isZero();
        assertThat(result.maxBoxAccV2()).isEqualTo(1);
        assertThat(result.atOverlap()).containsOnlyKeys(0.3, 0.5, 0.7);
    }

    @Test
    void flatMapsHaveNoBox() {
        BoxAccuracy accuracy = new BoxAccuracy();
        accuracy.add(map(10, 10, 1, 1, 3), List.of(new BoundingBox(0, 0, 10, 10)));

        assertThat(accuracy.result().maxBoxAccV2()).isZero();
    }

    @Test
    void noPhotosAreRefused() {
        assertThatIllegalStateException().isThrownBy(() -> new LocalizationEvaluation(Localizer.paper()).report());
        assertThatIllegalStateException().isThrownBy(() -> new BoxAccuracy().result());
        assertThatIllegalArgumentException().isThrownBy(() -> new Observation(RAMP, 0, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Observation(RAMP, -1, List.of(RIGHT)));
    }

    @Test
    void pointingAllowsATolerance() {
        // The ramp's first pixel of value 1 is the one whose centre is at 75.5: column 75, row 0.
        assertThat(PointingGame.hit(RAMP, List.of(new BoundingBox(75, 0, 80, 1))))
                .isTrue();
        assertThat(PointingGame.hit(RAMP, List.of(new BoundingBox(80, 0, 90, 1))))
                .isFalse();
        assertThat(PointingGame.hit(RAMP, List.of(new BoundingBox(80, 0, 90, 1)), 5))
                .isTrue();
    }

    @Test
    void theCentreBaselineIsHalfOfThePhotoInItsMiddle() {
        assertThat(Baselines.centreBox(200, 100)).isEqualTo(new BoundingBox(29, 14, 170, 85));
        assertThat(Localizer.relative(0.5).box(Baselines.centreMap(200, 100))).hasValueSatisfying(box -> {
            // exp(-r² / 2) is above a half up to 1.177 standard deviations, 0.294 of the sides.
            assertThat(box.width()).isBetween(116, 119);
            assertThat(box.height()).isBetween(57, 60);
        });
    }
}
