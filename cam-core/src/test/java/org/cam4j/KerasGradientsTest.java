package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.explain.GradCam;
import org.cam4j.explain.HiResCam;
import org.cam4j.explain.LayerCam;
import org.cam4j.image.Preprocessing;
import org.cam4j.testing.Arrays32;
import org.cam4j.testing.Golden;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small networks built as Keras' VGG19 with its dense layers, ResNet50 and MobileNetV3 against {@code tf.GradientTape}: {@code
 * keras_gradients.py} made them, and the maps in float64. With {@code -Dcam4j.gradients=FOLDER}, Keras' own in full size, which
 * the script has written there.
 */
class KerasGradientsTest {

    private static final double TOLERANCE = 1e-4;

    /** A folder with Keras' own networks in full size, to be tested in place of the small ones. */
    private static final String FULL = System.getProperty("cam4j.gradients");

    private static final String GOLDEN = "/keras/golden/" + (FULL == null ? "gradients" : "gradients_full");
    private static final float[] VALUES = Arrays32.read(GOLDEN + ".bin");

    /** The logit and the maps of one network, layer and class; {@code first} is their place in the file. */
    private record Expected(
            String network, String layer, int classIndex, int height, int width, int first, double... own) {

        /** Three times what Keras' own maps of a method in float32 miss counts as rounding. */
        double tolerance(int method) {
            return own.length == 0 ? TOLERANCE : Math.max(TOLERANCE, 3 * own[method]);
        }

        /** The same of the logit. */
        double toleranceOfLogit() {
            double usual = TOLERANCE * Math.max(1, Math.abs(logit()));
            return own.length == 0 ? usual : Math.max(usual, 3 * own[3]);
        }

        float logit() {
            return VALUES[first];
        }

        /** Returns Grad-CAM (0), HiResCAM (1) or LayerCAM (2). */
        float[] map(int method) {
            int cells = height * width;
            int start = first + 1 + method * cells;
            return Arrays.copyOfRange(VALUES, start, start + cells);
        }

        @Override
        public String toString() {
            return network + ", class " + classIndex + " at " + layer;
        }
    }

    private static Stream<Expected> maps() throws IOException {
        List<Expected> maps = new ArrayList<>();
        int first = 0;
        for (String line : Files.readAllLines(Golden.resource(GOLDEN + ".csv"))) {
            String[] cells = line.split(",", -1);
            if (!cells[0].equals("network")) {
                int height = Integer.parseInt(cells[3]);
                int width = Integer.parseInt(cells[4]);
                double[] own = Stream.of(cells)
                        .skip(5)
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                maps.add(new Expected(cells[0], cells[1], Integer.parseInt(cells[2]), height, width, first, own));
                first += 1 + 3 * height * width;
            }
        }
        assertThat(first).isEqualTo(VALUES.length);
        return maps.stream();
    }

    private static BufferedImage photo() throws IOException {
        if (FULL != null) {
            return computed();
        }
        byte[] pixels = Files.readAllBytes(Golden.resource("/keras/golden/gradients.x.bin"));
        BufferedImage photo = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 32 * 32; i++) {
            int red = pixels[3 * i] & 0xFF;
            int green = pixels[3 * i + 1] & 0xFF;
            photo.setRGB(i % 32, i / 32, (red << 16) | (green << 8) | (pixels[3 * i + 2] & 0xFF));
        }
        return photo;
    }

    /** The image that the script computes for networks in full size. */
    private static BufferedImage computed() {
        BufferedImage photo = new BufferedImage(224, 224, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 224; y++) {
            for (int x = 0; x < 224; x++) {
                int grey = 7 * y + 13 * x + 5 * (x * y % 31);
                photo.setRGB(x, y, (grey % 256 << 16) | ((grey + 29) % 256 << 8) | (grey + 58) % 256);
            }
        }
        return photo;
    }

    private static MapperBuilder builder(Expected expected) {
        String file = expected.network() + ".keras";
        return ClassActivationMapper.fromKeras(
                        FULL == null ? Golden.resource("/keras/models/gradients/" + file) : Path.of(FULL, file))
                .preprocessing(Preprocessing.NONE);
    }

    /** Where only ReLUs and max poolings curve, a held gate is the derivative, and the map is HiResCAM's in the logit's units. */
    static Stream<Expected> rectified() throws IOException {
        return maps().filter(map -> !map.network().startsWith("mobilenet"));
    }

    @ParameterizedTest
    @MethodSource("rectified")
    void mapsOfRectifiedNetworksAreHiResCamInTheLogitsUnits(Expected expected) throws IOException {
        try (ClassActivationMapper mapper =
                builder(expected).layer(expected.layer()).build()) {
            ActivationMap map = mapper.explain(photo()).map(expected.classIndex());

            float[] scaled = expected.map(1);
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] *= scaled.length;
            }
            assertThat(Arrays32.relativeL2(map.toArray(), scaled)).isLessThan(TOLERANCE);
            assertAddsUp(map, expected);
        }
    }

    private static void assertAddsUp(ActivationMap map, Expected expected) {
        double sum = 0;
        for (float value : map.toArray()) {
            sum += value;
        }
        assertThat(sum / (map.height() * map.width()) + map.bias())
                .isCloseTo(expected.logit(), within(expected.toleranceOfLogit()));
    }

    /** Behind MobileNetV3's pooling lies a hard-swish, in it squeeze-and-excitation: gates that are no derivatives. */
    @ParameterizedTest
    @MethodSource("maps")
    void everyMapAddsUpToTheLogit(Expected expected) throws IOException {
        try (ClassActivationMapper mapper =
                builder(expected).layer(expected.layer()).build()) {
            Explanation explanation = mapper.explain(photo());

            assertThat(explanation.prediction(expected.classIndex()).logit())
                    .isCloseTo(expected.logit(), within(expected.toleranceOfLogit()));
            assertAddsUp(explanation.map(expected.classIndex()), expected);
        }
    }

    @ParameterizedTest
    @MethodSource("maps")
    void gradientMethodsGiveWhatGradientTapeGives(Expected expected) throws IOException {
        try (ClassActivationMapper mapper = builder(expected).build()) {
            Explanation explanation = mapper.explain(photo());
            ExplanationMethod[] methods = {
                GradCam.at(expected.layer()), HiResCam.at(expected.layer()), LayerCam.at(expected.layer())
            };

            for (int i = 0; i < methods.length; i++) {
                ActivationMap map = explanation.map(expected.classIndex(), methods[i]);

                assertThat(map.method()).isEqualTo(methods[i].name());
                assertThat(map.layer()).isEqualTo(expected.layer());
                assertThat(Arrays32.relativeL2(map.toArray(), expected.map(i)))
                        .as(map.method())
                        .isLessThan(expected.tolerance(i));
            }
        }
    }
}
