package org.cam4j.render.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.cam4j.ActivationMap;
import org.cam4j.Prediction;
import org.cam4j.image.Geometry;
import org.cam4j.render.picture.Colormap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapGridTest {

    private static final ActivationMap MAP = new ActivationMap(
            new Prediction(3, "bear", 1, 0.5),
            2,
            3,
            new float[] {-4, 0, 12.5f, 4, -0.001f, 8},
            Geometry.squash(60, 40, 224, 224));

    private static int rgb(BufferedImage picture, int x, int y) {
        return picture.getRGB(x, y) & 0xFFFFFF;
    }

    @Test
    void cellsHaveTheColoursOfTheirValuesFromTheSmallestToTheLargest() {
        BufferedImage picture = MapGrid.of(MAP).image();

        assertThat(picture.getWidth()).isEqualTo(3 * 64);
        assertThat(picture.getHeight()).isEqualTo(2 * 64);
        assertThat(rgb(picture, 1, 1)).isEqualTo(Colormap.VIRIDIS.rgb(0));
        assertThat(rgb(picture, 3 * 64 - 2, 1)).isEqualTo(Colormap.VIRIDIS.rgb(1));
        assertThat(rgb(picture, 1, 2 * 64 - 2)).isEqualTo(Colormap.VIRIDIS.rgb(8 / 16.5));
        assertThat(rgb(MapGrid.of(MAP).colormap(Colormap.GREY).image(), 1, 1)).isZero();
    }

    @Test
    void numbersAreBlackOnBrightCellsAndWhiteOnDarkOnes() {
        BufferedImage picture = MapGrid.of(MAP).colormap(Colormap.GREY).image();

        assertThat(pixels(picture, 0, 0)).contains(0xFFFFFF);
        assertThat(pixels(picture, 2, 0)).contains(0x000000);
    }

    @Test
    void smallCellsHaveNoNumbers() {
        BufferedImage picture = MapGrid.of(MAP).cellSize(16).image();

        assertThat(picture.getWidth()).isEqualTo(48);
        assertThat(picture.getRGB(0, 0, 16, 16, null, 0, 16)).containsOnly(picture.getRGB(0, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MapGrid.of(MAP).cellSize(7))
                .withMessageContaining("at least 8");
    }

    @Test
    void writesAPng(@TempDir Path folder) throws IOException {
        MapGrid.of(MAP).write(folder.resolve("a/map.png"));

        assertThat(ImageIO.read(folder.resolve("a/map.png").toFile()).getWidth())
                .isEqualTo(192);
    }

    private static int[] pixels(BufferedImage picture, int column, int row) {
        int[] pixels = picture.getRGB(column * 64, row * 64, 64, 64, null, 0, 64);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] &= 0xFFFFFF;
        }
        return pixels;
    }
}
