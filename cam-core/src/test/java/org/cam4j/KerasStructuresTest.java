package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.Preprocessing;
import org.cam4j.keras.ImportedModel;
import org.cam4j.keras.KerasModels;
import org.cam4j.testing.Arrays32;
import org.cam4j.testing.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Class activation maps of models that are put together in the ways that Keras allows. */
class KerasStructuresTest {

    private static final double TOLERANCE = 1e-5;
    private static final int[] ALL = {0, 1, 2, 3, 4, 5, 6};

    /** By the engine that the mapper chose; DL4J's own layers are compared elsewhere. */
    @ParameterizedTest
    @CsvSource({
        "layers_gates, k2.h5",
        "layers_mean_head, k3.h5",
        "layers_more_activations, k2.h5",
        "layers_preprocessing, k2.h5",
        "layers_preprocessing, k3.keras",
        "layers_preprocessing_lambdas, k2.h5",
        "layers_sequential, k2.h5",
        "mini_avgsame, k2.h5",
        "mini_crop, k2.h5",
        "mini_dwdm2, k3.keras",
        "mini_float16, k2.h5",
        "mini_gelu, k2.h5",
        "mini_groups, k2.h5",
        "mini_hwcrect, k2.h5",
        "mini_maxsame, k2.h5",
        "mini_mixed16, k3.h5",
        "mini_relu6, k2.h5",
        "mini_resize, k2.h5",
        "mini_se, k2.h5",
        "mini_sepdm2, k2.h5",
        "mini_sepstride, k2.h5",
        "mini_shared, k2.h5",
        "nested_deep, k3.keras",
        "nested_twice, k2.keras"
    })
    void mapperComputesTheScoresThatKerasComputes(String name, String format) {
        Golden golden = Golden.of(name, format);
        try (ClassActivationMapper mapper =
                ClassActivationMapper.fromKeras(golden.model()).build()) {
            Activations activations = mapper.activations(golden.x());
            INDArray logits = Nd4j.create(new float[][] {activations.logits(0), activations.logits(1)});
            INDArray scores =
                    switch (mapper.summary().activation()) {
                        case SOFTMAX -> Transforms.softmax(logits, true);
                        case SIGMOID -> Transforms.sigmoid(logits, true);
                        case NONE -> logits;
                    };
            assertThat(Golden.distance(scores, golden.y())).isLessThan(TOLERANCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"k2.h5", "k2.keras", "k3.h5", "k3.keras"})
    void nestedBaseWithPoolingDropoutDenseAndSoftmaxIsExplained(String format) {
        Golden golden = Golden.of("nested_vgg", format);
        try (ClassActivationMapper mapper =
                ClassActivationMapper.fromKeras(golden.model()).build()) {
            assertThat(mapper.summary().features()).isEqualTo("block5_conv4");
            assertThat(mapper.summary().head()).isEqualTo("scores");
            assertThat(mapper.summary().notes())
                    .contains("inlined: the nested model 'vgg19', 20 layers")
                    .contains("dropped: layer 'drop' (Dropout), which does nothing at inference");
            assertThat(Golden.distance(mapper.convActivations(golden.x()), golden.activation()))
                    .isLessThan(TOLERANCE);
            // The recipe's dot product: activations times the dense layer's kernel.
            INDArray expected = Nd4j.tensorMmul(golden.activation(), mapper.denseWeights(), new int[][] {{3}, {0}});
            assertThat(Golden.distance(mapper.maps(golden.x(), ALL), expected.permute(0, 3, 1, 2)))
                    .isLessThan(TOLERANCE);
        }
    }

    @Test
    void recipeByOffsetsComesOutTheSame() {
        Golden golden = Golden.of("flat_vgg", "k2.h5");
        // model.layers[-6].get_output_at(1) is block5_conv4, model.layers[-2] the dense layer.
        INDArray recipe = Nd4j.create(Arrays32.read("/keras/golden/flat_vgg.recipe.bin"), new long[] {2, 4, 4, 7}, 'c');
        try (ClassActivationMapper mapper =
                ClassActivationMapper.fromKeras(golden.model()).keepGraph().build()) {
            INDArray activations = mapper.graph().feedForward(golden.x(), false).get("block5_conv4");

            INDArray map = Nd4j.tensorMmul(activations, mapper.denseWeights(), new int[][] {{3}, {0}});

            assertThat(Golden.distance(map, recipe)).isLessThan(TOLERANCE);
            // Behind the convolution is a last pooling, of whose maps the identity holds.
            assertThat(mapper.summary().features()).isEqualTo("block5_pool");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"k2.h5", "k2.keras", "k3.h5", "k3.keras"})
    void oneOfSeveralOutputsIsExplained(String format) {
        Golden golden = Golden.of("heads", format);
        MapperBuilder builder = ClassActivationMapper.fromKeras(golden.model()).keepGraph();
        assertThatThrownBy(builder::build)
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("2 outputs")
                .hasMessageContaining("Choose one by its name or place");
        assertThatThrownBy(() -> builder.output("nobody"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only [species, box]");
        assertThatThrownBy(() -> builder.output(2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no output 2, only [species, box]");

        try (ClassActivationMapper byName = builder.output("species").build();
                ClassActivationMapper byPlace = builder.output(0).build()) {
            INDArray maps = byName.maps(golden.x(), 0, 4);
            assertThat(byName.summary().head()).isEqualTo("species");
            assertThat(byPlace.maps(golden.x(), 0, 4)).isEqualTo(maps);
        }
        try (ClassActivationMapper other = builder.output("box").build()) {
            assertThat(other.summary().head()).isEqualTo("box_dense");
        }
    }

    @Test
    void readerKeepsOnlyTheChosenOutput() {
        Golden golden = Golden.of("heads", "k3.keras");

        ImportedModel model = KerasModels.reader().withOutput("species").load(golden.model());

        assertThat(model.outputs()).containsExactly("species");
        assertThat(model.graph().getVertices())
                .extracting(vertex -> vertex.getVertexName())
                .doesNotContain("box_dense");
        assertThat(Golden.distance(model.graph().output(golden.x())[0], golden.y()))
                .isLessThan(TOLERANCE);
        assertThatThrownBy(() -> KerasModels.reader().withOutput(7).load(golden.model()))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("it has no output 7, only [species, box]");
    }

    @Test
    void oneMapperExplainsSeveralSizesWhereTheModelLeavesThemOpen() {
        Golden golden = Golden.of("open_size", "k3.keras");
        assertThatThrownBy(() -> ClassActivationMapper.fromKeras(golden.model()).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("inputSize(height, width)");
        try (ClassActivationMapper mapper = ClassActivationMapper.fromKeras(golden.model())
                .inputSize(24, 16)
                .preprocessing(Preprocessing.UNIT)
                .build()) {
            assertThat(Golden.distance(mapper.convActivations(golden.x()), golden.activation()))
                    .isLessThan(TOLERANCE);
            assertThat(mapper.maps(Nd4j.zeros(1, 24, 16, 3), 0).shape()).containsExactly(1, 1, 11, 7);

            BufferedImage photo = new BufferedImage(60, 40, BufferedImage.TYPE_INT_RGB);
            assertThat(mapper.explain(photo).map().height()).isEqualTo(11);
            ActivationMap map = mapper.explain(photo, 40, 60).map();
            assertThat(map.height()).isEqualTo(19);
            assertThat(map.width()).isEqualTo(29);
        }
    }

    @Test
    void fixedSizeStaysFixed() {
        Golden golden = Golden.of("grey_wide", "k3.keras");
        try (ClassActivationMapper mapper = ClassActivationMapper.fromKeras(golden.model())
                .preprocessing(Preprocessing.UNIT)
                .build()) {
            BufferedImage photo = new BufferedImage(60, 40, BufferedImage.TYPE_INT_RGB);
            assertThat(mapper.explain(photo).map().width()).isEqualTo(20);
            assertThatThrownBy(() -> mapper.explain(photo, 40, 60))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("takes images of 12x22, not 40x60");
        }
    }

    @Test
    void modelComesFromTheClasspathOrFromMemory() throws IOException {
        Golden golden = Golden.of("nested_deep", "k3.keras");
        try (ClassActivationMapper fromStream = ClassActivationMapper.fromKeras(
                                getClass().getResourceAsStream("/keras/models/nested_deep/k3.keras"))
                        .build();
                ClassActivationMapper fromBytes = ClassActivationMapper.fromKeras(Files.readAllBytes(golden.model()))
                        .build()) {
            assertThat(Golden.distance(fromStream.convActivations(golden.x()), golden.activation()))
                    .isLessThan(TOLERANCE);
            assertThat(fromBytes.maps(golden.x(), 1)).isEqualTo(fromStream.maps(golden.x(), 1));
        }
    }
}
