package org.cam4j.testing.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.dl4j.graph.GraphPlanner;
import org.cam4j.dl4j.graph.OutputActivation;
import org.cam4j.keras.ImportedModel;
import org.cam4j.keras.KerasModels;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.LinearHead;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Activation.Function;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.LayerNormalize;
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
import org.cam4j.testing.Golden;
import org.cam4j.testing.Plans;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference itself: against numbers worked out by hand, values of NumPy and SciPy, and what Keras computed. */
class PlanInterpreterTest {

    private static final Offset<Double> EXACT = within(1e-12);

    private static double[] result(Operation operation, Shape shape, double... image) {
        PlanBuilder builder = new PlanBuilder(shape);
        int made = builder.add("step", operation, InferencePlan.INPUT);
        int channels = builder.shape(made).channels();
        return PlanInterpreter.run(
                        Plans.classifier(builder, made, new LinearHead(new float[channels], new float[1])), image)
                .features();
    }

    /** 1, 2, 3... */
    private static double[] counted(int count) {
        return IntStream.rangeClosed(1, count).asDoubleStream().toArray();
    }

    private static Convolution convolution(Window window, int in, int out, int groups, float... weights) {
        return new Convolution(window, in, out, groups, weights, new float[out], false, Activation.IDENTITY);
    }

    /** Values of SciPy 1.14 ({@code special.erf}, {@code special.expit}) and NumPy, in double precision. */
    @ParameterizedTest
    @CsvSource({
        "RELU, 0.25, 0, -2, -0.5",
        "RELU, 0.25, 0, 2, 2",
        "CLIP, -1, 6, 7, 6",
        "CLIP, -1, 6, -7, -1",
        "ELU, 0.5, 0, -1, -0.31606027941427883",
        "SCALED_ELU, 0.5, 2, -1, -0.6321205588285577",
        "SCALED_ELU, 0.5, 2, 3, 6",
        "SIGMOID, 0, 0, 1, 0.7310585786300049",
        "TANH, 0, 0, 1, 0.7615941559557649",
        "SWISH, 1, 0, 1, 0.7310585786300049",
        "SWISH, 2, 0, -1, -0.11920292202211755",
        "HARD_SIGMOID, 0.25, 0.5, 1, 0.75",
        "HARD_SIGMOID, 0.25, 0.5, -3, 0",
        "HARD_SWISH, 0.25, 0.5, 1, 0.75",
        "HARD_SWISH, 0.25, 0.5, 3, 3",
        "SOFTPLUS, 0, 0, 1, 1.3132616875182228",
        "SOFTPLUS, 0, 0, -800, 0",
        "SOFTPLUS, 0, 0, 800, 800",
        "GELU, 0, 0, 1, 0.8413447460685429",
        "GELU, 0, 0, -2, -0.04550026389635842",
        "GELU, 0, 0, 9, 9",
        "GELU_TANH, 0, 0, 1, 0.8411919906082768",
        "MISH, 0, 0, 1, 0.8650983882673103",
        "SOFTSIGN, 0, 0, -3, -0.75",
        "EXPONENTIAL, 0, 0, 1, 2.718281828459045",
        "THRESHOLD, 0.5, 0, 0.5, 0",
        "THRESHOLD, 0.5, 0, 0.75, 0.75",
        "POWER, -0.5, 0, 4, 0.5"
    })
    void activationsGiveTheirFormulas(Function function, float alpha, float beta, double x, double expected) {
        Activate activate = new Activate(new Activation(function, alpha, beta));

        assertThat(result(activate, new Shape(1, 1, 1), x)[0]).isCloseTo(expected, EXACT);
    }

    @Test
    void convolutionsAreCrossCorrelationsWithZerosAround() {
        Window window = new Window(2, 2, 1, 2, 1, 1, new Padding(1, 0, 0, 1));

        // The image 1 2 3 / 4 5 6 under the kernel 1 10 / 100 1000.
        assertThat(result(convolution(window, 1, 1, 1, 1, 10, 100, 1000), new Shape(2, 3, 1), counted(6)))
                .containsExactly(2100, 300, 5421, 603);
    }

    @Test
    void dilatedKernelsSkipCells() {
        Window window = new Window(2, 1, 1, 1, 2, 1, Padding.NONE);

        assertThat(result(convolution(window, 1, 1, 1, 1, 10), new Shape(4, 1, 1), counted(4)))
                .containsExactly(31, 42);
    }

    @Test
    void groupsReadTheirOwnChannels() {
        assertThat(result(convolution(Window.of(1, 1), 4, 2, 2, 1, 10, 100, 1000), new Shape(1, 1, 4), counted(4)))
                .containsExactly(21, 4300);
    }

    @Test
    void sumsAreAddedBeforeTheActivation() {
        Convolution negated = convolution(Window.of(1, 1), 1, 1, 1, -2).withSum(Activation.RELU);
        PlanBuilder builder = new PlanBuilder(new Shape(1, 2, 1));
        int plus = builder.add("plus", ScaleShift.uniform(1, 1, 5), InferencePlan.INPUT);
        int sum = builder.add("sum", negated, InferencePlan.INPUT, plus);
        InferencePlan plan = Plans.classifier(builder, sum, new LinearHead(new float[] {2, 3}, new float[] {1, 0}));

        PlanInterpreter run = PlanInterpreter.run(plan, new double[] {1, 8});

        assertThat(run.value(plus)).containsExactly(6, 13);
        assertThat(run.features()).containsExactly(4, 0);
        assertThat(run.logits()).containsExactly(5, 6);
        assertThat(run.map(1)).containsExactly(12, 0);
    }

    @Test
    void poolingSeesTheImageAlone() {
        Window window = Window.of(3, 3).withPadding(new Padding(2, 0, 1, 1));
        Shape shape = new Shape(2, 2, 1);

        assertThat(result(new Pooling(Pooling.Kind.AVERAGE, window), shape, -1, -2, -3, -4))
                .containsExactly(-1.5, -1.5, -2.5, -2.5);
        assertThat(result(new Pooling(Pooling.Kind.MAXIMUM, window), shape, -1, -2, -3, -4))
                .containsExactly(-1, -1, -1, -1);
        assertThat(result(new GlobalPooling(Pooling.Kind.AVERAGE), shape, -1, -2, -3, -4))
                .containsExactly(-2.5);
        assertThat(result(new GlobalPooling(Pooling.Kind.MAXIMUM), shape, -1, -2, -3, -4))
                .containsExactly(-1);
    }

    @Test
    void cellsAreMoved() {
        Shape shape = new Shape(2, 2, 1);

        assertThat(result(new Pad(new Padding(0, 1, 1, 0)), shape, counted(4)))
                .containsExactly(0, 1, 2, 0, 3, 4, 0, 0, 0);
        assertThat(result(new Crop(new Padding(1, 0, 0, 1)), shape, counted(4))).containsExactly(3);
        assertThat(result(new InsertZeros(1, 2), shape, counted(4))).containsExactly(1, 0, 2, 3, 0, 4);
        assertThat(result(Slice.channels(1, 2), new Shape(1, 2, 3), counted(6))).containsExactly(2, 3, 5, 6);
        assertThat(result(new Reshape(new Shape(3, 2, 1)), new Shape(1, 2, 3), counted(6)))
                .containsExactly(counted(6));
        // numpy.arange(1, 7).reshape(1, 2, 3).transpose(2, 0, 1)
        assertThat(result(Transpose.of(2, 0, 1), new Shape(1, 2, 3), counted(6)))
                .containsExactly(1, 4, 2, 5, 3, 6);
    }

    /** {@code tf.image.resize} of TensorFlow 2.21, exact in these sizes. */
    @Test
    void resizingTakesCentresOfCells() {
        Shape row = new Shape(1, 2, 1);

        assertThat(result(new Resize(1, 4, Resize.Interpolation.BILINEAR), row, 0, 1))
                .containsExactly(0, 0.25, 0.75, 1);
        assertThat(result(new Resize(2, 3, Resize.Interpolation.NEAREST), row, 0, 1))
                .containsExactly(0, 1, 1, 0, 1, 1);
    }

    @Test
    void valuesAreCombinedWithVectorsAndSingleChannels() {
        PlanBuilder builder = new PlanBuilder(new Shape(1, 2, 2));
        int vector = builder.add("mean", new GlobalPooling(Pooling.Kind.AVERAGE), InferencePlan.INPUT);
        int channel = builder.add("first", Slice.channels(0, 1), InferencePlan.INPUT);
        int less = builder.add("less", new Elementwise(Elementwise.Kind.SUBTRACT), InferencePlan.INPUT, vector);
        int times = builder.add("times", new Elementwise(Elementwise.Kind.MULTIPLY), InferencePlan.INPUT, channel);
        int least = builder.add("least", new Elementwise(Elementwise.Kind.MINIMUM), less, times);
        int most = builder.add("most", new Elementwise(Elementwise.Kind.MAXIMUM), less, times);
        int joined = builder.add("joined", Concatenate.channels(), most, InferencePlan.INPUT, channel);
        InferencePlan plan = Plans.classifier(builder, joined, new LinearHead(new float[5], new float[1]));

        PlanInterpreter run = PlanInterpreter.run(plan, counted(4));

        assertThat(run.value(less)).containsExactly(-1, -1, 1, 1);
        assertThat(run.value(times)).containsExactly(1, 2, 9, 12);
        assertThat(run.value(least)).containsExactly(-1, -1, 1, 1);
        assertThat(run.features()).containsExactly(1, 2, 1, 2, 1, 9, 12, 3, 4, 3);
    }

    @Test
    void cellsAreNormalisedOverTheirChannels() {
        LayerNormalize normalize = new LayerNormalize(3, new float[] {2, 2}, new float[] {0, 1});

        // Mean 2, variance 1, square root of 4.
        assertThat(result(normalize, new Shape(1, 1, 2), 1, 3)).containsExactly(-1, 2);
        assertThat(result(new Softmax(), new Shape(1, 1, 2), 1000, 1000 + Math.log(3)))
                .containsExactly(new double[] {0.25, 0.75}, EXACT);
        assertThat(result(new ParametricRelu(new float[] {2, 3}), new Shape(1, 2, 2), -1, -1, 5, -2))
                .containsExactly(-2, -3, 5, -6);
    }

    @Test
    void storageInSinglePrecisionRoundsEveryValue() {
        PlanBuilder builder = new PlanBuilder(new Shape(1, 1, 1));
        int third = builder.add("third", ScaleShift.uniform(1, 1, 0), InferencePlan.INPUT);
        InferencePlan plan = Plans.classifier(builder, third, new LinearHead(new float[1], new float[1]));

        assertThat(PlanInterpreter.run(plan, new double[] {1.0 / 3}, PlanInterpreter.Storage.FLOAT)
                        .features())
                .containsExactly(1f / 3);
    }

    /** Before and after the passes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "mini_gap",
                "mini_relu6",
                "mini_sepstride",
                "mini_maxsame",
                "mini_avgsame",
                "mini_crop",
                "mini_groups",
                "mini_gelu",
                "mini_se",
                "mini_resize",
                "layers_gates",
                "layers_more_activations"
            })
    void plansOfKerasModelsGiveWhatKerasComputed(String name) {
        Golden golden = Golden.keras2(name);
        ImportedModel model = KerasModels.load(golden.model());
        GapClassifier classifier = GapClassifier.find(model.graph());
        int height = (int) golden.x().size(1);
        int width = (int) golden.x().size(2);
        InferencePlan literal =
                GraphPlanner.literal(classifier, height, width).plan().orElseThrow();
        InferencePlan simplified =
                GraphPlanner.plan(classifier, height, width).plan().orElseThrow();
        float[] expected = golden.y().getRow(0, true).dup('c').data().asFloat();
        float[] image = Arrays.copyOf(
                golden.x().dup('c').data().asFloat(), literal.input().size());

        assertScores(literal, image, classifier.activation(), expected);
        assertScores(simplified, image, classifier.activation(), expected);
    }

    private static void assertScores(InferencePlan plan, float[] image, OutputActivation last, float[] expected) {
        double[] exact = new double[image.length];
        Arrays.setAll(exact, i -> image[i]);
        double[] logits = PlanInterpreter.run(plan, exact).logits();
        Shape classes = new Shape(1, 1, logits.length);
        double[] scores = last == OutputActivation.NONE
                ? logits
                : OperationDefinition.result(
                        last == OutputActivation.SIGMOID ? new Activate(Activation.SIGMOID) : new Softmax(),
                        List.of(logits),
                        List.of(classes));
        assertThat(scores).hasSameSizeAs(expected);
        for (int i = 0; i < scores.length; i++) {
            assertThat(scores[i]).isCloseTo(expected[i], within(1e-5 * Math.max(1, Math.abs(expected[i]))));
        }
    }
}
