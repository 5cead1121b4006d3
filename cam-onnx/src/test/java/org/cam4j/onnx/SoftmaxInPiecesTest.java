package org.cam4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.InputTensor;
import org.cam4j.ScoreFunction;
import org.cam4j.onnx.schema.AttributeProto;
import org.cam4j.onnx.schema.GraphProto;
import org.cam4j.onnx.schema.ModelProto;
import org.cam4j.onnx.schema.NodeProto;
import org.cam4j.onnx.schema.TensorProto;
import org.cam4j.onnx.schema.ValueInfoProto;
import org.cam4j.onnx.testing.StoredClassifier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A softmax that an exporter wrote as powers, their sum and a quotient is one: the scores before it are the logits. */
class SoftmaxInPiecesTest {

    private static final StoredClassifier STORED = StoredClassifier.of("mobilenetv3_ts13");

    @TempDir
    Path folder;

    private static NodeProto.Builder node(String operator, String result, String... inputs) {
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).addOutput(result);
        for (String input : inputs) {
            node.addInput(input);
        }
        return node;
    }

    /** {@code Exp(x) / ReduceSum(Exp(x))}, with or without the largest score taken off first. */
    private Path withSoftmax(boolean stable) throws IOException {
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(STORED.file()));
        GraphProto.Builder graph = model.getGraph().toBuilder();
        String logits = graph.getOutput(0).getName();
        graph.addInitializer(TensorProto.newBuilder()
                .setName("class axis")
                .setDataType(TensorProto.DataType.INT64.getNumber())
                .addDims(1)
                .addInt64Data(1));
        if (stable) {
            graph.addNode(node("ReduceMax", "largest", logits)
                    .addAttribute(AttributeProto.newBuilder()
                            .setName("axes")
                            .setType(AttributeProto.AttributeType.INTS)
                            .addInts(1)));
            graph.addNode(node("Sub", "below", logits, "largest"));
        }
        graph.addNode(node("Exp", "powers", stable ? "below" : logits));
        graph.addNode(node("ReduceSum", "sum", "powers", "class axis"));
        graph.addNode(node("Div", "shares", "powers", "sum"));
        graph.clearOutput().addOutput(ValueInfoProto.newBuilder().setName("shares"));
        return Files.write(
                folder.resolve("model.onnx"),
                model.toBuilder().setGraph(graph).build().toByteArray());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theScoresBeforeItAreTheLogits(boolean stable) throws IOException {
        StoredClassifier.Images images = STORED.images();
        InputTensor image = InputTensor.of(
                Arrays.copyOf(images.values(), images.shape().size()),
                images.shape().height(),
                images.shape().width(),
                images.shape().channels());
        try (ClassActivationMapper plain =
                        ClassActivationMapper.from(STORED.file()).build();
                ClassActivationMapper pieces =
                        ClassActivationMapper.from(withSoftmax(stable)).build()) {
            Explanation expected = plain.explain(image, 0);
            Explanation found = pieces.explain(image, 0);

            assertThat(pieces.scoreFunction()).isEqualTo(ScoreFunction.SOFTMAX);
            assertThat(found.prediction().index())
                    .isEqualTo(expected.prediction().index());
            assertThat(found.prediction().logit())
                    .isCloseTo(expected.prediction().logit(), within(1e-6));
            assertThat(found.prediction().probability())
                    .isCloseTo(expected.prediction().probability(), within(1e-6));
            assertThat(found.map().toArray()).containsExactly(expected.map().toArray(), within(1e-5f));
        }
    }
}
