package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.Fit;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;
import org.cam4j.testing.Arrays32;
import org.cam4j.testing.Golden;
import org.cam4j.training.GapNetwork;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Heads that are linear behind their poolings, as Keras writes them: {@code keras_heads.py} made the model and the values. */
class LinearHeadsTest {

    private static final double TOLERANCE = 1e-5;
    private static final int CLASSES = 5;
    private static final int[] ALL = IntStream.range(0, CLASSES).toArray();
    private static final int IMAGES = 2;
    private static final int CELLS = 16;

    /** In the order of the model's outputs. */
    private static final List<String> HEADS = List.of(
            "batch_norm",
            "two_dense",
            "joined",
            "joined_labels",
            "joined_with_itself",
            "joined_maps",
            "added_features",
            "added_logits",
            "subtracted_logits",
            "several_dropouts",
            "shared_dense",
            "temperature",
            "rescaled",
            "pointwise",
            "class_maps",
            "normalized_class_maps",
            "rectified_class_maps");

    private static final INDArray IMAGES_OF_NOISE =
            Nd4j.create(Arrays32.read("/keras/golden/linear_heads.x.bin"), new long[] {IMAGES, 12, 12, 3}, 'c');

    private static MapperBuilder model(String format) {
        return ClassActivationMapper.fromKeras(Golden.resource("/keras/models/linear_heads/" + format))
                .keepGraph();
    }

    static Stream<Arguments> heads() {
        return HEADS.stream()
                .flatMap(head -> Stream.of("k2.keras", "k3.keras").map(format -> Arguments.of(head, format)));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void mapsAndLogitsAreThoseOfKeras(String head, String format) {
        try (ClassActivationMapper mapper = model(format).output(head).build()) {
            assertIsExact(head, mapper);
            assertThat(mapper.plan()).as(mapper.engine()).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"joined", "added_logits", "several_dropouts", "normalized_class_maps"})
    void nd4jComputesTheSame(String head) {
        try (ClassActivationMapper mapper =
                model("k3.keras").output(head).engine("ND4J").build()) {
            assertIsExact(head, mapper);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"joined", "added_logits", "temperature"})
    void aPreparedModelComputesTheSame(String head, @TempDir Path folder) {
        Path file = folder.resolve("head.cam4j");
        try (ClassActivationMapper mapper = model("k2.keras").output(head).build()) {
            mapper.save(file);
        }

        try (ClassActivationMapper mapper = ClassActivationMapper.open(file)) {
            assertIsExact(head, mapper);
        }
    }

    private static void assertIsExact(String head, ClassActivationMapper mapper) {
        float[] logits = part("logits", head, IMAGES * CLASSES);
        Activations activations = mapper.activations(IMAGES_OF_NOISE);
        float[] found = new float[logits.length];
        System.arraycopy(activations.logits(0), 0, found, 0, CLASSES);
        System.arraycopy(activations.logits(1), 0, found, CLASSES, CLASSES);
        assertThat(Arrays32.relativeL2(found, logits)).isLessThan(TOLERANCE);

        INDArray maps = activations.maps(ALL);
        assertThat(Arrays32.relativeL2(
                        maps.permute(0, 2, 3, 1).dup('c').data().asFloat(),
                        part("maps", head, IMAGES * CELLS * CLASSES)))
                .isLessThan(TOLERANCE);
        INDArray sums = maps.mean(2, 3).addRowVector(mapper.denseBias());
        for (int i = 0; i < logits.length; i++) {
            assertThat(sums.getFloat(i / CLASSES, i % CLASSES)).isCloseTo(logits[i], within(1e-4f));
        }
        assertThat(mapper.denseWeights().shape())
                .containsExactly(mapper.summary().channels(), CLASSES);
    }

    private static float[] part(String what, String head, int size) {
        float[] all = Arrays32.read("/keras/golden/linear_heads." + what + ".bin");
        int start = HEADS.indexOf(head) * size;
        return Arrays.copyOfRange(all, start, start + size);
    }

    @ParameterizedTest
    @CsvSource({
        "joined,                a + b,        a + b,  10",
        "joined_with_itself,    b,            b,      4",
        "added_logits,          a + b,        a + b,  10",
        "class_maps,            b,            b,      4",
        "normalized_class_maps, bn_classes,   classes, 5",
        "rectified_class_maps,  relu_classes, classes, 5"
    })
    void summaryNamesThePooledLayers(String head, String features, String lastConvolution, int channels) {
        try (ClassActivationMapper mapper = model("k3.keras").output(head).build()) {
            assertThat(mapper.summary().features()).isEqualTo(features);
            assertThat(mapper.summary().lastConvolution()).isEqualTo(lastConvolution);
            assertThat(mapper.summary().channels()).isEqualTo(channels);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hidden", "rectified", "layer_norm", "maximum", "product", "flat", "flat_rectified", "sizes"})
    void mapsOfOtherHeadsAddUpToo(String head) {
        try (ClassActivationMapper mapper = model("k3.keras").output(head).build()) {
            Activations activations = mapper.activations(Nd4j.rand(DataType.FLOAT, 2, 12, 12, 3));
            for (int image = 0; image < 2; image++) {
                float[] logits = activations.logits(image);
                for (int c = 0; c < logits.length; c++) {
                    Activations.ClassMap map = activations.classMap(image, c);
                    double sum = 0;
                    for (float value : map.values()) {
                        sum += value;
                    }
                    assertThat(sum / map.values().length + map.bias())
                            .as("class %s of image %s", c, image)
                            .isCloseTo(logits[c], within(1e-4 * Math.max(1, Math.abs(logits[c]))));
                }
            }
            assertThatThrownBy(mapper::denseWeights)
                    .isInstanceOf(UnsupportedModelException.class)
                    .hasMessageContaining("is not linear");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "probabilities  | dense layer 'first' (4 -> 5) with the activation 'softmax' stands between pooling",
                "extractor      | has no classes: it is a feature extractor"
            })
    void whatHasNoMapIsRefusedInTheWordsOfKeras(String head, String words) {
        MapperBuilder builder = model("k3.keras").output(head);

        assertThatThrownBy(builder::build)
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining(words)
                .hasMessageNotContaining("Vertex");
    }

    @Test
    void aWrongOutputNamesTenOfThoseThatThereAre() {
        assertThatThrownBy(() -> model("k3.keras").output("typo"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no output 'typo', only [batch_norm, two_dense, joined,")
                .hasMessageContaining("several_dropouts and 17 more]");
    }

    /** A network for new classes has one plain head, whatever was folded. */
    @ParameterizedTest
    @ValueSource(strings = {"joined", "batch_norm", "added_logits"})
    void chosenClassesKeepTheirMaps(String head, @TempDir Path folder) {
        ImagePreparation preparation =
                new ImagePreparation(12, 12, 3, Preprocessing.UNIT, Interpolation.BILINEAR, Fit.SQUASH);
        try (ClassActivationMapper mapper = model("k3.keras").output(head).build()) {
            ComputationGraph graph = mapper.graph();
            graph.getConfiguration().setNetworkOutputs(List.of(head));
            GapNetwork network = new GapNetwork(graph, Labels.numbered(CLASSES), preparation);

            GapNetwork selected = network.selectClasses(4, 1);

            INDArray expected = mapper.maps(IMAGES_OF_NOISE, 4, 1);
            Path file = folder.resolve("selected.keras");
            selected.save(file);
            try (ClassActivationMapper some = selected.mapper();
                    ClassActivationMapper back =
                            ClassActivationMapper.fromKeras(file).build()) {
                assertThat(Golden.distance(some.maps(IMAGES_OF_NOISE, 0, 1), expected))
                        .isLessThan(TOLERANCE);
                assertThat(Golden.distance(back.maps(IMAGES_OF_NOISE, 0, 1), expected))
                        .isLessThan(TOLERANCE);
            }
        }
    }
}
