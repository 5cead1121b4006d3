package org.cam4j.engine.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.cam4j.plan.operation.Activation;
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
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Window;
import org.junit.jupiter.api.Test;

/** Operations on images, against numbers worked out by hand, TensorFlow's, and the definition of a convolution. */
class OperationDefinitionTest {

    private static final Offset<Double> EXACT = within(1e-12);

    private static double[] result(Operation operation, Shape shape, double... values) {
        return OperationDefinition.result(operation, List.of(values), List.of(shape));
    }

    /** 1, 2, 3... */
    private static double[] counted(int count) {
        return IntStream.rangeClosed(1, count).asDoubleStream().toArray();
    }

    private static Convolution convolution(Window window, int in, int out, int groups, float... weights) {
        return new Convolution(window, in, out, groups, weights, new float[out], false, Activation.IDENTITY);
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

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void convolutionsAreWhatTheirDefinitionSays(
            @ForAll @IntRange(min = 1, max = 9) int height,
            @ForAll @IntRange(min = 1, max = 90) int width,
            @ForAll @IntRange(min = 1, max = 4) int kernelHeight,
            @ForAll @IntRange(min = 1, max = 4) int kernelWidth,
            @ForAll @IntRange(min = 1, max = 3) int stride,
            @ForAll @IntRange(min = 1, max = 2) int dilation,
            @ForAll @IntRange(min = 1, max = 4) int groups,
            @ForAll @IntRange(min = 1, max = 6) int inputs,
            @ForAll @IntRange(min = 1, max = 5) int outputs,
            @ForAll long seed) {
        Random random = new Random(seed);
        // A border on every side, so that the window always fits.
        Padding padding =
                new Padding(kernelHeight * dilation, random.nextInt(3), kernelWidth * dilation, random.nextInt(3));
        Window window = new Window(kernelHeight, kernelWidth, stride, 1, dilation, dilation, padding);
        float[] weights = numbers(random, groups * outputs * inputs * kernelHeight * kernelWidth);
        float[] bias = numbers(random, groups * outputs);
        Convolution convolution = new Convolution(
                window, groups * inputs, groups * outputs, groups, weights, bias, false, Activation.IDENTITY);
        Shape shape = new Shape(height, width, groups * inputs);
        double[] image = random.doubles(shape.size(), -1, 1).toArray();

        assertThat(result(convolution, shape, image))
                .containsExactly(convolved(convolution, weights, image, shape), EXACT);
    }

    private static float[] numbers(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = 2 * random.nextFloat() - 1;
        }
        return numbers;
    }

    /** One loop for each index, nothing clever. */
    private static double[] convolved(Convolution convolution, float[] weights, double[] image, Shape shape) {
        Window window = convolution.window();
        Shape output = convolution.output(List.of(shape));
        int perGroup = convolution.inputs() / convolution.groups();
        double[] result = new double[output.size()];
        int i = 0;
        for (int y = 0; y < output.height(); y++) {
            for (int x = 0; x < output.width(); x++) {
                for (int out = 0; out < output.channels(); out++) {
                    double sum = convolution.bias()[out];
                    int firstInput = out / (convolution.outputs() / convolution.groups()) * perGroup;
                    int weight = out * perGroup * window.height() * window.width();
                    for (int in = 0; in < perGroup; in++) {
                        for (int ky = 0; ky < window.height(); ky++) {
                            for (int kx = 0; kx < window.width(); kx++) {
                                int row = y * window.strideY()
                                        + ky * window.dilationY()
                                        - window.padding().top();
                                int column = x * window.strideX()
                                        + kx * window.dilationX()
                                        - window.padding().left();
                                if (row >= 0 && row < shape.height() && column >= 0 && column < shape.width()) {
                                    int cell = row * shape.width() + column;
                                    sum += weights[weight] * image[cell * shape.channels() + firstInput + in];
                                }
                                weight++;
                            }
                        }
                    }
                    result[i++] = sum;
                }
            }
        }
        return result;
    }

    @Test
    void sumsAreAddedBeforeTheActivation() {
        Convolution negated = convolution(Window.of(1, 1), 1, 1, 1, -2).withSum(Activation.RELU);
        Shape shape = new Shape(1, 2, 1);

        assertThat(OperationDefinition.result(
                        negated, List.of(new double[] {1, 8}, new double[] {6, 13}), List.of(shape, shape)))
                .containsExactly(4, 0);
        assertThat(OperationDefinition.beforeActivation(
                        negated, List.of(new double[] {1, 8}, new double[] {6, 13}), List.of(shape, shape)))
                .containsExactly(4, -3);
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
        Shape shape = new Shape(1, 2, 2);
        Shape vector = new Shape(1, 1, 2);
        Shape channel = new Shape(1, 2, 1);

        assertThat(combined(Elementwise.Kind.SUBTRACT, shape, vector, 2, 3)).containsExactly(-1, -1, 1, 1);
        assertThat(combined(Elementwise.Kind.MULTIPLY, shape, channel, 1, 3)).containsExactly(1, 2, 9, 12);
        assertThat(combined(Elementwise.Kind.MINIMUM, shape, shape, -1, 5, 2, 12))
                .containsExactly(-1, 2, 2, 4);
        assertThat(combined(Elementwise.Kind.MAXIMUM, shape, shape, -1, 5, 2, 12))
                .containsExactly(1, 5, 3, 12);
        assertThat(combined(Elementwise.Kind.ADD, shape, shape, 4, 3, 2, 1)).containsExactly(5, 5, 5, 5);
    }

    private static double[] combined(Elementwise.Kind kind, Shape shape, Shape other, double... second) {
        return OperationDefinition.result(
                new Elementwise(kind), List.of(counted(shape.size()), second), List.of(shape, other));
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
        assertThat(result(new ParametricRelu(new float[] {2, 3, 4, 5}), new Shape(1, 2, 2), -1, -1, 5, -2))
                .containsExactly(-2, -3, 5, -10);
    }
}
