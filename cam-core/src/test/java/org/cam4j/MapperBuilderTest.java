package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.Preprocessing;
import org.cam4j.keras.ImportedModel;
import org.cam4j.keras.KerasModels;
import org.cam4j.keras.MappedModel;
import org.cam4j.testing.Arrays32;
import org.cam4j.testing.Golden;
import org.cam4j.testing.TestNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MapperBuilderTest {

    private static final Golden GOLDEN = Golden.of("nested_vgg", "k3.keras");

    /** Where models come from. */
    private enum Door {
        FILE,
        READER,
        BYTES,
        STREAM,
        BYTES_OF_ANY_FORMAT,
        STREAM_OF_ANY_FORMAT,
        IMPORTED,
        GRAPH,
        PREPARED;

        private MapperBuilder open(Path model) {
            return switch (this) {
                case FILE -> ClassActivationMapper.fromKeras(model);
                case READER -> ClassActivationMapper.fromKeras(model, KerasModels.reader());
                case BYTES -> ClassActivationMapper.fromKeras(bytes(model));
                case STREAM -> ClassActivationMapper.fromKeras(new ByteArrayInputStream(bytes(model)));
                case BYTES_OF_ANY_FORMAT -> ClassActivationMapper.from(bytes(model));
                case STREAM_OF_ANY_FORMAT -> ClassActivationMapper.from(new ByteArrayInputStream(bytes(model)));
                case IMPORTED -> ClassActivationMapper.of(KerasModels.load(model));
                case GRAPH ->
                    ClassActivationMapper.of(KerasModels.read(model))
                            .inputSize(
                                    (int) GOLDEN.x().size(1), (int) GOLDEN.x().size(2));
                case PREPARED -> ClassActivationMapper.from(prepared(model));
            };
        }

        private static byte[] bytes(Path file) {
            try {
                return Files.readAllBytes(file);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private static Path prepared(Path model) {
            Path file = folder.resolve("model.cam4j");
            try (ClassActivationMapper mapper =
                    ClassActivationMapper.fromKeras(model).build()) {
                mapper.save(file);
            }
            return file;
        }
    }

    @TempDir
    private static Path folder;

    @Test
    void aPreparedModelInMemoryIsRefused() {
        byte[] content = Door.bytes(Door.prepared(GOLDEN.model()));

        assertThatThrownBy(() -> ClassActivationMapper.from(content))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("a prepared model, which is mapped from its file");
    }

    @ParameterizedTest
    @EnumSource
    void twoBuildsOfOneBuilderGiveTheSameBits(Door door) {
        MapperBuilder builder = door.open(GOLDEN.model());
        ModelSummary summary;
        INDArray expected;
        try (ClassActivationMapper first = builder.build()) {
            expected = first.maps(GOLDEN.x(), 0, 1);
            summary = first.summary();
            try (ClassActivationMapper besideIt = builder.build()) {
                assertThat(besideIt.maps(GOLDEN.x(), 0, 1)).isEqualTo(expected);
            }
        }
        try (ClassActivationMapper afterIt =
                builder.preprocessing(Preprocessing.CAFFE).build()) {
            assertThat(afterIt.maps(GOLDEN.x(), 0, 1)).isEqualTo(expected);
            assertThat(afterIt.summary()).isEqualTo(summary);
            assertThat(afterIt.preparation()).isPresent();
        }
    }

    @Test
    void aBuilderWhoseFirstBuildWasRefusedBuildsWithOtherSettings() {
        MapperBuilder builder = ClassActivationMapper.fromKeras(GOLDEN.model());

        assertThatThrownBy(() -> builder.maxNetworkBytes(1).build()).isInstanceOf(UnsupportedModelException.class);

        try (ClassActivationMapper mapper = builder.maxNetworkBytes(1 << 30).build()) {
            assertThat(mapper.maps(GOLDEN.x(), 0).size(0)).isPositive();
        }
    }

    @Test
    void oneBuilderBuildsMappersOfSeveralOutputs() {
        MapperBuilder builder = ClassActivationMapper.fromKeras(Golden.resource("/keras/models/linear_heads/k3.keras"));
        String head;
        INDArray images =
                Nd4j.create(Arrays32.read("/keras/golden/linear_heads.x.bin")).reshape('c', -1, 12, 12, 3);
        INDArray expected;
        try (ClassActivationMapper first = builder.output("joined").build()) {
            expected = first.maps(images, 0);
            head = first.summary().head();
        }
        try (ClassActivationMapper second = builder.output("batch_norm").build()) {
            assertThat(second.summary().head()).isNotEqualTo(head);
        }
        try (ClassActivationMapper again = builder.output("joined").build()) {
            assertThat(again.maps(images, 0)).isEqualTo(expected);
        }
    }

    @Test
    void aGraphThatWasReadForTheMapperAloneIsReleasedWhenItsPlanIsMade() {
        ImportedModel model = KerasModels.load(GOLDEN.model());
        MapperBuilder builder = new MapperBuilder(
                GraphSource.ours(new MappedModel(model, Map.of()), "model", Optional.empty(), ModelSettings.NONE));
        assertThat(model.graph().params().wasClosed()).isFalse();

        try (ClassActivationMapper mapper = builder.build()) {
            assertThat(model.graph().params().wasClosed()).isTrue();
            assertThatIllegalStateException().isThrownBy(mapper::graph).withMessageContaining("keepGraph()");
        }
        assertThatIllegalStateException()
                .isThrownBy(builder::keepGraph)
                .withMessage(
                        "the graph of 'model' was released when the builder built its first mapper: call keepGraph()"
                                + " before that.");
    }

    @Test
    void aGraphIsKeptOnRequest() {
        try (ClassActivationMapper mapper =
                ClassActivationMapper.fromKeras(GOLDEN.model()).keepGraph().build()) {
            assertThat(mapper.graph().output(GOLDEN.x())).isNotEmpty();
        }
    }

    @Test
    void anOutputAndAClassThatDoNotExistAreRefusedAlikeWithTheChoices() {
        MapperBuilder builder = ClassActivationMapper.of(TestNetworks.gap(CNN2DFormat.NHWC))
                .inputSize(TestNetworks.HEIGHT, TestNetworks.WIDTH)
                .labels(Labels.of("panda", "fox", "wolf", "otter", "lion"));
        try (ClassActivationMapper mapper = builder.build()) {
            assertThatThrownBy(() -> builder.output("typo"))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "'DL4J graph' has no output 'typo', only [predictions]: choose one of them by name, or by its"
                                    + " place from 0.");
            assertThatThrownBy(() -> builder.output(1)).isExactlyInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> mapper.labels().indexOf("pan"))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no class is called 'pan' among the 5 labels; close to it: panda.");
        }
    }
}
