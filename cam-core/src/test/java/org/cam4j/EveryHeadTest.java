package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.cam4j.image.Preprocessing;
import org.cam4j.testing.Arrays32;
import org.cam4j.testing.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads of every kind, as Keras writes them: {@code keras_every_head.py} made the model, and the maps in float64 with gates held. */
class EveryHeadTest {

    private static final double TOLERANCE = 1e-4;
    private static final int SIZE = 12;
    private static final int PHOTOS = 2;

    /**
     * The maps of one head and one target layer.
     *
     * @param target the layer that is mapped
     * @param activation softmax, sigmoid or linear
     * @param outputs the head's outputs
     * @param first the place of its values in the file: logits, probabilities, biases, maps
     */
    private record Expected(
            String head, String target, String activation, int outputs, int height, int width, int first) {

        private float[] values(int start, int length) {
            return Arrays.copyOfRange(VALUES, first + start, first + start + length);
        }

        float logit(int photo, int output) {
            return VALUES[first + photo * outputs + output];
        }

        float probability(int photo, int output) {
            return VALUES[first + (PHOTOS + photo) * outputs + output];
        }

        float bias(int photo, int output) {
            return VALUES[first + (2 * PHOTOS + photo) * outputs + output];
        }

        float[] map(int photo, int output) {
            int cells = height * width;
            return values(3 * PHOTOS * outputs + (photo * outputs + output) * cells, cells);
        }

        int length() {
            return PHOTOS * outputs * (3 + height * width);
        }

        @Override
        public String toString() {
            return head + " at " + target;
        }
    }

    private static final float[] VALUES = Arrays32.read("/keras/golden/every_head.bin");

    static Stream<Expected> maps() throws IOException {
        List<Expected> maps = new ArrayList<>();
        int first = 0;
        for (String line : Files.readAllLines(Golden.resource("/keras/golden/every_head.csv"))) {
            String[] cells = line.split(",", -1);
            if (!cells[0].equals("head")) {
                Expected map = new Expected(
                        cells[0],
                        cells[1],
                        cells[2],
                        Integer.parseInt(cells[3]),
                        Integer.parseInt(cells[4]),
                        Integer.parseInt(cells[5]),
                        first);
                maps.add(map);
                first += map.length();
            }
        }
        assertThat(first).isEqualTo(VALUES.length);
        return maps.stream();
    }

    private static List<BufferedImage> photos() throws IOException {
        byte[] pixels = Files.readAllBytes(Golden.resource("/keras/golden/every_head.x.bin"));
        List<BufferedImage> photos = new ArrayList<>();
        for (int n = 0; n < PHOTOS; n++) {
            BufferedImage photo = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
            for (int i = 0; i < SIZE * SIZE; i++) {
                int at = (n * SIZE * SIZE + i) * 3;
                photo.setRGB(
                        i % SIZE,
                        i / SIZE,
                        ((pixels[at] & 0xFF) << 16) | ((pixels[at + 1] & 0xFF) << 8) | (pixels[at + 2] & 0xFF));
            }
            photos.add(photo);
        }
        return photos;
    }

    private static MapperBuilder builder(Expected expected) {
        return ClassActivationMapper.fromKeras(Golden.resource("/keras/models/every_head/k3.keras"))
                .output(expected.head())
                .layer(expected.target())
                .preprocessing(Preprocessing.NONE);
    }

    @ParameterizedTest
    @MethodSource("maps")
    void mapsAreThoseOfHeldGatesAndAddUpToTheLogits(Expected expected) throws IOException {
        try (ClassActivationMapper mapper = builder(expected).build()) {
            List<Explanation> explanations = mapper.explain(photos());
            for (int photo = 0; photo < PHOTOS; photo++) {
                for (int output = 0; output < expected.outputs(); output++) {
                    // A single output is the score of class 1; class 0 has its negation.
                    int index = expected.outputs() == 1 ? 1 : output;
                    assertIsExpected(explanations.get(photo), index, expected, photo, output);
                }
            }
        }
    }

    private static void assertIsExpected(Explanation explanation, int index, Expected expected, int photo, int output) {
        ActivationMap map = explanation.map(index);
        float logit = expected.logit(photo, output);
        float scale = Math.max(1, Math.abs(logit));
        assertThat(map.layer()).isEqualTo(expected.target());
        assertThat(map.height()).isEqualTo(expected.height());
        assertThat(map.width()).isEqualTo(expected.width());
        assertThat(Arrays32.relativeL2(map.toArray(), expected.map(photo, output)))
                .isLessThan(TOLERANCE);
        assertThat(map.bias()).isCloseTo(expected.bias(photo, output), within((float) TOLERANCE * scale));
        assertThat((float) mean(map) + map.bias()).isCloseTo(logit, within((float) TOLERANCE * scale));
        assertThat(explanation.prediction(index).logit()).isCloseTo(logit, within(TOLERANCE * scale));
        if (!expected.activation().equals("linear")) {
            assertThat(explanation.prediction(index).probability())
                    .isCloseTo(expected.probability(photo, output), within(TOLERANCE));
        }
    }

    private static double mean(ActivationMap map) {
        double sum = 0;
        for (float value : map.toArray()) {
            sum += value;
        }
        return sum / (map.height() * map.width());
    }

    /** The first target layer of a head that has one map is the one that is found. */
    static Stream<Expected> usual() throws IOException {
        Set<String> heads = new HashSet<>();
        return maps().filter(map -> heads.add(map.head()) && !map.head().startsWith("two_backbones"));
    }

    @ParameterizedTest
    @MethodSource("usual")
    void theLastLayerWithCellsIsTheTarget(Expected expected) throws IOException {
        try (ClassActivationMapper mapper = ClassActivationMapper.fromKeras(
                        Golden.resource("/keras/models/every_head/k3.keras"))
                .output(expected.head())
                .preprocessing(Preprocessing.NONE)
                .build()) {
            Explanation explanation = mapper.explain(photos().get(1));

            assertThat(mapper.summary().features()).isEqualTo(expected.target());
            assertIsExpected(explanation, expected.outputs() == 1 ? 1 : 0, expected, 1, 0);
        }
    }

    /** Features of one size, side by side: their maps and the logit add up. */
    @Test
    void mapsOfTwoBackbonesOfOneSizeAreAdded() throws IOException {
        List<Expected> backbones =
                maps().filter(map -> map.head().equals("two_backbones")).toList();
        try (ClassActivationMapper mapper = ClassActivationMapper.fromKeras(
                        Golden.resource("/keras/models/every_head/k3.keras"))
                .output("two_backbones")
                .preprocessing(Preprocessing.NONE)
                .build()) {
            ActivationMap map = mapper.explain(photos().get(0)).map(3);

            float[] sum = backbones.get(0).map(0, 3);
            float[] other = backbones.get(1).map(0, 3);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += other[i];
            }
            assertThat(Arrays32.relativeL2(map.toArray(), sum)).isLessThan(TOLERANCE);
            assertThat(mean(map) + map.bias()).isCloseTo(backbones.get(0).logit(0, 3), within(TOLERANCE));
        }
    }

    static Stream<Expected> binary() throws IOException {
        return maps().filter(map -> map.outputs() == 1);
    }

    @ParameterizedTest
    @MethodSource("binary")
    void aSingleOutputIsTwoClassesOfOppositeMaps(Expected expected) throws IOException {
        try (ClassActivationMapper mapper = builder(expected).build()) {
            Explanation explanation = mapper.explain(photos().get(0));

            assertThat(mapper.labels().size()).isEqualTo(2);
            assertThat(explanation.prediction(0).probability())
                    .isCloseTo(1 - expected.probability(0, 0), within(TOLERANCE));
            float[] against = explanation.map(0).toArray();
            float[] speaksFor = explanation.map(1).toArray();
            for (int i = 0; i < against.length; i++) {
                assertThat(against[i]).isEqualTo(-speaksFor[i]);
            }
            assertThat(explanation.map(0).bias()).isEqualTo(-explanation.map(1).bias());
        }
    }
}
