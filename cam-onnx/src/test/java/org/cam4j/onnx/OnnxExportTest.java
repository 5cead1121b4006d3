package org.cam4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.InputTensor;
import org.cam4j.Labels;
import org.cam4j.MapperBuilder;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.image.Preprocessing;
import org.cam4j.onnx.schema.GraphProto;
import org.cam4j.onnx.schema.ModelProto;
import org.cam4j.onnx.schema.NodeProto;
import org.cam4j.onnx.schema.TensorProto;
import org.cam4j.onnx.schema.ValueInfoProto;
import org.cam4j.onnx.testing.StoredClassifier;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Classifiers written as ONNX with their maps: read back by cam4j's own door, and against ONNX Runtime. */
class OnnxExportTest {

    @TempDir
    private Path folder;

    static Stream<StoredClassifier> everyClassifier() {
        return StoredClassifier.all().stream();
    }

    private static ClassActivationMapper mapper(StoredClassifier stored) {
        Shape shape = stored.images().shape();
        MapperBuilder builder = ClassActivationMapper.from(stored.file());
        if (builder.needsInputSize()) {
            builder.inputSize(shape.height(), shape.width());
        }
        if (builder.outputs().size() > 1) {
            builder.output(0);
        }
        return builder.build();
    }

    private static InputTensor image(StoredClassifier stored) {
        StoredClassifier.Images images = stored.images();
        float[] first = Arrays.copyOf(images.values(), images.shape().size());
        return InputTensor.of(
                first,
                images.shape().height(),
                images.shape().width(),
                images.shape().channels());
    }

    private static void assertSame(ActivationMap found, ActivationMap expected) {
        assertThat(found.height()).isEqualTo(expected.height());
        assertSame(found, expected.toArray(), expected.bias());
    }

    /** Compares maps and biases relative to the largest of their numbers, from which they are summed. */
    private static void assertSame(ActivationMap found, float[] map, float bias) {
        float scale = Math.abs(bias);
        for (float value : map) {
            scale = Math.max(scale, Math.abs(value));
        }
        assertThat(found.toArray()).usingComparatorWithPrecision(1e-5f * scale).containsExactly(map);
        assertThat(found.bias()).isCloseTo(bias, within(1e-5f * scale));
    }

    @ParameterizedTest
    @MethodSource("everyClassifier")
    void whatIsReadBackHasTheSameScoresAndTheSameMap(StoredClassifier stored) {
        Path file = folder.resolve("model-cam.onnx");
        InputTensor image = image(stored);
        Explanation expected;
        try (ClassActivationMapper mapper = mapper(stored)) {
            OnnxExport export = OnnxExport.of(mapper);
            (stored.name().length() % 2 == 0 ? export : export.channelsLast()).write(file);
            expected = mapper.explain(image, 0);
        }
        try (ClassActivationMapper mapper =
                ClassActivationMapper.from(file).output("logits").build()) {
            Explanation found = mapper.explain(image, 0);
            for (int c = 0; c < expected.classes(); c++) {
                double logit = expected.prediction(c).logit();
                assertThat(found.prediction(c).logit()).isCloseTo(logit, within(1e-5 * (1 + Math.abs(logit))));
            }
            assertSame(found.map(0), expected.map(0));
        }
    }

    /** Files whose way back is of operators that the door reads. {@code ExportedGatesTest} compares the others with ONNX Runtime's. */
    @ParameterizedTest
    @ValueSource(strings = {"resnet_basic_dyn18", "hand_conv_head", "convnext_ts13", "mobilenetv3_ts13"})
    void theMapThatTheFileComputesIsTheMappers(String name) throws IOException {
        StoredClassifier stored = StoredClassifier.of(name);
        Path file = folder.resolve("model-cam.onnx");
        InputTensor image = image(stored);
        ActivationMap expected;
        try (ClassActivationMapper mapper = mapper(stored)) {
            OnnxExport.of(mapper).write(file);
            expected = mapper.explain(image, 0).map(1);
            fixClass(file, 1, mapper.summary().classes());
        }
        InferencePlan plan =
                OnnxModel.read(file).translation(image.height(), image.width()).plan();
        try (Engine engine = Engines.of(plan, EngineSettings.standard().withEngine("Java"))) {
            Batch batch = Batch.of(image.values(0), plan.input());
            float[] found = engine.run(batch, Set.of("flat")).host("flat");
            assertSame(expected, found, expected.bias());
        }
    }

    /** Replaces the choice of the best class, which the door does not read, by {@code 0 · logits + row}; gives out the map alone. */
    private static void fixClass(Path file, int index, int classes) throws IOException {
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
        GraphProto.Builder graph = model.getGraph().toBuilder();
        float[] row = new float[classes];
        row[index] = 1;
        graph.addInitializer(vector("row", row)).addInitializer(vector("zeros", new float[classes]));
        String logits = "";
        for (int i = 0; i < graph.getNodeCount(); i++) {
            NodeProto node = graph.getNode(i);
            if (node.getOpType().equals("ArgMax")) {
                logits = node.getInput(0);
            } else if (node.getOpType().equals("OneHot")) {
                graph.setNode(i, binary("Add", "nothing", "row", node.getOutput(0)));
                graph.addNode(i, binary("Mul", logits, "zeros", "nothing"));
                break;
            }
        }
        graph.addNode(NodeProto.newBuilder()
                        .setOpType("Flatten")
                        .addInput("cam")
                        .addOutput("flat"))
                .clearOutput()
                .addOutput(ValueInfoProto.newBuilder().setName("flat"));
        Files.write(file, model.toBuilder().setGraph(graph).build().toByteArray());
    }

    private static NodeProto binary(String operator, String first, String second, String result) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .addInput(first)
                .addInput(second)
                .addOutput(result)
                .build();
    }

    private static TensorProto vector(String name, float... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .addDims(values.length);
        for (float value : values) {
            tensor.addFloatData(value);
        }
        return tensor.build();
    }

    @Test
    void theFileIsOpset17WithAnyNumberOfImagesAndAnOptionalClass() throws IOException {
        Path file = folder.resolve("model-cam.onnx");
        try (ClassActivationMapper mapper = mapper(StoredClassifier.of("resnet_basic_dyn18"))) {
            OnnxExport.of(mapper).write(file);
        }
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
        GraphProto graph = model.getGraph();
        assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(17);
        assertThat(graph.getInputList()).extracting(ValueInfoProto::getName).containsExactly("image", "class");
        assertThat(graph.getOutputList())
                .extracting(ValueInfoProto::getName)
                .containsExactly("probabilities", "logits", "features", "cam", "bias");
        assertThat(graph.getInitializerList()).extracting(TensorProto::getName).contains("class");
        for (ValueInfoProto end : List.of(graph.getInput(0), graph.getOutput(3))) {
            assertThat(end.getType().getTensorType().getShape().getDim(0).getDimParam())
                    .isEqualTo("N");
        }
    }

    @Test
    void namesAndPreprocessingTravelInTheMetadata() {
        Path file = folder.resolve("model-cam.onnx");
        List<String> names = Stream.iterate(0, i -> i + 1)
                .limit(10)
                .map(i -> "thing, \"" + i + "\"")
                .toList();
        StoredClassifier stored = StoredClassifier.of("resnet_basic_dyn18");
        try (ClassActivationMapper mapper = ClassActivationMapper.from(stored.file())
                .labels(Labels.of(names))
                .preprocessing(Preprocessing.TF.bgr())
                .build()) {
            OnnxExport.of(mapper).write(file);
        }
        try (ClassActivationMapper mapper =
                ClassActivationMapper.from(file).output("logits").build()) {
            assertThat(mapper.labels().names()).isEqualTo(names);
            assertThat(mapper.preparation().orElseThrow().preprocessing()).isEqualTo(Preprocessing.TF.bgr());
        }
    }

    @Test
    void aClosedMapperIsRefused() {
        ClassActivationMapper mapper = mapper(StoredClassifier.of("resnet_basic_dyn18"));
        mapper.close();
        assertThatThrownBy(() -> OnnxExport.of(mapper).write(folder.resolve("model-cam.onnx")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(folder).isEmptyDirectory();
    }
}
