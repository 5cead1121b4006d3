package org.cam4j.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Resizing against Keras, TensorFlow, Pillow and torchvision: resize.bin and lanczos.bin, which src/test/python/image_resize.py writes and
 * describes, and torchvision.bin of image_torchvision.py. */
class ResizeReferenceTest {

    private static final Interpolation[] INTERPOLATIONS = {
        Interpolation.NEAREST,
        Interpolation.BILINEAR,
        Interpolation.LANCZOS,
        Interpolation.BICUBIC,
        Interpolation.SMOOTH_BILINEAR
    };
    private static final Fit[] FITS = {Fit.SQUASH, Fit.CENTER_CROP, Fit.LETTERBOX, Fit.EXACT_CENTER_CROP};
    private static final Offset<Float> A_THOUSANDTH = Offset.offset(1e-3f);

    /** Some rows of what Keras makes of a photo. */
    record Case(
            Interpolation interpolation,
            Fit fit,
            int shortSide,
            int photoHeight,
            int photoWidth,
            int height,
            int width,
            int channels,
            int[] rows,
            float[] values) {

        @Override
        public String toString() {
            return photoHeight + "x" + photoWidth + " to " + height + "x" + width + "x" + channels + " " + fit + " "
                    + (shortSide == 0 ? "" : "from " + shortSide + " ") + interpolation;
        }
    }

    static List<Case> cases() {
        List<Case> cases = cases("resize.bin");
        cases.addAll(cases("lanczos.bin"));
        cases.addAll(cases("torchvision.bin"));
        return cases;
    }

    private static List<Case> cases(String name) {
        List<Case> cases = new ArrayList<>();
        try (InputStream file = ResizeReferenceTest.class.getResourceAsStream("/preparation/" + name);
                DataInputStream in = new DataInputStream(file)) {
            while (in.available() > 0) {
                cases.add(next(in));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    private static Case next(DataInputStream in) throws IOException {
        int[] header = new int[8];
        for (int i = 0; i < header.length; i++) {
            header[i] = in.readInt();
        }
        int[] rows = new int[header[7]];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = in.readInt();
        }
        float[] values = new float[rows.length * header[5] * header[6]];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readFloat();
        }
        return new Case(
                INTERPOLATIONS[header[0]],
                header[1] < 0 ? Fit.CENTER_CROP : FITS[header[1]],
                Math.max(0, -header[1]),
                header[2],
                header[3],
                header[4],
                header[5],
                header[6],
                rows,
                values);
    }

    /** The photo of image_resize.py's photo(). */
    static BufferedImage photo(int height, int width) {
        BufferedImage photo = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int base = x * 31 + y * 17 + (x * y) % 97 * 3;
                photo.setRGB(x, y, ((base & 0xff) << 16) | (((base + 59) & 0xff) << 8) | ((base + 118) & 0xff));
            }
        }
        return photo;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void photoIsResizedAsKerasDoes(Case expected) {
        ImagePreparation preparation = new ImagePreparation(
                expected.height,
                expected.width,
                expected.channels,
                Preprocessing.NONE,
                expected.interpolation,
                expected.fit,
                expected.shortSide);

        float[] values = preparation
                .prepare(photo(expected.photoHeight, expected.photoWidth))
                .values();

        int length = expected.width * expected.channels;
        for (int r = 0; r < expected.rows.length; r++) {
            for (int i = 0; i < length; i++) {
                float actual = values[expected.rows[r] * length + i];
                float wanted = expected.values[r * length + i];
                if (expected.interpolation != Interpolation.BILINEAR) {
                    assertThat(actual)
                            .as("row %d, value %d", expected.rows[r], i)
                            .isEqualTo(wanted);
                } else {
                    assertThat(actual)
                            .as("row %d, value %d", expected.rows[r], i)
                            .isCloseTo(wanted, A_THOUSANDTH);
                }
            }
        }
    }
}
