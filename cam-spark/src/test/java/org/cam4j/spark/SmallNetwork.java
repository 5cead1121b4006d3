package org.cam4j.spark;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Labels;
import org.cam4j.image.Preprocessing;
import org.cam4j.onnx.schema.AttributeProto;
import org.cam4j.onnx.schema.GraphProto;
import org.cam4j.onnx.schema.ModelProto;
import org.cam4j.onnx.schema.NodeProto;
import org.cam4j.onnx.schema.OperatorSetIdProto;
import org.cam4j.onnx.schema.TensorProto;
import org.cam4j.onnx.schema.TensorShapeProto;
import org.cam4j.onnx.schema.TypeProto;
import org.cam4j.onnx.schema.ValueInfoProto;

/** A network of two convolutions with random weights, of some kilobytes. */
final class SmallNetwork {

    /** A layer that prepared models keep. */
    static final String LAYER = "conv1.sum";

    private static final int SIZE = 48;
    private static final int HIDDEN = 8;
    private static final int FEATURES = 16;
    private static final List<String> CLASSES = List.of("bison", "jaguar", "koala", "lemur", "macaw");

    private final Random random;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("small");

    private SmallNetwork(long seed) {
        this.random = new Random(seed);
    }

    /** Writes a prepared model; other seeds give other weights. */
    static Path prepare(Path file, long seed) throws IOException {
        Path onnx = file.resolveSibling(file.getFileName() + ".onnx");
        write(onnx, seed);
        try (ClassActivationMapper mapper = ClassActivationMapper.from(onnx)
                .preprocessing(Preprocessing.TF)
                .labels(Labels.of(CLASSES))
                .build()) {
            mapper.save(file);
        }
        return file;
    }

    /** Writes an ONNX file; other seeds give other weights. */
    static Path write(Path file, long seed) throws IOException {
        return Files.write(file, new SmallNetwork(seed).model().toByteArray());
    }

    private ModelProto model() {
        convolution("conv1", "image", 3, HIDDEN);
        convolution("conv2", "conv1", HIDDEN, FEATURES);
        graph.addNode(node("GlobalAveragePool", "pool", "conv2"));
        graph.addNode(node("Flatten", "pooled", "pool"));
        weights("w", 0.7, CLASSES.size(), FEATURES);
        weights("b", 0.3, CLASSES.size());
        graph.addNode(node("Gemm", "scores", "pooled", "w", "b").toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName("transB")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(1)));
        graph.addInput(value("image", 1, 3, SIZE, SIZE));
        graph.addOutput(value("scores", 1, CLASSES.size()));
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(graph)
                .build();
    }

    private void convolution(String name, String input, int inputs, int outputs) {
        weights(name + ".w", 0.3, outputs, inputs, 3, 3);
        weights(name + ".b", 0.2, outputs);
        graph.addNode(node("Conv", name + ".sum", input, name + ".w", name + ".b").toBuilder()
                .setName(name)
                .addAttribute(integers("strides", 2, 2))
                .addAttribute(integers("pads", 1, 1, 1, 1)));
        graph.addNode(node("Relu", name, name + ".sum"));
    }

    private static NodeProto node(String operation, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operation)
                .setName(output)
                .addAllInput(List.of(inputs))
                .addOutput(output)
                .build();
    }

    private static AttributeProto integers(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    private void weights(String name, double size, long... dimensions) {
        int count = 1;
        for (long dimension : dimensions) {
            count *= (int) dimension;
        }
        ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putFloat((float) (random.nextGaussian() * size));
        }
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .setRawData(ByteString.copyFrom(bytes.flip()));
        for (long dimension : dimensions) {
            tensor.addDims(dimension);
        }
        graph.addInitializer(tensor);
    }

    private static ValueInfoProto value(String name, long... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (long dimension : dimensions) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dimension));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                                .setShape(shape)))
                .build();
    }
}
