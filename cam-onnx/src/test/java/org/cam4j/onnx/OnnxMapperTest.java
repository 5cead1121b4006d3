package org.cam4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.MapperBuilder;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.MapPlacement;
import org.cam4j.image.Preprocessing;
import org.cam4j.onnx.testing.StoredClassifier;
import org.cam4j.onnx.translation.Translation;
import org.cam4j.plan.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX files through the front door, without DL4J, ND4J and HDF5 on the classpath. */
class OnnxMapperTest {

    @TempDir
    private Path folder;

    private static MapperBuilder builder(String name) {
        return ClassActivationMapper.from(StoredClassifier.of(name).file()).preprocessing(Preprocessing.TF);
    }

    private static BufferedImage photo() {
        return photo(3);
    }

    private static BufferedImage photo(long seed) {
        BufferedImage photo = new BufferedImage(60, 50, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(seed);
        for (int i = 0; i < 60 * 50; i++) {
            photo.setRGB(i % 60, i / 60, random.nextInt(1 << 24));
        }
        return photo;
    }

    @Test
    void neitherDl4jNorNd4jNorHdf5AreOnTheClasspath() {
        for (String library : new String[] {
            "org.deeplearning4j.nn.graph.ComputationGraph", "org.nd4j.linalg.api.ndarray.INDArray", "io.jhdf.HdfFile"
        }) {
            assertThatThrownBy(() -> Class.forName(library)).isInstanceOf(ClassNotFoundException.class);
        }
    }

    static Stream<StoredClassifier> everyClassifier() {
        return StoredClassifier.all().stream();
    }

    @ParameterizedTest
    @MethodSource("everyClassifier")
    void mapsOfEveryHeadAddUpToTheLogit(StoredClassifier stored) {
        StoredClassifier.Images images = stored.images();
        MapperBuilder builder = ClassActivationMapper.from(stored.file())
                .preprocessing(images.shape().channels() == 1 ? Preprocessing.TF.grey() : Preprocessing.TF);
        if (builder.needsInputSize()) {
            builder.inputSize(images.shape().height(), images.shape().width());
        }
        if (builder.outputs().size() > 1) {
            builder.output(0);
        }
        try (ClassActivationMapper mapper = builder.build()) {
            Explanation explanation = mapper.explain(photo(), "noise");
            ActivationMap map = explanation.map();
            float[] values = map.toArray();
            double mean = IntStream.range(0, values.length)
                    .mapToDouble(i -> values[i])
                    .average()
                    .orElseThrow();
            assertThat(mean + map.bias()).isCloseTo(explanation.prediction().logit(), within(1e-4));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vit_tv_dyn18", "vit_mean_dyn18", "deit_ts17", "swin_ts17"})
    void tokensAreCellsOfTheImage(String name) {
        try (ClassActivationMapper mapper = builder(name).build()) {
            ActivationMap map = mapper.explain(photo(), "noise").map();
            assertThat(map.height()).isEqualTo(4);
            assertThat(map.width()).isEqualTo(4);
            assertThat(mapper.placement()).isEqualTo(MapPlacement.whole(32, 32));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vit_registers_ts17", "cait_ts17"})
    void registersAndLateClassTokensHaveNoCell(String name) {
        try (ClassActivationMapper mapper = builder(name).build()) {
            ActivationMap map = mapper.explain(photo(), "noise").map();
            assertThat(map.height()).isEqualTo(4);
            assertThat(map.width()).isEqualTo(6);
            assertThat(mapper.placement()).isEqualTo(MapPlacement.whole(32, 48));
        }
    }

    @Test
    void aModelInMemoryIsExplainedAsItsFile() throws IOException {
        StoredClassifier stored = StoredClassifier.of("resnet_basic_dyn18");
        byte[] content = Files.readAllBytes(stored.file());
        float[] expected;
        try (ClassActivationMapper mapper = builder("resnet_basic_dyn18").build()) {
            expected = mapper.explain(photo(), "noise").map().toArray();
        }

        try (ClassActivationMapper ofBytes = ClassActivationMapper.from(content)
                        .preprocessing(Preprocessing.TF)
                        .build();
                ClassActivationMapper ofStream = ClassActivationMapper.from(new ByteArrayInputStream(content))
                        .preprocessing(Preprocessing.TF)
                        .build()) {
            assertThat(ofBytes.explain(photo(), "noise").map().toArray()).isEqualTo(expected);
            assertThat(ofStream.explain(photo(), "noise").map().toArray()).isEqualTo(expected);
            assertThat(ofBytes.summary().model()).isEqualTo("ONNX model");
        }
    }

    @Test
    void aModelInMemoryThatKeepsWeightsInOtherFilesIsRefused() throws IOException {
        byte[] content =
                Files.readAllBytes(StoredClassifier.of("efficientnet_external").file());

        assertThatThrownBy(() -> ClassActivationMapper.from(content))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("are in another file")
                .hasMessageContaining("give the model's path");
    }

    @Test
    void whatIsNoModelInMemoryIsRefused() {
        assertThatThrownBy(() -> ClassActivationMapper.from(new byte[] {8, 7, 18, 2, 1}))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("'ONNX model' is no ONNX file, or a damaged one");
        assertThatThrownBy(() -> ClassActivationMapper.from(getClass().getResourceAsStream("missing.onnx")))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("the stream is null: is the resource on the classpath?");
    }

    @Test
    void shuffledChannelsKeepTheirPlace() {
        try (ClassActivationMapper mapper = builder("shufflenet_ts17").build()) {
            assertThat(mapper.placement()).isInstanceOf(MapPlacement.Placed.class);
        }
    }

    @Test
    void layersAreChosenByTheNamesOfTensorsAndOfNodes() {
        for (String name : new String[] {
            "/layers/layers.0/blocks/blocks.1/Add_1_output_0", "/layers/layers.0/blocks/blocks.1/Add_1"
        }) {
            try (ClassActivationMapper mapper = builder("swin_ts17").layer(name).build()) {
                assertThat(mapper.summary().features()).isEqualTo("/layers/layers.0/blocks/blocks.1/Add_1_output_0");
                assertThat(mapper.explain(photo(), "noise").map().height()).isEqualTo(8);
            }
        }
    }

    private static boolean isPrintable(String name) {
        return name.chars().noneMatch(Character::isISOControl);
    }

    @ParameterizedTest
    @ValueSource(strings = {"quantized_static", "quantized_dynamic"})
    void stepsOfQuantizedModelsAreNamedByTheirTensors(String name) {
        StoredClassifier stored = StoredClassifier.of(name);
        StoredClassifier.Images images = stored.images();
        Translation translation = stored.model()
                .translation(images.shape().height(), images.shape().width());
        assertThat(translation.plan().steps()).map(Step::name).allMatch(OnnxMapperTest::isPrintable);
        assertThat(translation.tensors().keySet()).allMatch(OnnxMapperTest::isPrintable);
    }

    @Test
    void theSummaryNamesTheTensors() {
        try (ClassActivationMapper mapper = builder("yolo_cls_ts17").build()) {
            assertThat(mapper.summary().features()).isEqualTo("/conv/act/Mul_output_0");
            assertThat(mapper.summary().lastConvolution()).isEqualTo("/conv/conv/Conv_output_0");
        }
    }

    @Test
    void openSizesTakePhotosOfSeveralSizes() {
        MapperBuilder builder = builder("hand_shape_arithmetic");
        assertThat(builder.needsInputSize()).isTrue();
        try (ClassActivationMapper mapper = builder.inputSize(40, 32).build()) {
            assertThat(mapper.explain(photo(), "usual").map().height()).isEqualTo(10);
            assertThat(mapper.explain(photo(), "other", 64, 48).map().height()).isEqualTo(16);
        }
    }

    @Test
    void aPreparedOnnxModelGivesTheSameMap() {
        Path prepared = folder.resolve("model.cam4j");
        ActivationMap before;
        try (ClassActivationMapper mapper = builder("resnet_basic_dyn18").build()) {
            mapper.save(prepared);
            before = mapper.explain(photo(), "noise").map();
        }
        try (ClassActivationMapper mapper = ClassActivationMapper.open(prepared)) {
            ActivationMap after = mapper.explain(photo(), "noise").map();
            for (int i = 0; i < before.height() * before.width(); i++) {
                assertThat(after.at(i / before.width(), i % before.width()))
                        .isEqualTo(before.at(i / before.width(), i % before.width()));
            }
        }
    }

    @Test
    void theContentDecidesWhateverTheName() throws Exception {
        Path renamed = folder.resolve("model.bin");
        Files.copy(StoredClassifier.of("resnet_basic_dyn18").file(), renamed);
        try (ClassActivationMapper mapper = ClassActivationMapper.from(renamed).build()) {
            assertThat(mapper.summary().classes()).isEqualTo(10);
        }
    }

    @Test
    void severalOutputsOfClassesMustBeChosenFrom() {
        MapperBuilder builder = builder("hand_two_outputs");
        assertThatThrownBy(builder::build)
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("2 outputs");
        assertThat(builder.outputs()).hasSize(3);
        try (ClassActivationMapper mapper = builder.output(1).build()) {
            assertThat(mapper.summary().classes()).isEqualTo(4);
        }
    }

    @Test
    void aMissingFileIsRefusedInWords() {
        assertThatThrownBy(() -> ClassActivationMapper.from(folder.resolve("none.onnx")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("none.onnx");
    }
}
