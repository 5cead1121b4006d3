package org.cam4j.onnx.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.engine.Values;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.onnx.OnnxModel;
import org.cam4j.onnx.schema.ModelProto;
import org.cam4j.onnx.schema.NodeProto;
import org.cam4j.onnx.schema.OperatorSetIdProto;
import org.cam4j.onnx.schema.TensorProto;
import org.cam4j.onnx.translation.Translation;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation written as ONNX and read back by cam4j's own door, against the plan that was written. */
class ExportedOperationsTest {

    private static final Shape IMAGE = new Shape(6, 5, 3);
    private static final int CLASSES = 4;

    @TempDir
    private Path folder;

    /** Operations between two convolutions or without them, so that each reads both orders of axes. */
    static Stream<Operation> operations() {
        Window odd = new Window(3, 2, 2, 1, 1, 1, new Padding(1, 0, 0, 1));
        return Stream.of(
                new Convolution(odd, 3, 6, 3, numbers(36), numbers(6), false, Activation.SWISH),
                new Convolution(
                        new Window(2, 3, 1, 1, 2, 1, Padding.NONE),
                        3,
                        4,
                        1,
                        numbers(72),
                        numbers(4),
                        false,
                        Activation.IDENTITY),
                new Crop(new Padding(1, 2, 0, 1)),
                Dense.of(numbers(15), numbers(5), Activation.of(Activation.Function.TANH)),
                new GlobalPooling(Pooling.Kind.MAXIMUM),
                new GlobalPooling(Pooling.Kind.AVERAGE),
                new InsertZeros(2, 3),
                new LayerNormalize(1e-3f, numbers(3), numbers(3)),
                new Pad(new Padding(1, 2, 3, 0)),
                new ParametricRelu(numbers(3)),
                new ParametricRelu(numbers(IMAGE.size())),
                new Pooling(Pooling.Kind.MAXIMUM, odd),
                new Pooling(Pooling.Kind.AVERAGE, odd),
                new Reshape(new Shape(3, 5, 6)),
                new Resize(12, 10, Resize.Interpolation.NEAREST),
                new Resize(4, 7, Resize.Interpolation.NEAREST),
                new Resize(9, 4, Resize.Interpolation.BILINEAR),
                new ScaleShift(numbers(3), numbers(3), Activation.RELU6),
                new Slice(0, 1, 4),
                new Slice(1, 2, 2),
                new Slice(2, 1, 2),
                new Softmax(),
                Transpose.of(2, 0, 1));
    }

    static Stream<Operation> activations() {
        return Arrays.stream(Activation.Function.values())
                .filter(function -> function != Activation.Function.POWER)
                .map(function -> new Activate(new Activation(function, 0.3f, 0.7f)));
    }

    private static float[] numbers(int count) {
        Random random = new Random(count);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    @ParameterizedTest
    @MethodSource({"operations", "activations"})
    void isReadBackBetweenConvolutions(Operation operation) throws IOException {
        PlanBuilder builder = new PlanBuilder(IMAGE);
        int first = builder.add("first", pointwise(3, 3), 0);
        int value = builder.add("operation", operation, first);
        check(builder, builder.add("second", pointwise(builder.shape(value).channels(), 2), value));
    }

    @ParameterizedTest
    @MethodSource({"operations", "activations"})
    void isReadBackByItself(Operation operation) throws IOException {
        PlanBuilder builder = new PlanBuilder(IMAGE);
        check(builder, builder.add("operation", operation, 0));
    }

    private static Convolution pointwise(int inputs, int outputs) {
        return Convolution.pointwise(numbers(inputs * outputs), numbers(outputs), Activation.IDENTITY);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void powersAreReadBack(boolean isFirst) throws IOException {
        PlanBuilder builder = new PlanBuilder(IMAGE);
        int positive = builder.add("positive", new Activate(Activation.of(Activation.Function.EXPONENTIAL)), 0);
        int value = builder.add("power", new Activate(new Activation(Activation.Function.POWER, -0.5f, 0)), positive);
        check(builder, value, isFirst);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void twoValuesAreCombinedWithTheSecondAsLargeOrRepeated(Elementwise.Kind kind) throws IOException {
        PlanBuilder builder = new PlanBuilder(IMAGE);
        int image = builder.add("first", pointwise(3, 3), 0);
        int vector = builder.add("pooled", new GlobalPooling(Pooling.Kind.AVERAGE), image);
        int flat = builder.add("flat", new Reshape(new Shape(3)), vector);
        int cells = builder.add("cells", pointwise(3, 1), image);
        int value = image;
        for (int second : new int[] {0, vector, flat, cells}) {
            value = builder.add("combined", new Elementwise(kind, Activation.RELU), value, second);
            value = builder.add("transposed", Transpose.of(1, 0, 2), value);
            value = builder.add("back", Transpose.of(1, 0, 2), value);
            value = builder.add("again", new Elementwise(kind), value, second);
        }
        check(builder, value);
    }

    static Stream<Elementwise.Kind> kinds() {
        return Arrays.stream(Elementwise.Kind.values());
    }

    @Test
    void sumsInsideConvolutionsAndPartsOfEveryAxisAreReadBack() throws IOException {
        PlanBuilder builder = new PlanBuilder(IMAGE);
        int image = builder.add("first", pointwise(3, 3), 0);
        Convolution sum =
                Convolution.pointwise(numbers(9), numbers(3), Activation.RELU).withSum(Activation.RELU);
        int value = builder.add("sum", sum, image, 0);
        for (int axis = 0; axis < 3; axis++) {
            value = builder.add("joined", new Concatenate(axis), value, value);
        }
        check(builder, value);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void matricesOfTokensAreMultiplied(boolean transposesSecond) throws IOException {
        PlanBuilder builder = new PlanBuilder(IMAGE);
        int first = builder.add("tokens", new Reshape(new Shape(2, 15, 3)), 0);
        Dense dense = Dense.of(numbers(transposesSecond ? 9 : 45), numbers(transposesSecond ? 3 : 15), Activation.RELU);
        int dense3 = builder.add("dense", dense, first);
        int second = transposesSecond ? dense3 : builder.add("turned", Transpose.of(0, 2, 1), first);
        int left = transposesSecond ? first : dense3;
        int product = builder.add("product", new MatMul(transposesSecond), left, transposesSecond ? second : first);
        check(builder, builder.add("shares", new Softmax(), product));
    }

    private void check(PlanBuilder builder, int features) throws IOException {
        check(builder, features, true);
        check(builder, features, false);
    }

    /** Writes a classifier of the value and compares what is read of the file. */
    private void check(PlanBuilder builder, int features, boolean isFirst) throws IOException {
        InferencePlan plan = classifier(builder, features);
        Translation translation = OnnxModel.read(written(plan, isFirst)).translation(IMAGE.height(), IMAGE.width());
        InferencePlan read = translation
                .plan()
                .withOutputs(Map.of(
                        InferencePlan.LOGITS,
                        translation.tensors().get(InferencePlan.LOGITS).value()));
        float[] image = numbers(IMAGE.size());
        assertThat(logits(read, image)).usingComparatorWithPrecision(1e-5f).containsExactly(logits(plan, image));
    }

    private static InferencePlan classifier(PlanBuilder given, int features) {
        PlanBuilder builder = new PlanBuilder(IMAGE);
        given.steps()
                .forEach(step -> builder.add(
                        step.name(),
                        step.operation(),
                        step.inputs().stream().mapToInt(i -> i).toArray()));
        Shape shape = builder.shape(features);
        int pooled = builder.add("pooling", new GlobalPooling(Pooling.Kind.AVERAGE), features);
        int channels = shape.channels();
        int logits = builder.add(
                "head", Dense.of(numbers(channels * CLASSES), numbers(CLASSES), Activation.IDENTITY), pooled);
        return builder.build(Map.of(InferencePlan.FEATURES, features, InferencePlan.LOGITS, logits));
    }

    private Path written(InferencePlan plan, boolean isFirst) throws IOException {
        Path file = folder.resolve("model.onnx");
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(ExportedGraph.of("plan", plan, "Softmax", isFirst))
                .build();
        Files.write(file, model.toByteArray());
        return file;
    }

    private static float[] logits(InferencePlan plan, float... image) {
        try (Engine engine = Engines.of(plan, EngineSettings.standard().withEngine("Java"))) {
            Values values = engine.run(Batch.of(image, IMAGE), Set.of(InferencePlan.LOGITS));
            return values.host(InferencePlan.LOGITS);
        }
    }

    @Test
    void whatNoNodeSaysIsRefusedByName() {
        PlanBuilder builder = new PlanBuilder(IMAGE);
        int external = builder.add("own", new External("a layer of the application", IMAGE, false), 0);
        InferencePlan plan = classifier(builder, builder.add("target", pointwise(3, 3), external));

        assertThatThrownBy(() -> ExportedGraph.of("plan", plan, "Softmax", true))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("'own'")
                .hasMessageContaining("Save a prepared model instead");
    }

    /** cam4j's own door reads no derivatives; the tests of cam-onnxruntime compute them. */
    @Test
    void derivativesAreWritten() {
        PlanBuilder builder = new PlanBuilder(IMAGE);
        Operation derivative = new ActivationGradient(Activation.RELU6, Gates.DIFFERENTIATED);
        int gradient = builder.add("derivative", derivative, 0, 0);
        InferencePlan plan = classifier(builder, builder.add("target", pointwise(3, 3), gradient));

        assertThat(ExportedGraph.of("plan", plan, "Softmax", true).getNodeList().stream()
                        .map(NodeProto::getOpType))
                .contains("Greater", "Less", "And");
    }

    @Test
    void theWeightsOfADenseLayerAreStoredOnceForBothWays() {
        PlanBuilder builder = new PlanBuilder(IMAGE);
        int features = builder.add("target", pointwise(3, 8), 0);
        InferencePlan plan = classifier(builder, features);
        List<String> weights = ExportedGraph.of("plan", plan, "Softmax", true).getInitializerList().stream()
                .filter(tensor -> tensor.getDimsCount() == 2)
                .map(TensorProto::getName)
                .toList();
        // The head's, and the head's bias as the weights of a sum.
        assertThat(weights).containsExactly("head/weights", "back through head/weights");
    }
}
