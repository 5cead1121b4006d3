package org.cam4j.training.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cam4j.testing.Closeness.relative;

import java.nio.file.Path;
import java.util.List;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.keras.ImportedModel;
import org.cam4j.keras.KerasModels;
import org.cam4j.testing.Golden;
import org.cam4j.testing.TestNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What is written and read back, against what Keras computed with the model that it came from. */
class KerasExportTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mini_gap",
                "mini_dw",
                "mini_dwdm2",
                "mini_sep",
                "mini_sepdm2",
                "mini_sepnobias",
                "mini_sepstride",
                "mini_relu6",
                "mini_avgsame",
                "mini_maxsame",
                "mini_crop",
                "nested_vgg"
            })
    void aModelOfKerasComesBackAsItWas(String name) {
        Golden golden = Golden.keras2(name);
        ImportedModel model = KerasModels.load(golden.model());
        int height = (int) golden.x().size(1);
        int width = (int) golden.x().size(2);

        for (String ending : List.of(".h5", ".keras")) {
            Path file = folder.resolve(name + ending);
            KerasExport.write(model.graph(), height, width, file);

            INDArray y = KerasModels.read(file).output(golden.x())[0];
            assertThat(relative(
                            y.dup('c').data().asFloat(),
                            golden.y().dup('c').data().asFloat()))
                    .as(file.toString())
                    .isLessThan(1e-5);
        }
    }

    /** Branches in which layers of one class are side by side: Keras finds their weights by their order. */
    private static ComputationGraph branching(CNN2DFormat format) {
        return TestNetworks.build(format, head -> branches(head, format));
    }

    private static GraphBuilder branches(GraphBuilder head, CNN2DFormat format) {
        return head.addLayer("left", TestNetworks.convolution(1, 8, 8, format, Activation.LEAKYRELU), "conv3")
                .addLayer("right/1", TestNetworks.convolution(3, 8, 8, format, Activation.ELU), "conv3")
                .addLayer("right/2", TestNetworks.convolution(3, 8, 8, format, Activation.TANH), "right/1")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "right/2", "left")
                .addVertex("both", new MergeVertex(), "sum", "conv3")
                .addLayer("gap", TestNetworks.averagePooling(), "both")
                .addLayer("predictions", TestNetworks.dense(16, Activation.SOFTMAX), "gap")
                .setOutputs("predictions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"b.h5", "b.keras"})
    void aGraphWithChannelsFirstBecomesAModelWithChannelsLast(String name) {
        ComputationGraph graph = branching(CNN2DFormat.NCHW);
        INDArray images = Nd4j.rand(DataType.FLOAT, 2, 3, TestNetworks.HEIGHT, TestNetworks.WIDTH);
        Path file = folder.resolve(name);

        KerasExport.write(graph, TestNetworks.HEIGHT, TestNetworks.WIDTH, file);

        INDArray y = KerasModels.read(file).output(images.permute(0, 2, 3, 1).dup('c'))[0];
        assertThat(relative(
                        y.dup('c').data().asFloat(),
                        graph.output(images)[0].dup('c').data().asFloat()))
                .isLessThan(1e-5);
    }

    @Test
    void whatKerasHasNoLayerForIsNamed() {
        ComputationGraph graph =
                TestNetworks.build(CNN2DFormat.NHWC, head -> head.addVertex("unit", new L2NormalizeVertex(), "conv3")
                        .addLayer("cube", TestNetworks.convolution(1, 8, 8, CNN2DFormat.NHWC, Activation.CUBE), "unit")
                        .addLayer("gap", TestNetworks.averagePooling(), "cube")
                        .addLayer("predictions", TestNetworks.dense(8, Activation.SOFTMAX), "gap")
                        .setOutputs("predictions"));

        assertThatThrownBy(
                        () -> KerasExport.write(graph, TestNetworks.HEIGHT, TestNetworks.WIDTH, folder.resolve("n.h5")))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("'unit' (L2NormalizeVertex)")
                .hasMessageContaining("'cube' (activation")
                .hasMessageContaining("DL4J zip");
        assertThat(folder).isEmptyDirectory();
    }

    /** An attribute of an HDF5 file holds 64 kB, a zip's entry any number. */
    @Test
    void aLongDescriptionNeedsAKerasFile() {
        ComputationGraph graph = TestNetworks.build(CNN2DFormat.NHWC, head -> {
            String last = "conv3";
            for (int i = 0; i < 160; i++) {
                String name = "a_convolution_with_a_rather_long_name_" + i;
                head.addLayer(name, TestNetworks.convolution(1, 8, 8, CNN2DFormat.NHWC, Activation.TANH), last);
                last = name;
            }
            return head.addLayer("gap", TestNetworks.averagePooling(), last)
                    .addLayer("predictions", TestNetworks.dense(8, Activation.SOFTMAX), "gap")
                    .setOutputs("predictions");
        });

        assertThatThrownBy(() -> KerasExport.write(graph, 24, 20, folder.resolve("n.h5")))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("write a .keras file");
        KerasExport.write(graph, 24, 20, folder.resolve("n.keras"));
        assertThat(KerasModels.read(folder.resolve("n.keras")).numParams()).isEqualTo(graph.numParams());
    }
}
