package org.cam4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.InputTensor;
import org.cam4j.exception.ModelFileException;
import org.cam4j.explain.GradCam;
import org.cam4j.onnx.schema.GraphProto;
import org.cam4j.onnx.schema.ModelProto;
import org.cam4j.onnx.schema.NodeProto;
import org.cam4j.onnx.schema.OperatorSetIdProto;
import org.cam4j.onnx.schema.TensorProto;
import org.cam4j.onnx.schema.TensorShapeProto;
import org.cam4j.onnx.schema.TypeProto;
import org.cam4j.onnx.schema.ValueInfoProto;
import org.cam4j.onnx.testing.StoredClassifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Weights stay in the model's file, and are read when an engine packs them: at the start, and for the way back of a method. */
class WeightsInFileTest {

    private static final StoredClassifier STORED = StoredClassifier.of("mobilenetv3_ts13");
    private static final int WIDTH = 2048;
    private static final int LAYERS = 5;

    @TempDir
    Path folder;

    private Path copy() throws IOException {
        Path copy = Files.copy(STORED.file(), folder.resolve("model.onnx"));
        // Long ago: a file system may round times to seconds.
        Files.setLastModifiedTime(copy, FileTime.fromMillis(1_000_000_000_000L));
        return copy;
    }

    private static float[] gradCam(ClassActivationMapper mapper, Explanation explanation) {
        String layer = mapper.layers().get(0);
        return explanation
                .map(explanation.prediction().index(), GradCam.at(layer))
                .toArray();
    }

    private static Explanation explanation(ClassActivationMapper mapper) {
        return mapper.explain(STORED.image()).get(0);
    }

    private static void assertItIsReadNoMore(ClassActivationMapper mapper, Explanation explanation) {
        assertThatThrownBy(() -> gradCam(mapper, explanation))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("was written over after it was opened");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // There a mapped file cannot be written over.
    void aFileThatIsWrittenOverIsReadNoMore() throws IOException {
        Path file = copy();
        try (ClassActivationMapper mapper = ClassActivationMapper.from(file).build()) {
            float[] before = explanation(mapper).map().toArray();
            byte[] other = Files.readAllBytes(file);
            Arrays.fill(other, other.length / 2, other.length / 2 + 64, (byte) 0);
            Files.write(file, other);

            Explanation explanation = explanation(mapper);
            assertThat(explanation.map().toArray()).isEqualTo(before);
            assertItIsReadNoMore(mapper, explanation);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // There a mapped file cannot be shortened.
    void aFileThatIsShortenedIsReadNoMore() throws IOException {
        Path file = copy();
        try (ClassActivationMapper mapper = ClassActivationMapper.from(file).build()) {
            Explanation explanation = explanation(mapper);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }

            assertItIsReadNoMore(mapper, explanation);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // There a mapped file cannot be replaced.
    void aFileThatIsReplacedOrRemovedKeepsItsBytes() throws IOException {
        Path file = copy();
        float[] expected;
        try (ClassActivationMapper mapper = ClassActivationMapper.from(file).build()) {
            expected = gradCam(mapper, explanation(mapper));
        }
        try (ClassActivationMapper mapper = ClassActivationMapper.from(file).build()) {
            Path other = Files.writeString(folder.resolve("other"), "another model");
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

            assertThat(gradCam(mapper, explanation(mapper))).isEqualTo(expected);
        }
        Files.delete(file);
        copy();
        try (ClassActivationMapper mapper = ClassActivationMapper.from(file).build()) {
            Files.delete(file);

            assertThat(gradCam(mapper, explanation(mapper))).isEqualTo(expected);
        }
    }

    @Test
    void aModelMayBeLargerThanTheHeap() throws Exception {
        Path file = large();
        assertThat(Files.size(file)).isGreaterThan(80 << 20);

        assertThat(predictionInSmallHeap(file)).isEqualTo(Small.prediction(file));
    }

    private static String predictionInSmallHeap(Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-Dorg.bytedeco.javacpp.maxBytes=1g",
                        "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Small.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().reduce((before, last) -> last).orElseThrow();
    }

    /** Explains an image in a JVM of its own. */
    static final class Small {

        private Small() {}

        public static void main(String[] arguments) {
            System.out.println(prediction(Path.of(arguments[0])));
        }

        static String prediction(Path file) {
            try (ClassActivationMapper mapper = ClassActivationMapper.from(file).build()) {
                float[] ones = new float[4 * 4 * 3];
                Arrays.fill(ones, 1);
                return String.valueOf(
                        mapper.explain(InputTensor.of(ones, 4, 4, 3)).get(0).prediction());
            }
        }
    }

    /** Writes a classifier of 84 MB. */
    private Path large() throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("large").addInput(image("image", 1, 3, 4, 4));
        String last = "image";
        for (int layer = 0; layer <= LAYERS; layer++) {
            int inputs = layer == 0 ? 3 : WIDTH;
            graph.addInitializer(weights("w" + layer, layer, WIDTH, inputs, 1, 1));
            graph.addNode(node("Conv", "conv" + layer, last, "w" + layer));
            last = "conv" + layer;
        }
        graph.addNode(node("GlobalAveragePool", "means", last));
        graph.addNode(node("Flatten", "row", "means"));
        graph.addInitializer(weights("turned", 9, WIDTH, 3));
        graph.addNode(node("MatMul", "logits", "row", "turned"));
        graph.addOutput(ValueInfoProto.newBuilder().setName("logits"));
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build();
        Path file = folder.resolve("large.onnx");
        try (OutputStream stream = Files.newOutputStream(file)) {
            model.writeTo(stream);
        }
        return file;
    }

    private static NodeProto node(String operator, String result, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .addOutput(result)
                .addAllInput(List.of(inputs))
                .build();
    }

    private static ValueInfoProto image(String name, long... dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (long dim : dims) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                                .setShape(shape)))
                .build();
    }

    private static TensorProto weights(String name, long seed, long... dims) {
        int size = Math.toIntExact(Arrays.stream(dims).reduce(1, Math::multiplyExact));
        Random random = new Random(seed);
        ByteBuffer numbers = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            numbers.putFloat((random.nextFloat() - 0.5f) / 16);
        }
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .setRawData(ByteString.copyFrom(numbers.array()));
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        return tensor.build();
    }
}
