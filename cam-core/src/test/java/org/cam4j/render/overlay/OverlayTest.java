package org.cam4j.render.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.cam4j.ActivationMap;
import org.cam4j.Prediction;
import org.cam4j.image.Geometry;
import org.cam4j.localization.BoundingBox;
import org.cam4j.render.picture.Canvas;
import org.cam4j.render.picture.Colormap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverlayTest {

    private static final int GREY = 0x808080;

    /** Of a photo of 3x2 pixels with one cell a pixel: its hottest pixel is (0, 1). */
    private static final ActivationMap MAP = map(3, 2, -1, 0, 5, 10, 2.5f, -3);

    private static final BufferedImage PHOTO = Canvas.filled(3, 2, new Color(0x204060));

    @Test
    void pixelsThatDoNotSpeakForTheClassKeepThePhotosColours() {
        BufferedImage image = Overlay.of(PHOTO, MAP).image();

        assertThat(rgb(image, 0, 0)).isEqualTo(0x204060);
        assertThat(rgb(image, 1, 0)).isEqualTo(0x204060);
        assertThat(rgb(image, 2, 1)).isEqualTo(0x204060);
    }

    @Test
    void hottestPixelIsBlendedWithTheFullOpacity() {
        // Turbo ends in 7A0403: 0.4 * 32 + 0.6 * 122 = 86, 0.4 * 64 + 0.6 * 4 = 28, 0.4 * 96 + 0.6 * 3 = 40.2.
        assertThat(rgb(Overlay.of(PHOTO, MAP).image(), 0, 1)).isEqualTo(0x561C28);
    }

    @Test
    void heatBetweenIsBlendedByTheFormula() {
        // heat 0.5: grey 128, alpha 0.6 * 0.5^0.8 = 0.34461; heat 0.25: grey 64, alpha 0.6 * 0.25^0.8 = 0.19793.
        BufferedImage image = Overlay.of(PHOTO, MAP).colormap(Colormap.GREY).image();

        assertThat(rgb(image, 2, 0)).isEqualTo(65 << 16 | 86 << 8 | 107);
        assertThat(rgb(image, 1, 1)).isEqualTo(38 << 16 | 64 << 8 | 90);
    }

    @Test
    void opacityGoesFromThePhotoAloneToTheColourAlone() {
        Overlay overlay = Overlay.of(PHOTO, MAP);

        assertThat(rgbs(overlay.opacity(0).image())).containsOnly(0x204060);
        assertThat(rgb(overlay.opacity(1).image(), 0, 1)).isEqualTo(0x7A0403);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void opacityOutOfRangeIsRefused(double opacity) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Overlay.of(PHOTO, MAP).opacity(opacity))
                .withMessageContaining("opacity of " + opacity);
    }

    @Test
    void mapWithNothingPositiveLeavesThePhotoAsItIs() {
        assertThat(rgbs(Overlay.of(PHOTO, map(3, 2, -1, -2, 0, -4, -5, -6)).image()))
                .containsOnly(0x204060);
    }

    @Test
    void smallestPossibleMapValuesStillShow() {
        assertThat(rgb(
                        Overlay.of(PHOTO, map(3, 2, 0, 0, 0, Float.MIN_VALUE, 0, 0))
                                .image(),
                        0,
                        1))
                .isEqualTo(0x561C28);
    }

    @Test
    void heatIsRelativeToTheMaximumInThePhoto() {
        // The map's maximum, 100, lies in the padding left of the photo; the photo's own pixels reach 4.
        Geometry padded = new Geometry(2, 1, 4, 1, 1, 1, 2, 0);
        ActivationMap map = new ActivationMap(prediction("bear"), 1, 4, new float[] {100, 0, 4, 0}, padded);

        assertThat(rgb(Overlay.of(Canvas.filled(2, 1, new Color(0x204060)), map).image(), 0, 0))
                .isEqualTo(0x561C28);
    }

    @Test
    void pictureHasThePhotosSize() {
        BufferedImage image = Overlay.of(
                        photo(41, 17), map(new Geometry(41, 17, 224, 224, 224 / 41.0, 224 / 17.0, 0, 0)))
                .image();

        assertThat(image.getWidth()).isEqualTo(41);
        assertThat(image.getHeight()).isEqualTo(17);
    }

    @Test
    void heatOnlyShowsTheColourOfEveryPixel() {
        BufferedImage image =
                Overlay.of(PHOTO, MAP).heatOnly().colormap(Colormap.GREY).image();

        assertThat(rgbs(image)).containsExactly(0, 0, 0x808080, 0xFFFFFF, 0x404040, 0);
    }

    @Test
    void sideBySideShowsThePhotoAsItIsAndTheOverlay() {
        BufferedImage image = Overlay.of(PHOTO, MAP).sideBySide().image();

        assertThat(image.getWidth()).isEqualTo(8);
        assertThat(image.getHeight()).isEqualTo(2);
        assertThat(rgb(image, 0, 1)).isEqualTo(0x204060);
        assertThat(rgb(image, 3, 1)).isEqualTo(0xFFFFFF);
        assertThat(rgb(image, 5, 1)).isEqualTo(0x561C28);
    }

    @Test
    void legendLiesBelowThePicture() {
        Geometry geometry = Geometry.squash(200, 100, 224, 224);
        BufferedImage plain = Overlay.of(photo(200, 100), map(geometry)).image();
        BufferedImage image =
                Overlay.of(photo(200, 100), map(geometry)).legend().image();

        assertThat(image.getWidth()).isEqualTo(200);
        assertThat(image.getHeight()).isBetween(120, 130);
        assertThat(image.getRGB(0, 0, 200, 100, null, 0, 200)).isEqualTo(plain.getRGB(0, 0, 200, 100, null, 0, 200));
        int middle = (100 + image.getHeight()) / 2;
        assertThat(rgbs(image.getSubimage(0, middle, 200, 1)))
                .contains(Colormap.TURBO.rgb(0), Colormap.TURBO.rgb(0.5), Colormap.TURBO.rgb(1));
    }

    @Test
    void contoursAreDrawnWhereTheHeatIsOfTheirLevel() {
        Geometry geometry = Geometry.squash(300, 200, 224, 224);
        // Rises from left to right: half of the maximum lies in the middle column.
        ActivationMap rising = new ActivationMap(prediction("bear"), 1, 2, new float[] {0, 10}, geometry);

        BufferedImage image =
                Overlay.of(photo(300, 200), rising).opacity(0).contours(0.5).image();

        assertThat(rgb(image, 149, 100)).isNotEqualTo(GREY);
        assertThat(rgb(image, 120, 100)).isEqualTo(GREY);
        assertThat(rgb(image, 180, 100)).isEqualTo(GREY);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.5, Double.NaN})
    void contoursOutOfRangeAreRefused(double level) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Overlay.of(PHOTO, MAP).contours(0.5, level))
                .withMessageContaining("contour line at " + level);
    }

    @Test
    void everyBoxHasItsOwnWordsAndNoneLiesOverAnother() {
        BufferedImage photo = photo(400, 300);
        Overlay overlay =
                Overlay.of(photo, map(Geometry.squash(400, 300, 224, 224))).opacity(0);
        BoundingBox box = new BoundingBox(50, 100, 250, 250);

        BufferedImage one = overlay.box(box, "panda", 0.9).image();
        BufferedImage two = overlay.box(box, "panda", 0.9).box(box, "a bear").image();

        // The first stays above the box, the second goes inside.
        assertThat(one.getRGB(0, 0, 400, 98, null, 0, 400)).isEqualTo(two.getRGB(0, 0, 400, 98, null, 0, 400));
        assertThat(rgbs(one.getSubimage(60, 110, 180, 130))).containsOnly(GREY);
        assertThat(rgbs(two.getSubimage(60, 110, 180, 130))).contains(0xFFFFFF);
    }

    @Test
    void photoIsNotModified() {
        BufferedImage photo = photo(60, 40);

        Overlay.of(photo, map(Geometry.squash(60, 40, 224, 224)))
                .box(new BoundingBox(3, 3, 20, 20))
                .label()
                .image();

        assertThat(rgbs(photo)).containsOnly(GREY);
    }

    @Test
    void eachMethodGivesANewOverlay() {
        Overlay plain = Overlay.of(photo(60, 40), map(Geometry.squash(60, 40, 224, 224)));
        int[] before = rgbs(plain.image());

        Overlay changed = plain.colormap(Colormap.JET)
                .opacity(1)
                .box(new BoundingBox(3, 3, 20, 20))
                .label("x");

        assertThat(rgbs(plain.image())).isEqualTo(before);
        assertThat(rgbs(changed.image())).isNotEqualTo(before);
    }

    @Test
    void mapOfAPhotoOfAnotherSizeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Overlay.of(photo(2, 3), MAP))
                .withMessageContaining("the photo is 2x3 pixels")
                .withMessageContaining("of 3x2");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_3BYTE_BGR,
                BufferedImage.TYPE_4BYTE_ABGR,
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_INT_BGR
            })
    void photosOfAnyKindKeepTheirColours(int type) {
        BufferedImage photo = new BufferedImage(3, 2, type);
        for (int i = 0; i < 6; i++) {
            photo.setRGB(i % 3, i / 3, 0xFF000000 | i * 0x303030);
        }

        BufferedImage image = Overlay.of(photo, MAP).image();

        for (int cold : new int[] {0, 1, 5}) {
            assertThat(rgb(image, cold % 3, cold / 3)).isEqualTo(photo.getRGB(cold % 3, cold / 3) & 0xFFFFFF);
        }
    }

    @Test
    void greyPhotosKeepTheirBrightness() {
        BufferedImage photo = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
        photo.getRaster().setSample(1, 0, 0, 100);

        assertThat(rgb(Overlay.of(photo, MAP).image(), 1, 0)).isEqualTo(0x646464);
    }

    @Test
    void whatIsTransparentShowsWhite() {
        BufferedImage photo = new BufferedImage(3, 2, BufferedImage.TYPE_INT_ARGB);

        assertThat(rgb(Overlay.of(photo, MAP).image(), 0, 0)).isEqualTo(0xFFFFFF);
    }

    @Test
    void boxIsDrawnOnItsOutermostPixelsWithAHaloOnBothSides() {
        BufferedImage image =
                cold(300, 150).box(new BoundingBox(20, 30, 60, 90)).image();

        for (int[] corner : new int[][] {{20, 30, 1, 1}, {59, 30, -1, 1}, {20, 89, 1, -1}, {59, 89, -1, -1}}) {
            int x = corner[0];
            int y = corner[1];
            int inX = corner[2];
            int inY = corner[3];
            assertThat(rgb(image, x, y)).isEqualTo(0xFFFFFF);
            assertThat(rgb(image, x - inX, y - inY) & 0xFF).as("outer halo").isBetween(50, 65);
            assertThat(rgb(image, x + inX, y + inY) & 0xFF).as("inner halo").isBetween(50, 65);
            assertThat(rgb(image, x - 2 * inX, y - 2 * inY)).isEqualTo(GREY);
            assertThat(rgb(image, x + 2 * inX, y + 2 * inY)).isEqualTo(GREY);
        }
        assertThat(rgb(image, 40, 30)).isEqualTo(0xFFFFFF);
        assertThat(rgb(image, 20, 60)).isEqualTo(0xFFFFFF);
        assertThat(rgb(image, 40, 60)).isEqualTo(GREY);
    }

    @Test
    void lineGrowsWithThePhoto() {
        BufferedImage image =
                cold(1000, 900).box(new BoundingBox(100, 200, 300, 400)).image();

        assertThat(rgb(image, 105, 300)).isEqualTo(0xFFFFFF);
        assertThat(rgb(image, 109, 300)).isEqualTo(GREY);
    }

    @Test
    void severalBoxesAreDrawn() {
        BufferedImage image = cold(300, 150)
                .box(new BoundingBox(20, 30, 60, 90))
                .box(new BoundingBox(100, 30, 160, 90))
                .image();

        assertThat(rgb(image, 20, 30)).isEqualTo(0xFFFFFF);
        assertThat(rgb(image, 100, 30)).isEqualTo(0xFFFFFF);
    }

    @Test
    void boxOfOnePixelIsWhite() {
        assertThat(rgb(cold(30, 20).box(new BoundingBox(7, 5, 8, 6)).image(), 7, 5))
                .isEqualTo(0xFFFFFF);
    }

    @Test
    void boxMayReachBeyondThePhotoButNotLieBesideIt() {
        Overlay overlay = cold(30, 20);

        assertThat(rgb(overlay.box(new BoundingBox(-100, 5, 100, 2000)).image(), 15, 5))
                .isEqualTo(0xFFFFFF);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> overlay.box(new BoundingBox(30, 0, 40, 10)))
                .withMessageContaining("lies beside the photo of 30x20");
    }

    @Test
    void labelIsInTheTopLeftCornerOfAPhotoWithoutBoxes() {
        BufferedImage image = cold(400, 300).label().image();

        assertThat(changed(image, 0, 0, 200, 40)).isPositive();
        assertThat(changed(image, 0, 40, 400, 300)).isZero();
    }

    @Test
    void labelStandsAboveTheBoxOrInsideWhereThereIsNoRoom() {
        BufferedImage above =
                cold(400, 300).box(new BoundingBox(50, 100, 350, 290)).label().image();
        BufferedImage inside =
                cold(400, 300).box(new BoundingBox(50, 2, 350, 290)).label().image();

        assertThat(changed(above, 50, 75, 150, 95)).isPositive();
        assertThat(changed(above, 60, 110, 150, 130)).isZero();
        assertThat(changed(inside, 60, 10, 150, 25)).isPositive();
    }

    @Test
    void labelOfABoxAtTheRightEdgeStaysInThePhoto() {
        BufferedImage image =
                cold(400, 300).box(new BoundingBox(380, 100, 400, 290)).label().image();

        assertThat(changed(image, 250, 75, 400, 95)).isPositive();
    }

    @Test
    void longLabelsAreShortenedToThePhoto() {
        BufferedImage image =
                cold(200, 150).label("soft-coated wheaten terrier ".repeat(20)).image();

        assertThat(changed(image, 0, 0, 200, 30)).isPositive();
        assertThat(changed(image, 197, 0, 200, 150)).as("right margin").isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"éléphant", "熊猫", "🐼 panda", "دب", "line\nbreak", "", " ", "\uD83D"})
    void labelsInAnyScriptAreDrawn(String label) {
        BufferedImage image = cold(200, 150).label(label).image();

        assertThat(changed(image, 0, 0, 200, 40) > 0).isEqualTo(!label.isBlank());
    }

    @Test
    void thePhotoMayBeASinglePixel() {
        BufferedImage image =
                cold(1, 1).box(new BoundingBox(0, 0, 1, 1)).label().image();

        assertThat(image.getWidth()).isEqualTo(1);
    }

    @Test
    void writtenFileIsThePicture(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("out/panda-cam.png");

        Overlay.of(PHOTO, MAP).write(file);

        BufferedImage read = ImageIO.read(file.toFile());
        assertThat(rgb(read, 0, 1)).isEqualTo(0x561C28);
        assertThat(rgb(read, 0, 0)).isEqualTo(0x204060);
        assertThat(file.getParent().toFile().list()).containsExactly("panda-cam.png");
    }

    @Test
    void bytesAreTheWrittenFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("panda-cam.png");
        Overlay.of(PHOTO, MAP).write(file);

        assertThat(Overlay.of(PHOTO, MAP).png()).isEqualTo(Files.readAllBytes(file));
    }

    /** JPEG (ITU-T T.81), B.2.4.5: marker FFFE, the length of what follows with itself, the comment. */
    @Test
    void jpegIsThePictureButForItsRounding() throws IOException {
        byte[] jpeg = cold(64, 48).jpeg(0.9);

        BufferedImage read = ImageIO.read(new ByteArrayInputStream(jpeg));
        assertThat(read.getWidth()).isEqualTo(64);
        assertThat(read.getHeight()).isEqualTo(48);
        assertThat(new Color(read.getRGB(20, 20)).getRed()).isCloseTo(GREY & 0xFF, within(2));
        assertThat(new String(jpeg, StandardCharsets.ISO_8859_1)).contains("\u00ff\u00fe\0\u0010Software cam4j");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1.1, Double.NaN})
    void jpegOfNoQualityIsRefused(double quality) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Overlay.of(PHOTO, MAP).jpeg(quality))
                .withMessageContaining("quality of " + quality);
    }

    @Test
    void aSmallerPictureShowsTheSameHeatBoxesAndLegend() {
        BufferedImage photo = Canvas.filled(400, 200, new Color(GREY));
        ActivationMap map = new ActivationMap(
                prediction("giant panda"), 2, 2, new float[] {0, 1, 0, 1}, Geometry.squash(400, 200, 7, 7));
        Overlay overlay = Overlay.of(photo, map).box(new BoundingBox(101, 40, 301, 120));

        BufferedImage small = overlay.longestSide(100).image();

        assertThat(small.getWidth()).isEqualTo(100);
        assertThat(small.getHeight()).isEqualTo(50);
        // The box of columns [25.25, 75.25) and rows [10, 30), rounded outwards.
        assertThat(rgb(small, 25, 20)).isEqualTo(0xFFFFFF);
        assertThat(rgb(small, 75, 20)).isEqualTo(0xFFFFFF);
        assertThat(rgb(small, 50, 29)).isEqualTo(0xFFFFFF);
        // Between the pixels of the large picture: heat differs by an eighth of a percent.
        int large = rgb(Overlay.of(photo, map).image(), 360, 180);
        assertThat(rgb(Overlay.of(photo, map).longestSide(100).image(), 90, 45)).isEqualTo(large);
        assertThat(overlay.longestSide(400).image().getWidth()).isEqualTo(400);
        assertThat(overlay.longestSide(9000).image().getWidth()).isEqualTo(400);
        assertThatIllegalArgumentException().isThrownBy(() -> overlay.longestSide(0));
    }

    @Test
    void writtenStreamIsTheWrittenFileAndStaysOpen(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("panda-cam.png");
        Overlay.of(PHOTO, MAP).write(file);
        boolean[] closed = new boolean[1];
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public void close() {
                closed[0] = true;
            }
        };

        Overlay.of(PHOTO, MAP).write(out);

        assertThat(out.toByteArray()).isEqualTo(Files.readAllBytes(file));
        assertThat(closed).containsExactly(false);
    }

    private static Overlay cold(int width, int height) {
        return Overlay.of(
                photo(width, height),
                new ActivationMap(
                        prediction("giant panda"), 1, 1, new float[] {-1}, Geometry.squash(width, height, 7, 7)));
    }

    private static long changed(BufferedImage image, int x0, int y0, int x1, int y1) {
        int[] region = image.getRGB(x0, y0, x1 - x0, y1 - y0, null, 0, x1 - x0);
        return Arrays.stream(region).filter(rgb -> (rgb & 0xFFFFFF) != GREY).count();
    }

    private static int[] rgbs(BufferedImage image) {
        int width = image.getWidth();
        return Arrays.stream(image.getRGB(0, 0, width, image.getHeight(), null, 0, width))
                .map(rgb -> rgb & 0xFFFFFF)
                .toArray();
    }

    private static BufferedImage photo(int width, int height) {
        return Canvas.filled(width, height, new Color(GREY));
    }

    private static int rgb(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) & 0xFFFFFF;
    }

    private static ActivationMap map(int width, int height, float... values) {
        return new ActivationMap(
                prediction("giant panda"), height, width, values, Geometry.squash(width, height, width, height));
    }

    private static ActivationMap map(Geometry geometry) {
        return new ActivationMap(prediction("giant panda"), 2, 2, new float[] {-1, 0, 3, 8}, geometry);
    }

    private static Prediction prediction(String label) {
        return new Prediction(388, label, 12.3, 0.974);
    }
}
