package org.cam4j.render.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cam4j.ActivationMap;
import org.cam4j.Prediction;
import org.cam4j.image.Geometry;
import org.cam4j.render.picture.Canvas;
import org.cam4j.render.picture.DivergingColormap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DifferenceOverlayTest {

    private static final BufferedImage PHOTO = Canvas.filled(3, 2, new Color(0x204060));

    private static ActivationMap map(String label, float... values) {
        return new ActivationMap(new Prediction(1, label, 2, 0.5), 2, 3, values, Geometry.squash(3, 2, 3, 2));
    }

    private static int rgb(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) & 0xFFFFFF;
    }

    @Test
    void evidenceForIsRedAgainstIsBlueAndNoneKeepsThePhoto() {
        ActivationMap difference = map("wolf", 4, 1, 0, -8, 2, 0).minus(map("husky", 0, 1, 0, 0, -2, 0));

        BufferedImage image = DifferenceOverlay.of(PHOTO, difference).opacity(1).image();

        // Shares of 8, the largest magnitude: 0.5, 0, 0, -1, 0.5, 0. At -1 alpha is 1: the colour alone.
        assertThat(rgb(image, 0, 1)).isEqualTo(0x053061);
        // RdBu at 0.5 lies halfway between F4A582 and D6604D: E58268 after rounding to even; alpha = 0.5^0.8 = 0.57435.
        assertThat(DivergingColormap.rgb(0.5)).isEqualTo(0xE58268);
        assertThat(rgb(image, 0, 0)).isEqualTo(145 << 16 | 102 << 8 | 101);
        assertThat(rgb(image, 1, 1)).isEqualTo(rgb(image, 0, 0));
        assertThat(rgb(image, 1, 0)).isEqualTo(0x204060);
    }

    @Test
    void aMapWithoutEvidenceLeavesThePhotoAsItIs() {
        BufferedImage image =
                DifferenceOverlay.of(PHOTO, map("wolf", 0, 0, 0, 0, 0, 0)).image();

        for (int i = 0; i < 6; i++) {
            assertThat(rgb(image, i % 3, i / 3)).isEqualTo(0x204060);
        }
    }

    @Test
    void labelAndLegendAreDrawnOnRequest(@TempDir Path folder) throws Exception {
        BufferedImage photo = Canvas.filled(320, 200, Color.GRAY);
        ActivationMap map = new ActivationMap(
                new Prediction(1, "wolf minus husky", 2, 0.5),
                1,
                1,
                new float[] {0},
                Geometry.squash(320, 200, 32, 20));
        DifferenceOverlay overlay = DifferenceOverlay.of(photo, map);

        assertThat(overlay.label().image().getRGB(12, 12))
                .isNotEqualTo(overlay.image().getRGB(12, 12));
        assertThat(overlay.legend().image().getHeight()).isGreaterThan(200);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        overlay.legend().write(stream);
        overlay.legend().write(folder.resolve("difference.png"));
        assertThat(Files.readAllBytes(folder.resolve("difference.png"))).isEqualTo(stream.toByteArray());
    }

    @Test
    void coloursAreColorBrewersAtTheirPlacesAndClampedBeyond() {
        assertThat(DivergingColormap.rgb(-1)).isEqualTo(0x053061);
        assertThat(DivergingColormap.rgb(-2)).isEqualTo(0x053061);
        assertThat(DivergingColormap.rgb(0)).isEqualTo(0xF7F7F7);
        assertThat(DivergingColormap.rgb(0.6)).isEqualTo(0xD6604D);
        assertThat(DivergingColormap.rgb(1)).isEqualTo(0x67001F);
        assertThatIllegalArgumentException().isThrownBy(() -> DivergingColormap.rgb(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> DifferenceOverlay.of(PHOTO, map("a", 1, 1, 1, 1, 1, 1))
                .opacity(2));
    }
}
