package org.cam4j.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.post_ops;
import org.cam4j.classifier.LinearHead;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Closeness;
import org.cam4j.testing.Plans;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What oneDNN 2.5.2 is known to compute wrongly, or to end the process with, against the definition in double precision. */
class KernelLimitsTest {

    private static final double TOLERANCE = 1e-6;

    private static float[] noise(int count) {
        Random random = new Random(count);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat() * 2 - 1;
        }
        return numbers;
    }

    /** A value that a kernel made, not the image itself: the image, unchanged. */
    private static int computed(PlanBuilder plan) {
        int channels = plan.shape(InferencePlan.INPUT).channels();
        return plan.add("same", ScaleShift.uniform(channels, 1, 0), InferencePlan.INPUT);
    }

    private static float[] features(PlanBuilder plan, int features, float[] image) throws Exception {
        Shape input = plan.shape(InferencePlan.INPUT);
        LinearHead head = new LinearHead(new float[plan.shape(features).channels()], new float[1]);
        try (Engine engine = OneDnnEngine.start(Plans.classifier(plan, features, head), 2)) {
            return Plans.run(engine, head, image, input.height(), input.width(), input.channels())
                    .features()
                    .dup('c')
                    .data()
                    .asFloat();
        }
    }

    // ---- poolings ----

    private static float[] pooled(Pooling pooling, Shape input, Shape output, float[] image) {
        Window window = pooling.window();
        float[] result = new float[output.size()];
        for (int i = 0; i < result.length; i++) {
            int channel = i % output.channels();
            int x = i / output.channels() % output.width() * window.strideX()
                    - window.padding().left();
            int y = i / output.channels() / output.width() * window.strideY()
                    - window.padding().top();
            double sum = 0;
            double largest = Double.NEGATIVE_INFINITY;
            int seen = 0;
            for (int row = Math.max(y, 0); row < Math.min(y + window.height(), input.height()); row++) {
                for (int column = Math.max(x, 0); column < Math.min(x + window.width(), input.width()); column++) {
                    double number = image[(row * input.width() + column) * input.channels() + channel];
                    sum += number;
                    largest = Math.max(largest, number);
                    seen++;
                }
            }
            result[i] = (float) (pooling.kind() == Pooling.Kind.MAXIMUM ? largest : sum / seen);
        }
        return result;
    }

    private static void assertPools(Shape input, int height, int width, int strideY, int strideX, Padding border)
            throws Exception {
        for (Pooling.Kind kind : Pooling.Kind.values()) {
            Pooling pooling = new Pooling(kind, new Window(height, width, strideY, strideX, 1, 1, border));
            PlanBuilder plan = new PlanBuilder(input);
            int value = plan.add("pooling", pooling, computed(plan));
            float[] image = noise(input.size());

            float[] features = features(plan, value, image);

            assertThat(Closeness.relative(features, pooled(pooling, input, plan.shape(value), image)))
                    .as("%s of %s", pooling.describe(), input)
                    .isLessThan(TOLERANCE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 17, 48})
    void windowsWiderThanTheMapSeeTheMapAlone(int channels) throws Exception {
        for (int size : new int[] {1, 2, 4, 5}) {
            for (int kernel : new int[] {5, 9, 13}) {
                int border = kernel / 2;
                Padding all = new Padding(border, border, border, border);
                assertPools(new Shape(size, size, channels), kernel, kernel, 1, 1, all);
                assertPools(new Shape(size, 2 * size, channels), kernel, kernel, 2, 3, all);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"13, 13, 13, 6, 6", "12, 8, 9, 2, 4", "3, 40, 45, 20, 24", "2, 17, 30, 0, 29", "2, 17, 30, 29, 0"})
    void sideBordersMayBeWiderThanWhatIsComputedTogether(int height, int width, int kernel, int left, int right)
            throws Exception {
        for (int channels : new int[] {5, 16, 24}) {
            Padding border = new Padding(0, 0, left, right);
            assertPools(new Shape(height, width, channels), 1, kernel, 1, 1, border);
            assertPools(new Shape(height, width, channels), 2, kernel, 2, 2, border);
        }
    }

    // ---- sums ----

    /** A depthwise convolution of ones with a sum: of one cell's channel at a time, so that the result is known without a loop. */
    private static Convolution picking(Window window, int channels, Activation activation) {
        float[] weights = new float[channels * channels];
        for (int c = 0; c < channels; c++) {
            weights[c * channels + c] = 1;
        }
        return new Convolution(window, channels, channels, 1, weights, noise(channels), false, activation)
                .withSum(activation);
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.Function.class,
            names = {"IDENTITY", "RELU"})
    void sumsReachCellsOfWhichTheConvolutionSeesTheBorderAlone(Activation.Function function) throws Exception {
        for (int channels : new int[] {3, 16, 32, 40}) {
            Shape input = new Shape(8, 8, channels);
            Window window = new Window(1, 1, 2, 2, 1, 1, new Padding(3, 3, 3, 3));
            Convolution sum = picking(window, channels, Activation.of(function));
            PlanBuilder plan = new PlanBuilder(input);
            int source = computed(plan);
            int added = plan.add("added", new Pooling(Pooling.Kind.MAXIMUM, Window.of(2, 2)), source);
            int value = plan.add("sum", sum, source, added);
            float[] image = noise(input.size());

            float[] features = features(plan, value, image);

            float[] pooled =
                    pooled(new Pooling(Pooling.Kind.MAXIMUM, Window.of(2, 2)), input, plan.shape(added), image);
            float[] expected = new float[pooled.length];
            for (int i = 0; i < expected.length; i++) {
                int c = i % channels;
                int x = 2 * (i / channels % 7) - 3;
                int y = 2 * (i / channels / 7) - 3;
                boolean inside = y >= 0 && y < 8 && x >= 0 && x < 8;
                float total = pooled[i] + sum.bias()[c] + (inside ? image[(y * 8 + x) * channels + c] : 0);
                expected[i] = function == Activation.Function.RELU ? Math.max(total, 0) : total;
            }
            assertThat(Closeness.relative(features, expected))
                    .as("%d channels", channels)
                    .isLessThan(TOLERANCE);
        }
    }

    private static float[] plus(float[] a, float[] b, float[] bias) {
        float[] sum = new float[a.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = a[i] + b[i] + bias[i % bias.length];
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 16, 32})
    void sumsLeaveAValueThatIsReadLaterOrTwice(int channels) throws Exception {
        Convolution sum = picking(Window.of(1, 1), channels, Activation.IDENTITY);
        Shape input = new Shape(5, 5, channels);
        float[] image = noise(input.size());
        PlanBuilder later = new PlanBuilder(input);
        int added = computed(later);
        int first = later.add("first", sum, later.add("source", ScaleShift.uniform(channels, 2, 0), added), added);
        int second = later.add("second", sum, first, added);
        PlanBuilder twice = new PlanBuilder(input);
        int same = computed(twice);

        float[] ofLater = features(later, second, image);
        float[] ofTwice = features(twice, twice.add("sum", sum, same, same), image);

        float[] triple = new float[image.length];
        for (int i = 0; i < triple.length; i++) {
            triple[i] = 3 * image[i];
        }
        float[] bias = sum.bias();
        float[] firstSum = plus(triple, new float[image.length], bias);
        assertThat(Closeness.relative(ofLater, plus(firstSum, image, bias))).isLessThan(TOLERANCE);
        assertThat(Closeness.relative(ofTwice, plus(image, image, bias))).isLessThan(TOLERANCE);
    }

    @Test
    void sumsLeaveTheFeatures() throws Exception {
        Shape input = new Shape(4, 4, 16);
        PlanBuilder plan = new PlanBuilder(input);
        int features = computed(plan);
        plan.add("sum", picking(Window.of(1, 1), 16, Activation.IDENTITY), InferencePlan.INPUT, features);
        float[] image = noise(input.size());

        assertThat(features(plan, features, image)).containsExactly(image);
    }

    // ---- functions of each number at a kernel's end ----

    @Test
    void functionsAtAKernelsEndAreOfDifferentAlgorithms() {
        post_ops operations = new post_ops();
        assertThat(KernelLimits.mayFollow(operations, algorithm.eltwise_linear)).isTrue();
        operations.append_sum();
        operations.append_eltwise(1, algorithm.eltwise_linear, 2, 0);

        assertThat(KernelLimits.mayFollow(operations, algorithm.eltwise_clip)).isTrue();
        assertThat(KernelLimits.mayFollow(operations, algorithm.eltwise_linear)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.Function.class,
            names = {"HARD_SIGMOID", "SCALED_ELU", "POWER"})
    void noActivationIsAskedForTwiceInOneKernel(Activation.Function function) throws Exception {
        Activation activation = new Activation(function, 0.5f, 1);
        post_ops operations = new post_ops();
        PostOperations.append(operations, activation);

        assertThatThrownBy(() -> PostOperations.append(operations, activation))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("once");
    }

    @ParameterizedTest
    @ValueSource(floats = {-1, -0.5f, 0.5f, 2})
    void powersThatNeedNoCallAreKernelsEnds(float exponent) {
        assertThat(KernelLimits.hasPower(exponent)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(floats = {-2, 0, 0.25f, 1, 1.5f, 3, Float.NaN})
    void otherPowersAreNoKernelsEnds(float exponent) {
        assertThat(KernelLimits.hasPower(exponent)).isFalse();
        assertThat(PostOperations.has(new Activation(Activation.Function.POWER, exponent, 0)))
                .isFalse();
    }

    // ---- cells set apart ----

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 1", "1, 4", "2, 2", "3, 1", "2, 3"})
    void cellsAreSetApartByAnySteps(int stepY, int stepX) throws Exception {
        for (int channels : new int[] {1, 16, 20}) {
            for (int width : new int[] {1, 2, 5}) {
                Shape input = new Shape(3, width, channels);
                PlanBuilder plan = new PlanBuilder(input);
                int value = plan.add("spread", new InsertZeros(stepY, stepX), computed(plan));
                float[] image = noise(input.size());
                Shape output = plan.shape(value);
                float[] expected = new float[output.size()];
                for (int i = 0; i < image.length; i++) {
                    int x = i / channels % width * stepX;
                    int y = i / channels / width * stepY;
                    expected[(y * output.width() + x) * channels + i % channels] = image[i];
                }

                assertThat(features(plan, value, image)).containsExactly(expected);
            }
        }
    }

    @Test
    void brgconvIsNotAskedForBordersOverHalfARow() {
        Window wide = new Window(1, 11, 2, 1, 1, 2, new Padding(0, 0, 6, 9));
        Window usual = Window.of(3, 3).withPadding(new Padding(1, 1, 1, 1));

        assertThat(isBroken("brgconv:avx512_core_bf16", wide, new Shape(3, 22, 19)))
                .isTrue();
        assertThat(isBroken("jit:avx512_common", wide, new Shape(3, 22, 19))).isFalse();
        assertThat(isBroken("brgconv:avx512_core", usual, new Shape(7, 7, 19))).isFalse();
        assertThat(isBroken("brgconv:avx512_core", usual, new Shape(1, 2, 19))).isFalse();
    }

    @Test
    void groupsOfFourChannelsInBfloat16EndWithSimpleFunctionsAlone() {
        assertThat(isBroken("jit_bf16:avx512_core_bf16", 4, 8, Activation.SWISH))
                .isTrue();
        assertThat(isBroken("jit_bf16:avx512_core_bf16", 8, 12, Activation.SIGMOID))
                .isTrue();
        assertThat(isBroken("jit_bf16:avx512_core_bf16", 4, 8, Activation.RELU)).isFalse();
        assertThat(isBroken("jit_bf16:avx512_core_bf16", 8, 16, Activation.SWISH))
                .isFalse();
        assertThat(isBroken("jit:avx512_core", 4, 8, Activation.SWISH)).isFalse();
    }

    private static boolean isBroken(String implementation, int inputs, int outputs, Activation activation) {
        Shape input = new Shape(3, 29, 3 * inputs);
        Convolution grouped = new Convolution(
                Window.of(1, 1),
                3 * inputs,
                3 * outputs,
                3,
                new float[3 * inputs * outputs],
                new float[3 * outputs],
                false,
                activation);
        return KernelLimits.isBroken(implementation, grouped, input, grouped.output(List.of(input)));
    }

    private static boolean isBroken(String implementation, Window window, Shape input) {
        Convolution convolution = new Convolution(
                window,
                input.channels(),
                1,
                1,
                new float[input.channels() * window.height() * window.width()],
                new float[1],
                false,
                Activation.IDENTITY);
        return KernelLimits.isBroken(implementation, convolution, input, convolution.output(List.of(input)));
    }
}
