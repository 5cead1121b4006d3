package org.cam4j.keras;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.cam4j.testing.Golden;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The same models in every format that Keras writes. */
class FormatsTest {

    private static final double TOLERANCE = 1e-5;

    private static final List<String> FORMATS = List.of("k2.h5", "k2.keras", "k3.h5", "k3.keras");

    private static final List<String> LAYERS = List.of(
            "mini_gap",
            "mini_flatten",
            "mini_hwcrect",
            "mini_gmp",
            "mini_sep",
            "mini_sepnobias",
            "mini_sepdm2",
            "mini_sepstride",
            "mini_dw",
            "mini_dwdm2",
            "mini_maxsame",
            "mini_avgsame",
            "mini_crop",
            "mini_relu6",
            "mini_multiout",
            "mini_shared");

    private static final List<String> STRUCTURES =
            List.of("nested_vgg", "flat_vgg", "nested_twice", "nested_deep", "heads", "open_size", "grey_wide");

    static Stream<Arguments> modelsOfKeras3() {
        return LAYERS.stream()
                .flatMap(name -> Stream.of("k3.h5", "k3.keras").map(format -> Arguments.of(name, format)));
    }

    static Stream<Arguments> structures() {
        return STRUCTURES.stream().flatMap(name -> FORMATS.stream().map(format -> Arguments.of(name, format)));
    }

    @ParameterizedTest
    @MethodSource({"modelsOfKeras3", "structures"})
    void graphComputesWhatKerasComputes(String name, String format) {
        assertClose(Golden.of(name, format), TOLERANCE);
    }

    static Stream<Arguments> halfPrecision() {
        Stream<Arguments> halves = Stream.of("mini_mixed16", "mini_float16")
                .flatMap(name -> Stream.of("k2.h5", "k3.h5", "k3.keras").map(format -> Arguments.of(name, format)));
        Stream<Arguments> brainFloats = FORMATS.stream().map(format -> Arguments.of("mixed_bfloat16", format));
        return Stream.of(halves, brainFloats, Stream.of(Arguments.of("bfloat16", "k3.keras")))
                .flatMap(all -> all);
    }

    /** What Keras computes in float32 with the weights in the file. */
    @ParameterizedTest
    @MethodSource("halfPrecision")
    void halfPrecisionIsComputedInSinglePrecision(String name, String format) {
        assertClose(Golden.of(name, format), TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("structures")
    void bytesAndStreamsAreReadAsFilesAre(String name, String format) throws IOException {
        Golden golden = Golden.of(name, format);
        INDArray expected = KerasModels.read(golden.model()).output(golden.x())[0];

        ComputationGraph fromBytes =
                KerasModels.load(Files.readAllBytes(golden.model())).graph();
        ComputationGraph fromStream = KerasModels.load(
                        getClass().getResourceAsStream("/keras/models/" + name + "/" + format))
                .graph();

        assertThat(fromBytes.output(golden.x())[0]).isEqualTo(expected);
        assertThat(fromStream.output(golden.x())[0]).isEqualTo(expected);
    }

    private static void assertClose(Golden golden, double tolerance) {
        ComputationGraph graph = KerasModels.read(golden.model());
        assertThat(Golden.distance(graph.output(golden.x())[0], golden.y())).isLessThan(tolerance);
        assertThat(Golden.distance(graph.feedForward(golden.x(), false).get(golden.layer()), golden.activation()))
                .isLessThan(tolerance);
    }
}
