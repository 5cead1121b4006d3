package org.cam4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class ImagePreparationTest {

    private static final int ORANGE = 0xff8000;

    private static ImagePreparation preparation(int channels, Preprocessing preprocessing, Fit fit) {
        return new ImagePreparation(2, 4, channels, preprocessing, Interpolation.BILINEAR, fit);
    }

    private static BufferedImage photo(int width, int height, int type) {
        BufferedImage photo = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                photo.setRGB(x, y, ORANGE | 0xff000000);
            }
        }
        return photo;
    }

    @Test
    void inputHasTheNetworksShapeAndTheFitsGeometry() {
        ImageInput input =
                preparation(3, Preprocessing.NONE, Fit.SQUASH).prepare(photo(5, 7, BufferedImage.TYPE_INT_RGB));

        assertThat(input.height()).isEqualTo(2);
        assertThat(input.width()).isEqualTo(4);
        assertThat(input.channels()).isEqualTo(3);
        assertThat(input.geometry()).isEqualTo(Geometry.squash(5, 7, 4, 2));
    }

    @Test
    void channelsComeInThePreprocessingsOrder() {
        BufferedImage photo = photo(5, 7, BufferedImage.TYPE_INT_RGB);

        assertThat(preparation(3, Preprocessing.NONE, Fit.SQUASH).prepare(photo).values())
                .startsWith(255, 128, 0)
                .endsWith(255, 128, 0);
        assertThat(preparation(3, Preprocessing.NONE.bgr(), Fit.SQUASH)
                        .prepare(photo)
                        .values())
                .startsWith(0, 128, 255);
        assertThat(preparation(3, Preprocessing.CAFFE, Fit.SQUASH)
                        .prepare(photo)
                        .values())
                .startsWith(-103.939f, 128 - 116.779f, 255 - 123.68f);
    }

    @Test
    void imagesOfAnyTypeGiveTheSameInput() {
        ImagePreparation preparation = preparation(3, Preprocessing.TORCH, Fit.CENTER_CROP);
        float[] expected =
                preparation.prepare(photo(5, 7, BufferedImage.TYPE_INT_RGB)).values();

        for (int type : new int[] {
            BufferedImage.TYPE_3BYTE_BGR,
            BufferedImage.TYPE_4BYTE_ABGR,
            BufferedImage.TYPE_4BYTE_ABGR_PRE,
            BufferedImage.TYPE_INT_ARGB,
            BufferedImage.TYPE_INT_ARGB_PRE,
            BufferedImage.TYPE_INT_BGR
        }) {
            assertThat(preparation.prepare(photo(5, 7, type)).values())
                    .as("type %d", type)
                    .isEqualTo(expected);
        }
    }

    @Test
    void aPartOfAnotherImageIsAnImage() {
        BufferedImage whole = ResizeReferenceTest.photo(20, 30);
        BufferedImage part = whole.getSubimage(7, 5, 11, 9);
        BufferedImage copy = new BufferedImage(11, 9, BufferedImage.TYPE_INT_RGB);
        copy.setData(part.getData());

        ImagePreparation preparation = preparation(3, Preprocessing.NONE, Fit.SQUASH);
        assertThat(preparation.prepare(part).values())
                .isEqualTo(preparation.prepare(copy).values());
    }

    @Test
    void oneChannelIsTheLumaWithTheSamePreprocessing() {
        ImagePreparation preparation = preparation(1, Preprocessing.UNIT, Fit.SQUASH);

        ImageInput input = preparation.prepare(photo(5, 7, BufferedImage.TYPE_INT_RGB));

        assertThat(preparation.preprocessing()).isEqualTo(Preprocessing.UNIT.grey());
        assertThat(input.values()).hasSize(8).containsOnly(151 * (float) (1 / 255.0));
    }

    @Test
    void letterboxIsBlackBeforePreprocessing() {
        float[] values = preparation(3, Preprocessing.TF, Fit.LETTERBOX)
                .prepare(photo(3, 3, BufferedImage.TYPE_INT_RGB))
                .values();

        assertThat(values).startsWith(-1, -1, -1, 1);
        assertThat(values).endsWith(-1, -1, -1);
    }

    @Test
    void thePhotoIsNotChanged() {
        BufferedImage photo = ResizeReferenceTest.photo(9, 11);
        int[] before = photo.getRGB(0, 0, 11, 9, null, 0, 11);

        ImageInput unused = preparation(3, Preprocessing.CAFFE, Fit.LETTERBOX).prepare(photo);

        assertThat(unused.values()).isNotEmpty();
        assertThat(photo.getRGB(0, 0, 11, 9, null, 0, 11)).isEqualTo(before);
    }

    @Test
    void itsTextIsFitForAProvenance() {
        assertThat(new ImagePreparation(
                        224, 192, 3, Preprocessing.parse("0.0078125,-0.9921875"), Interpolation.BILINEAR, Fit.SQUASH))
                .hasToString("224x192x3, squashed, bilinear, RGB * 0.0078125 - 0.9921875");
        assertThat(new ImagePreparation(224, 224, 1, Preprocessing.NONE, Interpolation.NEAREST, Fit.CENTER_CROP))
                .hasToString("224x224x1, centre crop, nearest, GREY");
    }

    @Test
    void whatAPhotoCannotFillIsRefused() {
        assertThatThrownBy(() -> preparation(4, Preprocessing.NONE, Fit.SQUASH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 4");
        assertThatThrownBy(() -> preparation(1, Preprocessing.CAFFE, Fit.SQUASH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'caffe'");
        assertThatThrownBy(() -> preparation(3, Preprocessing.UNIT.grey(), Fit.SQUASH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'unit,grey' gives 1 channel, the network has 3");
        assertThatThrownBy(() -> new ImagePreparation(0, 224, 3, Preprocessing.NONE, Interpolation.NEAREST, Fit.SQUASH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0x224");
    }

    @Test
    void aShorterSideIsResizedBeforeTheMiddleIsCutOut() {
        ImagePreparation preparation = new ImagePreparation(
                224, 224, 3, Preprocessing.TORCH, Interpolation.SMOOTH_BILINEAR, Fit.CENTER_CROP, 256);
        Geometry geometry =
                preparation.prepare(photo(640, 427, BufferedImage.TYPE_INT_RGB)).geometry();

        // 640x427 becomes 383x256, of which columns 80 to 303 and rows 16 to 239 are seen (round(79.5) is even in
        // Python).
        assertThat(geometry.toInputX(0)).isCloseTo(-80, within(1e-9));
        assertThat(geometry.toInputY(0)).isCloseTo(-16, within(1e-9));
        assertThat(geometry.toInputX(640)).isCloseTo(303, within(1e-9));
        assertThat(geometry.toInputY(427)).isCloseTo(240, within(1e-9));
        assertThat(preparation.toString()).contains("centre crop of the shorter side at 256, smooth_bilinear");
        assertThat(preparation.sized(112, 112).shortSide()).isEqualTo(128);
    }

    @Test
    void aShorterSideThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> new ImagePreparation(
                        224, 224, 3, Preprocessing.TORCH, Interpolation.BICUBIC, Fit.CENTER_CROP, 200))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least the input's longer side");
        assertThatThrownBy(() -> new ImagePreparation(
                        224, 224, 3, Preprocessing.TORCH, Interpolation.BILINEAR, Fit.CENTER_CROP, 256))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("smooth_bilinear");
        assertThatThrownBy(() ->
                        new ImagePreparation(224, 224, 3, Preprocessing.TORCH, Interpolation.BICUBIC, Fit.SQUASH, 256))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected center_crop");
    }
}
