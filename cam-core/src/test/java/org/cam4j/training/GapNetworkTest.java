package org.cam4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cam4j.Activations;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Labels;
import org.cam4j.exception.ModelFileException;
import org.cam4j.image.Fit;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;
import org.cam4j.testing.TestNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GapNetworkTest {

    private static final ImagePreparation PREPARATION = new ImagePreparation(
            TestNetworks.HEIGHT,
            TestNetworks.WIDTH,
            3,
            Preprocessing.TORCH.bgr(),
            Interpolation.NEAREST,
            Fit.CENTER_CROP);
    private static final Labels LABELS = Labels.of("ape", "bear", "cat", "#dog", "emu");

    @TempDir
    Path folder;

    private static GapNetwork network(CNN2DFormat format) {
        return new GapNetwork(TestNetworks.gap(format), LABELS, PREPARATION);
    }

    private static INDArray images() {
        return Nd4j.rand(DataType.FLOAT, 2, TestNetworks.HEIGHT, TestNetworks.WIDTH, 3)
                .muli(2)
                .subi(1);
    }

    private static Activations activations(GapNetwork network, INDArray images) {
        try (ClassActivationMapper mapper = network.mapper()) {
            return mapper.activations(images);
        }
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void chosenClassesKeepTheirScoresAndMaps(CNN2DFormat format) {
        INDArray images = images();
        Activations all = activations(network(format), images);

        GapNetwork selected = network(format).selectClasses("emu", "bear");

        assertThat(selected.labels().names()).containsExactly("emu", "bear");
        Activations some = activations(selected, images);
        for (int image = 0; image < 2; image++) {
            assertThat(some.logits(image)).containsExactly(all.logits(image)[4], all.logits(image)[1]);
            assertThat(some.map(image, 0)).isEqualTo(all.map(image, 4));
            assertThat(some.map(image, 1)).isEqualTo(all.map(image, 1));
        }
    }

    @Test
    void probabilitiesAreSharedAmongTheChosenAlone() {
        GapNetwork selected = network(CNN2DFormat.NHWC).selectClasses(4, 1);

        INDArray probabilities = selected.graph().output(images())[0];

        assertThat(probabilities.shape()).containsExactly(2, 2);
        assertThat(probabilities.sum(1).getDouble(0)).isCloseTo(1, within(1e-6));
    }

    @Test
    void aClassIsChosenOnce() {
        assertThatThrownBy(() -> network(CNN2DFormat.NHWC).selectClasses(1, 2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("class 1 ('bear') is chosen twice");
        assertThatThrownBy(() -> network(CNN2DFormat.NHWC).selectClasses("bare"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no class is called 'bare'");
        assertThatThrownBy(() -> network(CNN2DFormat.NHWC).selectClasses(new int[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no classes chosen");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n.zip", "n.h5", "n.keras"})
    void whatIsSavedComesBackWithAllThatBelongsToIt(String name) {
        INDArray images = images();
        GapNetwork network = network(CNN2DFormat.NCHW);
        Path file = folder.resolve(name);

        network.save(file);

        GapNetwork back;
        if (name.endsWith("zip")) {
            back = GapNetwork.load(file);
        } else {
            back = GapNetwork.fromKeras(file);
        }
        assertThat(back.labels().names()).isEqualTo(LABELS.names());
        assertThat(back.preparation()).isEqualTo(PREPARATION);
        float[] expected = activations(network, images).logits(1);
        float[] actual = activations(back, images).logits(1);
        for (int c = 0; c < expected.length; c++) {
            assertThat(actual[c]).isCloseTo(expected[c], within(1e-5f));
        }
    }

    @Test
    void aSavedZipIsDl4jsOwn() throws IOException {
        GapNetwork network = network(CNN2DFormat.NHWC);
        network.save(folder.resolve("n.zip"));

        ComputationGraph restored =
                ModelSerializer.restoreComputationGraph(folder.resolve("n.zip").toFile());

        assertThat(restored.params()).isEqualTo(network.graph().params());
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path plain = folder.resolve("plain.zip");
        ModelSerializer.writeModel(TestNetworks.gap(CNN2DFormat.NHWC), plain.toFile(), false);
        Path text = Files.writeString(folder.resolve("text.zip"), "no zip");

        assertThatThrownBy(() -> GapNetwork.load(plain))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("has no entry cam4j.json");
        assertThatThrownBy(() -> GapNetwork.load(text))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("is no DL4J zip");
        assertThatThrownBy(() -> GapNetwork.load(folder.resolve("none.zip")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("there is no model");
        assertThatThrownBy(() -> network(CNN2DFormat.NHWC).save(folder.resolve("n.onnx")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must end in .zip");
    }

    @Test
    void thereIsALabelForEachClass() {
        assertThatThrownBy(() -> network(CNN2DFormat.NHWC).withLabels(Labels.of(List.of("one"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 labels for 5 classes");
    }
}
