package org.cam4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cam4j.testing.Closeness.relative;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.cam4j.Activations;
import org.cam4j.ClassActivationMapper;
import org.cam4j.classifier.Classifier;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.keras.ImportedModel;
import org.cam4j.keras.KerasModels;
import org.cam4j.testing.Golden;
import org.cam4j.testing.TestNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The surgery against the same surgery in Keras (src/test/python/training_surgery.py). */
class GapHeadTest {

    private static final Path SMALL = Golden.resource("/training/vgg/vgg.h5").getParent();

    @Test
    void vggCutBehindItsLastConvolutionIsKeras() throws IOException {
        ImportedModel vgg = KerasModels.load(SMALL.resolve("vgg.h5"));

        requireKeras(VggGap.from(vgg).afterLastConvolution(5), "convolution", SMALL, 64);
    }

    @Test
    void vggCutBehindItsLastPoolingIsKeras() throws IOException {
        ImportedModel vgg = KerasModels.load(SMALL.resolve("vgg.h5"));

        requireKeras(VggGap.from(vgg).afterLastPooling(5), "pooling", SMALL, 64);
    }

    @Test
    void vggWithThePapersConvolutionIsKeras() throws IOException {
        ImportedModel vgg = KerasModels.load(SMALL.resolve("vgg.h5"));

        requireKeras(VggGap.from(vgg).afterLastConvolution(5).convolution(6).dropout(0.5), "paper", SMALL, 64);
    }

    /** Needs a folder that {@code training_surgery.py FOLDER --full} has filled. */
    @Test
    @EnabledIfSystemProperty(named = "cam4j.vgg19", matches = ".+")
    void vgg19InFullSizeIsKeras() throws IOException {
        Path folder = Path.of(System.getProperty("cam4j.vgg19"));
        VggGap vgg = VggGap.from(KerasModels.load(folder.resolve("vgg.h5")));

        requireKeras(vgg.afterLastConvolution(19), "convolution", folder, 224);
        requireKeras(vgg.afterLastPooling(19), "pooling", folder, 224);
        requireKeras(vgg.afterLastConvolution(19).convolution(GapHead.PAPER_FILTERS), "paper", folder, 224);
    }

    private static void requireKeras(GapHead head, String name, Path folder, int size) throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(folder.resolve("expected.json").toFile())
                .get(name);
        ComputationGraph graph = head.build();
        fill(graph);
        try (ClassActivationMapper mapper =
                ClassActivationMapper.of(graph).inputSize(size, size).build()) {
            Activations activations = mapper.activations(image(size));
            INDArray maps =
                    activations.maps(IntStream.range(0, activations.classes()).toArray());

            assertThat(relative(activations.features().dup('c').data().asFloat(), floats(expected.get("activations"))))
                    .isLessThan(1e-5);
            assertThat(relative(activations.logits(0), floats(expected.get("logits"))))
                    .isLessThan(1e-5);
            assertThat(relative(maps.permute(0, 2, 3, 1).dup('c').data().asFloat(), floats(expected.get("maps"))))
                    .isLessThan(1e-5);
        }
    }

    /** The weights that the script gives the new layers. */
    private static void fill(ComputationGraph graph) {
        INDArray head = graph.getLayer("predictions").getParam("W");
        for (int i = 0; i < head.length(); i++) {
            head.putScalar(new long[] {i / head.size(1), i % head.size(1)}, Math.sin(i + 1) * 0.3);
        }
        INDArray bias = graph.getLayer("predictions").getParam("b");
        for (int c = 0; c < bias.length(); c++) {
            bias.putScalar(c, Math.cos(c) * 0.1);
        }
        if (graph.getVertex("cam_conv") == null) {
            return;
        }
        INDArray kernels = graph.getLayer("cam_conv").getParam("W");
        int filters = (int) kernels.size(0);
        int channels = (int) kernels.size(1);
        float[] values = new float[9 * channels * filters];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (Math.sin(i + 1) * 0.2 / Math.sqrt(channels));
        }
        kernels.assign(Nd4j.createFromArray(values)
                .reshape('c', 3, 3, channels, filters)
                .permute(3, 2, 0, 1));
        INDArray shift = graph.getLayer("cam_conv").getParam("b");
        for (int i = 0; i < filters; i++) {
            shift.putScalar(i, Math.cos(i) * 0.05);
        }
    }

    private static INDArray image(int size) {
        float[] values = new float[size * size * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (((i * 1103515245L + 12345) % (1L << 31)) / (double) (1 << 30) - 1);
        }
        return Nd4j.createFromArray(values).reshape(1, size, size, 3);
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).floatValue();
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void aHeadFitsNetworksInBothLayouts(CNN2DFormat format) {
        ComputationGraph graph = TestNetworks.gap(format);
        INDArray before = graph.params().dup();

        ComputationGraph headed =
                GapHead.on(graph, "conv2", 3).convolution(4).dropout(0.2).build();

        Classifier found = GapClassifier.find(headed, TestNetworks.HEIGHT, TestNetworks.WIDTH)
                .parts();
        assertThat(found.requireLinear().channels()).isEqualTo(4);
        assertThat(found.requireLinear().classes()).isEqualTo(3);
        assertThat(found.lastConvolution()).isEqualTo("cam_conv");
        assertThat(headed.getVertex("conv3")).isNull();
        assertThat(headed.getLayer("conv2").getParam("W"))
                .isEqualTo(graph.getLayer("conv2").getParam("W"));
        assertThat(graph.params()).isEqualTo(before);
    }

    @Test
    void theSameSeedDrawsTheSameWeights() {
        ComputationGraph graph = TestNetworks.gap(CNN2DFormat.NHWC);

        INDArray first = GapHead.on(graph, "conv3", 4).seed(3).build().params();

        assertThat(GapHead.on(graph, "conv3", 4).seed(3).build().params()).isEqualTo(first);
        assertThat(GapHead.on(graph, "conv3", 4).seed(4).build().params()).isNotEqualTo(first);
    }

    @Test
    void newWeightsAreGlorots() {
        INDArray weights = GapHead.on(TestNetworks.gap(CNN2DFormat.NHWC), "conv3", 400)
                .build()
                .getLayer("predictions")
                .getParam("W");
        double limit = Math.sqrt(6.0 / (TestNetworks.CHANNELS + 400));

        assertThat(weights.maxNumber().doubleValue()).isBetween(0.95 * limit, limit);
        assertThat(weights.minNumber().doubleValue()).isBetween(-limit, -0.95 * limit);
    }

    @Test
    void aLayerThatIsNotThereIsNamedWithThoseThatAre() {
        assertThatThrownBy(() -> GapHead.on(TestNetworks.gap(CNN2DFormat.NHWC), "block5_conv4", 3)
                        .build())
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("no layer 'block5_conv4'")
                .hasMessageContaining("conv3");
    }

    @Test
    void vectorsHaveNoMapsToPutAHeadOn() {
        assertThatThrownBy(() -> GapHead.on(KerasModels.read(SMALL.resolve("vgg.h5")), "fc1", 3)
                        .build())
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("'fc1' gives no feature maps but vectors");
    }

    @Test
    void anotherNetworkIsNoVgg() {
        assertThatThrownBy(() -> VggGap.from(TestNetworks.gap(CNN2DFormat.NHWC)))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("no VGG19 or VGG16")
                .hasMessageContaining("GapHead.on");
    }
}
