package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
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
 * keras_gradients.py} made them, and the maps in float64.
 */
class KerasGradientsTest {

    private static final double TOLERANCE = 1e-4;
    private static final int SIZE = 32;
    private static final float[] VALUES = Arrays32.read("/keras/golden/gradients.bin");

    /** The logit and the maps of one network, layer and class; {@code first} is their place in the file. */
    private record Expected(String network, String layer, int classIndex, int height, int width, int first) {

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
        for (String line : Files.readAllLines(Golden.resource("/keras/golden/gradients.csv"))) {
            String[] cells = line.split(",", -1);
            if (!cells[0].equals("network")) {
                int height = Integer.parseInt(cells[3]);
                int width = Integer.parseInt(cells[4]);
                maps.add(new Expected(cells[0], cells[1], Integer.parseInt(cells[2]), height, width, first));
                first += 1 + 3 * height * width;
            }
        }
        assertThat(first).isEqualTo(VALUES.length);
        return maps.stream();
    }

    private static BufferedImage photo() throws IOException {
        byte[] pixels = Files.readAllBytes(Golden.resource("/keras/golden/gradients.x.bin"));
        BufferedImage photo = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < SIZE * SIZE; i++) {
            int red = pixels[3 * i] & 0xFF;
            int green = pixels[3 * i + 1] & 0xFF;
            photo.setRGB(i % SIZE, i / SIZE, (red << 16) | (green << 8) | (pixels[3 * i + 2] & 0xFF));
        }
        return photo;
    }

    private static MapperBuilder builder(Expected expected) {
        return ClassActivationMapper.fromKeras(
                        Golden.resource("/keras/models/gradients/" + expected.network() + ".keras"))
                .preprocessing(Preprocessing.NONE);
    }

    /** Where only ReLUs and max poolings curve, a held gate is the derivative, and the map is HiResCAM's in the logit's units. */
    static Stream<Expected> rectified() throws IOException {
        return maps().filter(map -> !map.network().equals("mobilenet_v3"));
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
        double scale = Math.max(1, Math.abs(expected.logit()));
        assertThat(sum / (map.height() * map.width()) + map.bias())
                .isCloseTo(expected.logit(), within(TOLERANCE * scale));
    }

    /** Behind MobileNetV3's pooling lies a hard-swish, in it squeeze-and-excitation: gates that are no derivatives. */
    @ParameterizedTest
    @MethodSource("maps")
    void everyMapAddsUpToTheLogit(Expected expected) throws IOException {
        try (ClassActivationMapper mapper =
                builder(expected).layer(expected.layer()).build()) {
            Explanation explanation = mapper.explain(photo());

            assertThat(explanation.prediction(expected.classIndex()).logit())
                    .isCloseTo(expected.logit(), within(TOLERANCE * Math.max(1, Math.abs(expected.logit()))));
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
                        .isLessThan(TOLERANCE);
            }
        }
    }
}
