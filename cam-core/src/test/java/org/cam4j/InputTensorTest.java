package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.cam4j.exception.PhotoException;
import org.cam4j.file.Npy;
import org.cam4j.image.ImageInput;
import org.cam4j.image.Preprocessing;
import org.cam4j.localization.Localizer;
import org.cam4j.testing.Arrays32;
import org.cam4j.testing.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Prepared images of {@code keras_heads.py}, whose logits and maps Keras computed. */
class InputTensorTest {

    private static final int IMAGES = 2;
    private static final int SIZE = 12;
    private static final int CLASSES = 5;
    private static final int CELLS = 16;
    private static final float[] X = Arrays32.read("/keras/golden/linear_heads.x.bin");

    @TempDir
    Path folder;

    /** The first head of the model. */
    private static MapperBuilder builder() {
        return ClassActivationMapper.fromKeras(Golden.resource("/keras/models/linear_heads/k3.keras"))
                .output("batch_norm");
    }

    private Path write(float[] values, int... shape) {
        Path file = folder.resolve("x.npy");
        Npy.write(file, values, shape);
        return file;
    }

    private static float[] channelsFirst(float[] images) {
        float[] turned = new float[images.length];
        int cells = SIZE * SIZE;
        for (int i = 0; i < images.length; i++) {
            int image = i / (cells * 3);
            int cell = i / 3 % cells;
            turned[(image * 3 + i % 3) * cells + cell] = images[i];
        }
        return turned;
    }

    @Test
    void anArrayWithChannelsFirstIsTheSameImage() {
        float[] last = Arrays.copyOf(X, SIZE * SIZE * 3);
        float[] first = channelsFirst(last);

        InputTensor tensor = InputTensor.ofChannelsFirst(first, 3, SIZE, SIZE);
        first[0] = 99;

        assertThat(tensor.values(0)).containsExactly(last);
        assertThat(List.of(tensor.count(), tensor.height(), tensor.width(), tensor.channels()))
                .containsExactly(1, SIZE, SIZE, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InputTensor.ofChannelsFirst(first, 3, SIZE, SIZE + 1))
                .withMessageContaining("do not fill 1 image of 12x13x3");
    }

    /** More images than run as one batch. */
    @Test
    void eachOfManyImagesIsExplainedAsByItself() {
        int count = 70;
        int size = SIZE * SIZE * 3;
        float[] values = new float[count * size];
        for (int i = 0; i < count; i++) {
            System.arraycopy(X, i % IMAGES * size, values, i * size, size);
            values[i * size] = i;
        }
        InputTensor tensor = InputTensor.of(values, count, SIZE, SIZE, 3);

        try (ClassActivationMapper mapper = builder().build()) {
            List<Explanation> all = mapper.explain(tensor);

            assertThat(all).hasSize(count);
            for (int i = 0; i < count; i++) {
                float[] image = Arrays.copyOfRange(values, i * size, (i + 1) * size);
                Explanation alone = mapper.explain(InputTensor.of(image, SIZE, SIZE, 3), 0);
                assertThat(tensor.values(i)).containsExactly(image);
                assertThat(all.get(i).name()).isEqualTo(tensor.name(i)).endsWith("[" + i + "]");
                assertThat(all.get(i).predictions(CLASSES)).isEqualTo(alone.predictions(CLASSES));
                assertThat(all.get(i).map(2).toArray())
                        .containsExactly(alone.map(2).toArray());
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InputTensor.of(values, count + 1, SIZE, SIZE, 3))
                .withMessageContaining("do not fill 71 images of 12x12x3");
    }

    private enum Layout {
        LAST,
        FIRST
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void logitsAndMapsAreThoseOfKeras(Layout layout) {
        InputTensor images = layout == Layout.LAST
                ? InputTensor.read(write(X, IMAGES, SIZE, SIZE, 3))
                : InputTensor.readChannelsFirst(write(channelsFirst(X), IMAGES, 3, SIZE, SIZE));
        try (ClassActivationMapper mapper = builder().build()) {
            List<Explanation> explanations = mapper.explain(images);

            assertThat(explanations).extracting(Explanation::name).containsExactly("x.npy[0]", "x.npy[1]");
            float[] logits = Arrays32.read("/keras/golden/linear_heads.logits.bin");
            float[] maps = Arrays32.read("/keras/golden/linear_heads.maps.bin");
            for (int n = 0; n < IMAGES; n++) {
                for (int c = 0; c < CLASSES; c++) {
                    assertThat(explanations.get(n).prediction(c).logit())
                            .isCloseTo(logits[n * CLASSES + c], within(1e-4));
                    float[] map = new float[CELLS];
                    for (int i = 0; i < CELLS; i++) {
                        map[i] = maps[(n * CELLS + i) * CLASSES + c];
                    }
                    assertThat(Arrays32.relativeL2(explanations.get(n).map(c).toArray(), map))
                            .isLessThan(1e-4);
                }
            }
            assertThat(explanations.get(0).provenance().preparation()).isEqualTo("tensor, as it was given");
        }
    }

    @Test
    void oneImageNeedsNoAxisOfImages() {
        float[] second = Arrays.copyOfRange(X, X.length / 2, X.length);
        InputTensor one = InputTensor.read(write(second, SIZE, SIZE, 3));
        InputTensor turned = InputTensor.readChannelsFirst(write(channelsFirst(second), 3, SIZE, SIZE));

        assertThat(one.count()).isEqualTo(1);
        assertThat(one.name(0)).isEqualTo("x.npy");
        assertThat(turned.values(0)).containsExactly(second);
        assertThat(InputTensor.of(second, SIZE, SIZE, 3).values(0)).containsExactly(second);
    }

    private static BufferedImage photo() {
        BufferedImage photo = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < SIZE * SIZE; i++) {
            photo.setRGB(i % SIZE, i / SIZE, (i << 16 | (255 - i) << 8 | i * 7 % 256) & 0xffffff);
        }
        return photo;
    }

    /** A photo of the input's size, prepared by hand, has the photo's pixels and the photo's bits again. */
    @ParameterizedTest
    @ValueSource(strings = {"caffe", "tf", "torch", "unit", "none"})
    void aPhotosTensorGivesThePhotoAndItsMapAgain(String preprocessing) {
        try (ClassActivationMapper mapper =
                builder().preprocessing(Preprocessing.parse(preprocessing)).build()) {
            Explanation ofPhoto = mapper.explain(photo());
            ImageInput input = mapper.preparation().orElseThrow().prepare(photo());

            Explanation ofTensor = mapper.explain(InputTensor.of(input.values(), SIZE, SIZE, 3), 0);

            assertThat(ofTensor.map().toArray()).containsExactly(ofPhoto.map().toArray());
            assertThat(pixels(ofTensor.photo())).containsExactly(pixels(photo()));
            assertThat(Localizer.paper().box(ofTensor.map()))
                    .isEqualTo(Localizer.paper().box(ofPhoto.map()));
        }
    }

    private static int[] pixels(BufferedImage picture) {
        int[] pixels = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        return Arrays.stream(pixels).map(pixel -> pixel & 0xffffff).toArray();
    }

    @Test
    void withoutPreprocessingThePictureIsStretchedFromTheLeastToTheLargestValue() {
        float[] values = new float[SIZE * SIZE * 3];
        values[0] = -4;
        values[1] = 6;
        values[2] = 1;
        try (ClassActivationMapper mapper = builder().build()) {
            BufferedImage picture =
                    mapper.explain(InputTensor.of(values, SIZE, SIZE, 3), 0).photo();

            assertThat(picture.getRGB(0, 0) & 0xffffff).isEqualTo(0x00ff80);
            assertThat(picture.getRGB(1, 0) & 0xffffff).isEqualTo(0x666666);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3, 12, 12  | [1, 3, 12, 12] does not fit 'k3.keras', which takes images [n, 12, 12, 3]: read it with channels first",
                "12, 9, 3   | [1, 12, 9, 3] does not fit 'k3.keras', which takes images [n, 12, 12, 3]: prepare the images for this size",
                "12, 12, 1  | [1, 12, 12, 1] does not fit"
            })
    void imagesOfAnotherSizeAreRefused(String shape, String words) {
        int[] sizes = Arrays.stream(shape.split(","))
                .map(String::strip)
                .mapToInt(Integer::parseInt)
                .toArray();
        float[] values = new float[sizes[0] * sizes[1] * sizes[2]];
        InputTensor tensor = InputTensor.read(write(values, sizes));
        try (ClassActivationMapper mapper = builder().build()) {
            assertThatThrownBy(() -> mapper.explain(tensor))
                    .isInstanceOf(PhotoException.class)
                    .hasMessageContaining(words);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no_image.npy  | of shape [0, 3, 4, 3] holds no image",
                "matrix.npy    | has the shape [3, 4], expected images [n, h, w, c]",
                "scalar.npy    | has the shape [], expected images",
                "five_axes.npy | has the shape [1, 1, 1, 1, 3], expected images"
            })
    void arraysThatAreNoImagesAreRefused(String name, String words) {
        assertThatThrownBy(() -> InputTensor.read(Golden.resource("/npy/" + name)))
                .isInstanceOf(PhotoException.class)
                .hasMessageContainingAll(name, words);
    }

    @Test
    void numbersThatAreNotFiniteAreRefused() {
        float[] values = new float[SIZE * SIZE * 3];
        values[7] = Float.NaN;
        try (ClassActivationMapper mapper = builder().build()) {
            assertThatThrownBy(() -> mapper.explain(InputTensor.of(values, SIZE, SIZE, 3)))
                    .isInstanceOf(PhotoException.class)
                    .hasMessageContaining("values that are not finite");
        }
    }

    /** Bytes can only be pixels: what a network of other values makes of them is noise. */
    @Test
    void pixelsAreRefusedWhereTheNetworkTakesOtherValues() throws IOException {
        byte[] bytes = Files.readAllBytes(Golden.resource("/npy/uint8.npy"));
        byte[] images = Arrays.copyOf(bytes, 128 + SIZE * SIZE * 3);
        String header = new String(images, 0, 128, StandardCharsets.ISO_8859_1)
                .replace("(2, 3, 4, 3), }  ", "(1, 12, 12, 3), }");
        System.arraycopy(header.getBytes(StandardCharsets.ISO_8859_1), 0, images, 0, 128);
        InputTensor tensor = InputTensor.read(Files.write(folder.resolve("pixels.npy"), images));

        try (ClassActivationMapper mapper =
                builder().preprocessing(Preprocessing.CAFFE).build()) {
            assertThatThrownBy(() -> mapper.explain(tensor))
                    .isInstanceOf(PhotoException.class)
                    .hasMessageContainingAll("uint8", "'caffe'", "float32 after preprocessing");
        }
        try (ClassActivationMapper mapper = builder().build()) {
            assertThatThrownBy(() -> mapper.explain(tensor))
                    .isInstanceOf(PhotoException.class)
                    .hasMessageContainingAll("uint8", "is not set", "float32 after preprocessing");
        }
        try (ClassActivationMapper mapper =
                builder().preprocessing(Preprocessing.NONE).build()) {
            assertThat(mapper.explain(tensor)).hasSize(1);
        }
    }

    @Test
    void aTensorOfTheApplicationMustFillItsShape() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InputTensor.of(new float[5], 1, 2, 3))
                .withMessageContaining("5 values do not fill 1 image of 1x2x3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InputTensor.of(new float[0], 0, 2, 3))
                .withMessageContaining("must be positive");
    }
}
