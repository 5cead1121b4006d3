package org.cam4j.render.sheet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.cam4j.ActivationMap;
import org.cam4j.Explanation;
import org.cam4j.Explanations;
import org.cam4j.Labels;
import org.cam4j.Prediction;
import org.cam4j.image.Geometry;
import org.cam4j.localization.Localizer;
import org.cam4j.render.overlay.Overlay;
import org.cam4j.render.picture.Canvas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiles of 320x240 have a margin of 24 and a gap of 20 pixels. */
class ContactSheetTest {

    private static final int RED = 0xCC2211;

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 2, 1", "3, 3, 1", "4, 2, 2", "5, 3, 2", "9, 3, 3", "12, 4, 3"})
    void columnsFollowTheCount(int count, int across, int down) {
        BufferedImage sheet = sheet(count).image();

        assertThat(sheet.getWidth()).isEqualTo(across * 340 - 20 + 48);
        assertThat(sheet.getHeight()).isEqualTo(down * 260 - 20 + 48);
    }

    @Test
    void aGalleryShowsEachPhotosOverlayWithItsBox() {
        BufferedImage photo = Canvas.filled(320, 240, new Color(0x808080));
        Explanation explanation = Explanations.of(
                "a.png",
                photo,
                Labels.of("panda", "fox"),
                new float[] {1, 3},
                new float[] {1, 1, 1, 8, 0, 9, 0, 0},
                2,
                2);
        Overlay overlay = Overlay.of(explanation);
        BufferedImage tile =
                overlay.box(Localizer.paper().box(overlay.map()).orElseThrow()).image();

        BufferedImage sheet =
                ContactSheet.gallery(List.of(explanation, explanation)).image();

        assertThat(sheet.getRGB(24, 24, 320, 240, null, 0, 320)).isEqualTo(tile.getRGB(0, 0, 320, 240, null, 0, 320));
        assertThat(sheet.getWidth()).isEqualTo(2 * 340 - 20 + 48);
        BufferedImage named = ContactSheet.of(
                        Collections.nCopies(2, new Tile(tile, List.of("fox", "probability 0.88", "a.png"))))
                .image();
        assertThat(sheet.getRGB(0, 0, sheet.getWidth(), sheet.getHeight(), null, 0, sheet.getWidth()))
                .isEqualTo(named.getRGB(0, 0, sheet.getWidth(), named.getHeight(), null, 0, sheet.getWidth()));
    }

    @Test
    void columnsCanBeSet() {
        assertThat(sheet(5).columns(5).image().getWidth()).isEqualTo(5 * 340 - 20 + 48);
        assertThat(sheet(2).columns(Integer.MAX_VALUE).image().getWidth()).isEqualTo(2 * 340 - 20 + 48);
        assertThat(sheet(5).columns(1).image().getHeight()).isEqualTo(5 * 260 - 20 + 48);
    }

    @Test
    void tilesGoFromLeftToRightAndTopToBottom() {
        int[] colours = {0x110000, 0x220000, 0x330000, 0x440000, 0x550000};
        List<Tile> tiles = Arrays.stream(colours)
                .mapToObj(rgb -> Tile.of(Canvas.filled(640, 480, new Color(rgb))))
                .toList();

        BufferedImage sheet = ContactSheet.of(tiles).image();

        assertThat(rgb(sheet, 24, 24)).isEqualTo(0x110000);
        assertThat(rgb(sheet, 24 + 340, 24)).isEqualTo(0x220000);
        assertThat(rgb(sheet, 24 + 680, 24)).isEqualTo(0x330000);
        assertThat(rgb(sheet, 24, 24 + 260)).isEqualTo(0x440000);
        assertThat(rgb(sheet, 24 + 340 + 319, 24 + 260 + 239)).isEqualTo(0x550000);
        assertThat(rgb(sheet, 24 + 680, 24 + 260)).isEqualTo(0xFFFFFF);
    }

    @ParameterizedTest
    @CsvSource({"300, 600, 120, 240", "600, 300, 320, 160", "30, 60, 120, 240", "4000, 3, 320, 1"})
    void picturesAreFittedWithoutDistortion(int width, int height, int shownWidth, int shownHeight) {
        BufferedImage sheet = ContactSheet.of(List.of(Tile.of(Canvas.filled(width, height, new Color(RED)))))
                .image();

        int bottom = 24 + 240 - 1;
        assertThat(rgb(sheet, 24, bottom)).isEqualTo(RED);
        assertThat(rgb(sheet, 24 + shownWidth - 1, bottom - shownHeight + 1)).isEqualTo(RED);
        assertThat(rgb(sheet, 24 + shownWidth, bottom)).isEqualTo(0xFFFFFF);
        assertThat(rgb(sheet, 24, bottom - shownHeight)).isEqualTo(0xFFFFFF);
    }

    @Test
    void captionsStandUnderTheirPictures() {
        BufferedImage plain = sheet(2).image();
        BufferedImage sheet = ContactSheet.of(
                        List.of(Tile.of(picture(), "giant panda", "probability 0.97"), Tile.of(picture(), "koala")))
                .image();

        assertThat(sheet.getHeight()).isGreaterThan(plain.getHeight() + 30);
        int second = 24 + 340;
        assertThat(ink(sheet, 24, 264, 24 + 320, 291)).isPositive();
        assertThat(ink(sheet, 24, 291, 24 + 320, 312)).isPositive();
        assertThat(ink(sheet, second, 264, second + 320, 291)).isPositive();
        assertThat(ink(sheet, second, 294, second + 320, 312)).isZero();
    }

    @Test
    void longCaptionsAreShortenedToTheTile() {
        BufferedImage sheet = ContactSheet.of(Collections.nCopies(
                        2, Tile.of(picture(), "soft-coated wheaten terrier ".repeat(9), "熊猫".repeat(99))))
                .image();

        assertThat(ink(sheet, 24 + 320 + 2, 264, 24 + 340, sheet.getHeight()))
                .as("gap")
                .isZero();
    }

    @Test
    void tileSizeIsThePicturesRoom() {
        BufferedImage sheet = sheet(1).tileSize(130, 65).image();

        assertThat(sheet.getWidth()).isEqualTo(130 + 20);
        assertThat(sheet.getHeight()).isEqualTo(65 + 20);
    }

    @Test
    void tileOfAnOverlayNamesItsClass() {
        Overlay overlay = Overlay.of(
                picture(),
                new ActivationMap(
                        new Prediction(388, "giant panda", 12.3, 0.974),
                        1,
                        1,
                        new float[] {-1},
                        Geometry.squash(640, 480, 224, 224)));

        assertThat(Tile.of(overlay).caption()).containsExactly("giant panda", "probability 0.97");
    }

    @Test
    void senselessSheetsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContactSheet.of(List.of()))
                .withMessageContaining("at least one tile");
        assertThatIllegalArgumentException().isThrownBy(() -> sheet(1).columns(0));
        assertThatIllegalArgumentException().isThrownBy(() -> sheet(1).tileSize(320, 0));
    }

    @Test
    void writtenFileIsTheSheet(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("gallery.png");

        sheet(4).write(file);

        BufferedImage read = ImageIO.read(file.toFile());
        assertThat(read.getWidth()).isEqualTo(708);
        assertThat(rgb(read, 24, 24)).isEqualTo(RED);
    }

    private static ContactSheet sheet(int count) {
        return ContactSheet.of(Collections.nCopies(count, Tile.of(picture())));
    }

    private static BufferedImage picture() {
        return Canvas.filled(640, 480, new Color(RED));
    }

    private static long ink(BufferedImage image, int x0, int y0, int x1, int y1) {
        int[] region = image.getRGB(x0, y0, x1 - x0, y1 - y0, null, 0, x1 - x0);
        return Arrays.stream(region).filter(rgb -> (rgb & 0xFFFFFF) != 0xFFFFFF).count();
    }

    private static int rgb(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) & 0xFFFFFF;
    }
}
