package org.cam4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class FitTest {

    @Property
    void coordinatesComeBack(
            @ForAll Fit fit,
            @ForAll @IntRange(min = 1, max = 9000) int photoWidth,
            @ForAll @IntRange(min = 1, max = 9000) int photoHeight,
            @ForAll @IntRange(min = 1, max = 600) int width,
            @ForAll @IntRange(min = 1, max = 600) int height,
            @ForAll @DoubleRange(min = -10, max = 10000) double at) {
        Geometry geometry = fit.geometry(photoWidth, photoHeight, width, height);

        assertThat(geometry.toPhotoX(geometry.toInputX(at))).isCloseTo(at, within(1e-6));
        assertThat(geometry.toPhotoY(geometry.toInputY(at))).isCloseTo(at, within(1e-6));
    }

    @Property
    void squashedPhotoCoversTheInputExactly(
            @ForAll @IntRange(min = 1, max = 9000) int photoWidth,
            @ForAll @IntRange(min = 1, max = 9000) int photoHeight,
            @ForAll @IntRange(min = 1, max = 600) int width,
            @ForAll @IntRange(min = 1, max = 600) int height) {
        assertThat(Fit.SQUASH.geometry(photoWidth, photoHeight, width, height))
                .isEqualTo(Geometry.squash(photoWidth, photoHeight, width, height));
    }

    @Property
    void croppedPhotoFillsTheInputAndLosesTheSameOnBothSides(
            @ForAll @IntRange(min = 1, max = 9000) int photoWidth,
            @ForAll @IntRange(min = 1, max = 9000) int photoHeight,
            @ForAll @IntRange(min = 1, max = 600) int width,
            @ForAll @IntRange(min = 1, max = 600) int height) {
        Geometry geometry = Fit.CENTER_CROP.geometry(photoWidth, photoHeight, width, height);
        double left = geometry.toPhotoX(0);
        double right = photoWidth - geometry.toPhotoX(width);
        double top = geometry.toPhotoY(0);
        double bottom = photoHeight - geometry.toPhotoY(height);

        assertThat(left).isGreaterThanOrEqualTo(-1e-6);
        assertThat(top).isGreaterThanOrEqualTo(-1e-6);
        assertThat(right).isBetween(left - 1e-6, left + 1 + 1e-6);
        assertThat(bottom).isBetween(top - 1e-6, top + 1 + 1e-6);
        assertThat(Math.min(left + right, top + bottom)).isCloseTo(0, within(1e-6));
    }

    @Property
    void letterboxedPhotoLiesWhollyInTheMiddleOfTheInput(
            @ForAll @IntRange(min = 1, max = 9000) int photoWidth,
            @ForAll @IntRange(min = 1, max = 9000) int photoHeight,
            @ForAll @IntRange(min = 1, max = 600) int width,
            @ForAll @IntRange(min = 1, max = 600) int height) {
        Geometry geometry = Fit.LETTERBOX.geometry(photoWidth, photoHeight, width, height);
        double left = geometry.toInputX(0);
        double right = width - geometry.toInputX(photoWidth);
        double top = geometry.toInputY(0);
        double bottom = height - geometry.toInputY(photoHeight);

        assertThat(left).isGreaterThanOrEqualTo(0);
        assertThat(top).isGreaterThanOrEqualTo(0);
        // TensorFlow rounds both the length and the first bar down.
        assertThat(right).isBetween(left - 1e-6, left + 2 + 1e-6);
        assertThat(bottom).isBetween(top - 1e-6, top + 2 + 1e-6);
        assertThat(Math.min(left + right, top + bottom)).isCloseTo(0, within(1e-6));
    }

    @Property
    void proportionsAreKeptToTheNearestPixel(
            @ForAll @IntRange(min = 1, max = 9000) int photoWidth,
            @ForAll @IntRange(min = 1, max = 9000) int photoHeight,
            @ForAll @IntRange(min = 1, max = 600) int width,
            @ForAll @IntRange(min = 1, max = 600) int height) {
        Geometry boxed = Fit.LETTERBOX.geometry(photoWidth, photoHeight, width, height);
        Geometry cropped = Fit.CENTER_CROP.geometry(photoWidth, photoHeight, width, height);

        // A whole number of input pixels may be up to one off what the exact proportions would give.
        double smaller = Math.min((double) width / photoWidth, (double) height / photoHeight);
        assertThat(photoWidth * boxed.scaleX()).isCloseTo(photoWidth * smaller, within(1 + 1e-6));
        assertThat(photoHeight * boxed.scaleY()).isCloseTo(photoHeight * smaller, within(1 + 1e-6));
        double larger = Math.max((double) width / photoWidth, (double) height / photoHeight);
        assertThat(width / cropped.scaleX()).isCloseTo(width / larger, within(1 + 1e-6));
        assertThat(height / cropped.scaleY()).isCloseTo(height / larger, within(1 + 1e-6));
    }

    @Example
    void landscapeIsCutAtTheSidesAndPaddedAboveAndBelow() {
        assertThat(Fit.CENTER_CROP.geometry(640, 426, 224, 224))
                .isEqualTo(new Geometry(640, 426, 224, 224, 224 / 426.0, 224 / 426.0, -107 * (224 / 426.0), 0));
        assertThat(Fit.LETTERBOX.geometry(640, 426, 224, 224))
                .isEqualTo(new Geometry(640, 426, 224, 224, 224 / 640.0, 149 / 426.0, 0, 37));
    }

    @Example
    void aLineOfPixelsSurvivesEveryFit() {
        for (Fit fit : Fit.values()) {
            Geometry geometry = fit.geometry(9000, 1, 224, 224);
            assertThat(geometry.scaleX()).isPositive();
            assertThat(geometry.scaleY()).isPositive();
        }
    }

    @Example
    void sizesBelowOneAreRefused() {
        assertThatThrownBy(() -> Fit.CENTER_CROP.geometry(0, 1, 224, 224))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("photo 0x1");
        assertThatThrownBy(() -> Fit.LETTERBOX.geometry(5, 5, 224, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
