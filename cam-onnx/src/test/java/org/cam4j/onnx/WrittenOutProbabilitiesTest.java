package org.cam4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.DoubleUnaryOperator;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.Prediction;
import org.cam4j.ScoreFunction;
import org.cam4j.onnx.schema.AttributeProto;
import org.cam4j.onnx.schema.GraphProto;
import org.cam4j.onnx.schema.ModelProto;
import org.cam4j.onnx.schema.NodeProto;
import org.cam4j.onnx.schema.TensorProto;
import org.cam4j.onnx.schema.ValueInfoProto;
import org.cam4j.onnx.testing.StoredClassifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Probabilities that are written as several operations. A softmax of powers, their sum and a quotient is one: the scores before it are the
 * logits. Of others no softmax can be taken off: they are the probabilities, and the maps are of them.
 */
class WrittenOutProbabilitiesTest {

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

    /** {@code result = values / ReduceSum(values)}. */
    private static void divide(GraphProto.Builder graph, String result, String values) {
        graph.addInitializer(TensorProto.newBuilder()
                .setName("class axis")
                .setDataType(TensorProto.DataType.INT64.getNumber())
                .addDims(1)
                .addInt64Data(1));
        graph.addNode(node("ReduceSum", "sum", values, "class axis"));
        graph.addNode(node("Div", result, values, "sum"));
    }

    private static void addNumber(GraphProto.Builder graph, String name, float number) {
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .addFloatData(number));
    }

    /** Writes the stored classifier with other outputs, "shares", made of its logits. */
    private Path with(BiConsumer<GraphProto.Builder, String> ending) throws IOException {
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(STORED.file()));
        GraphProto.Builder graph = model.getGraph().toBuilder();
        ending.accept(graph, graph.getOutput(0).getName());
        graph.clearOutput().addOutput(ValueInfoProto.newBuilder().setName("shares"));
        return Files.write(
                folder.resolve("model.onnx"),
                model.toBuilder().setGraph(graph).build().toByteArray());
    }

    /** {@code Exp(x) / ReduceSum(Exp(x))}, with or without the largest score taken off first. */
    private static void softmax(GraphProto.Builder graph, String logits, boolean stable) {
        if (stable) {
            graph.addNode(node("ReduceMax", "largest", logits)
                    .addAttribute(AttributeProto.newBuilder()
                            .setName("axes")
                            .setType(AttributeProto.AttributeType.INTS)
                            .addInts(1)));
            graph.addNode(node("Sub", "below", logits, "largest"));
        }
        graph.addNode(node("Exp", "powers", stable ? "below" : logits));
        divide(graph, "shares", "powers");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theScoresBeforeASoftmaxAreTheLogits(boolean stable) throws IOException {
        try (ClassActivationMapper plain =
                        ClassActivationMapper.from(STORED.file()).build();
                ClassActivationMapper pieces = ClassActivationMapper.from(
                                with((graph, logits) -> softmax(graph, logits, stable)))
                        .build()) {
            Explanation expected = plain.explain(STORED.image(), 0);
            Explanation found = pieces.explain(STORED.image(), 0);

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

    /** An evidential head (Sensoy et al., NeurIPS 2018): the mean of a Dirichlet distribution, {@code (softplus(x) + 1) / Σ}. */
    private static void evidence(GraphProto.Builder graph, String logits) {
        addNumber(graph, "one", 1);
        graph.addNode(node("Softplus", "evidence", logits));
        graph.addNode(node("Add", "concentration", "evidence", "one"));
        divide(graph, "shares", "concentration");
    }

    private static double[] shares(double[] logits, DoubleUnaryOperator function) {
        double[] values = new double[logits.length];
        Arrays.setAll(values, c -> function.applyAsDouble(logits[c]));
        double sum = Arrays.stream(values).sum();
        return Arrays.stream(values).map(value -> value / sum).toArray();
    }

    private static double[] logits() {
        try (ClassActivationMapper plain =
                ClassActivationMapper.from(STORED.file()).build()) {
            Explanation explanation = plain.explain(STORED.image(), 0);
            double[] logits = new double[plain.summary().classes()];
            for (int c = 0; c < logits.length; c++) {
                logits[c] = explanation.prediction(c).logit();
            }
            return logits;
        }
    }

    @Test
    void theMeanOfADirichletDistributionIsTheProbability() throws IOException {
        Path prepared = folder.resolve("model.cam4j");
        double[] probabilities = shares(logits(), x -> Math.log1p(Math.exp(x)) + 1);
        try (ClassActivationMapper mapper = ClassActivationMapper.from(with(WrittenOutProbabilitiesTest::evidence))
                .build()) {
            mapper.save(prepared);
            assertThat(mapper.scoreFunction()).isEqualTo(ScoreFunction.IDENTITY);
            Explanation explanation = mapper.explain(STORED.image(), 0);
            for (int c = 0; c < probabilities.length; c++) {
                Prediction found = explanation.prediction(c);

                assertThat(found.probability()).isCloseTo(probabilities[c], within(1e-5));
                assertThat(found.logit()).isEqualTo(found.probability());
            }
        }
        try (ClassActivationMapper ready = ClassActivationMapper.open(prepared)) {
            assertThat(ready.explain(STORED.image(), 0).prediction(0).probability())
                    .isCloseTo(probabilities[0], within(1e-5));
        }
    }
}
