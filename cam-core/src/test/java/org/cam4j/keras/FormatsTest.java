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

    static Stream<Arguments> layers() {
        Stream<Arguments> common = inEach(
                List.of("k2.h5", "k3.h5", "k3.keras"),
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
                "mini_shared",
                "mini_se",
                "mini_groups",
                "mini_gelu",
                "mini_resize",
                "layers_gates",
                "layers_more_activations",
                "layers_normalizations",
                "layers_convolutions",
                "layers_sizes",
                "layers_preprocessing",
                "layers_operations",
                "layers_mean_head");
        Stream<Arguments> ofKeras2 = inEach(
                List.of("k2.h5"),
                "layers_activations",
                "layers_merges",
                "layers_keepdims",
                "layers_reshapes",
                "layers_open_size",
                "layers_sequential",
                "layers_preprocessing_lambdas");
        Stream<Arguments> functions = inEach(
                List.of("k2.keras", "k3.keras"),
                "layers_reductions",
                "layers_group_normalizations",
                "layers_unit_lengths",
                "layers_aspect_ratios",
                "layers_kept_ratio",
                "layers_joined_image",
                "layers_pooled_reshape");
        Stream<Arguments> pieces = inEach(List.of("k2.h5", "k3.keras"), "layers_pieces");
        return Stream.of(common, ofKeras2, functions, pieces).flatMap(all -> all);
    }

    private static Stream<Arguments> inEach(List<String> formats, String... names) {
        return Stream.of(names).flatMap(name -> formats.stream().map(format -> Arguments.of(name, format)));
    }

    static Stream<Arguments> structures() {
        return inEach(
                FORMATS, "nested_vgg", "flat_vgg", "nested_twice", "nested_deep", "heads", "open_size", "grey_wide");
    }

    @ParameterizedTest
    @MethodSource({"layers", "structures"})
    void graphComputesWhatKerasComputes(String name, String format) {
        assertClose(Golden.of(name, format));
    }

    static Stream<Arguments> halfPrecision() {
        return Stream.of(
                        inEach(List.of("k2.h5", "k3.h5", "k3.keras"), "mini_mixed16", "mini_float16"),
                        inEach(FORMATS, "mixed_bfloat16"),
                        inEach(List.of("k3.keras"), "bfloat16"))
                .flatMap(all -> all);
    }

    /** What Keras computes in float32 with the weights in the file. */
    @ParameterizedTest
    @MethodSource("halfPrecision")
    void halfPrecisionIsComputedInSinglePrecision(String name, String format) {
        assertClose(Golden.of(name, format));
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

    private static void assertClose(Golden golden) {
        ComputationGraph graph = KerasModels.read(golden.model());
        assertThat(Golden.distance(graph.output(golden.x())[0], golden.y())).isLessThan(TOLERANCE);
        assertThat(Golden.distance(graph.feedForward(golden.x(), false).get(golden.layer()), golden.activation()))
                .isLessThan(TOLERANCE);
    }
}
