package org.cam4j.plan;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cam4j.classifier.LinearHead;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.TooLargeException;
import org.cam4j.plan.operation.WeightArray;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Plans;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a few bytes of a file may ask for. */
class PlanLimitsTest {

    private static final long GIB = 1L << 30;
    private static final Operation RELU = new Activate(Activation.RELU);

    private static InferencePlan plan(Shape input, Operation... operations) {
        PlanBuilder plan = new PlanBuilder(input);
        int value = InferencePlan.INPUT;
        for (int i = 0; i < operations.length; i++) {
            value = plan.add("step" + i, operations[i], value);
        }
        return Plans.classifier(
                plan, value, new LinearHead(new float[plan.shape(value).channels()], new float[1]));
    }

    private static Convolution convolution(Padding border) {
        return new Convolution(
                Window.of(3, 3).withPadding(border), 1, 1, 1, new float[9], new float[1], false, Activation.IDENTITY);
    }

    @Test
    void refusesBordersBeyondAnyNetworkAndNamesTheStep() {
        Padding border = new Padding(0, 0, 1 << 20, 0);
        for (Operation operation : new Operation[] {new Pad(border), convolution(border)}) {
            assertThatThrownBy(() -> PlanLimits.check(plan(new Shape(3, 3, 1), RELU, operation), GIB))
                    .isInstanceOf(TooLargeException.class)
                    .hasMessageContaining("'step1'")
                    .hasMessageContaining("1048576 cells")
                    .hasMessageContaining("65536");
        }
    }

    static Stream<Arguments> beyond() {
        int beyond = (1 << 16) + 1;
        Shape small = new Shape(4, 4, 1);
        Shape long1 = new Shape(1, 1 << 19, 1);
        return Stream.of(
                Arguments.of(small, convolution(new Window(3, 3, beyond, 1, 1, 1, Padding.NONE)), "by 65537x1"),
                Arguments.of(
                        small, convolution(new Window(3, 3, 1, Integer.MAX_VALUE, 1, 1, Padding.NONE)), "by 1x2147"),
                Arguments.of(
                        new Shape(1, beyond, 1),
                        new Pooling(Pooling.Kind.AVERAGE, new Window(1, beyond, 1, 1, 1, 1, new Padding(0, 0, 5, 5))),
                        "window of 1x65537"),
                Arguments.of(
                        small,
                        new Convolution(
                                new Window(1, 1, 1, 1, beyond, 1, Padding.NONE),
                                1,
                                1,
                                1,
                                new float[1],
                                new float[1],
                                false,
                                Activation.IDENTITY),
                        "dilates its window by 65537x1"),
                Arguments.of(small, new InsertZeros(1, beyond), "spaces cells by 1x65537"),
                Arguments.of(small, new Resize(beyond, 1, Resize.Interpolation.NEAREST), "resizes to 65537x1"),
                Arguments.of(long1, new GlobalPooling(Pooling.Kind.MAXIMUM), "moves over 1x524288x1"),
                Arguments.of(long1, convolution(Window.of(1, 1)), "moves over 1x524288x1"),
                Arguments.of(
                        new Shape(1, 1, 1 << 15),
                        new Dense(
                                1 << 15,
                                1 << 15,
                                WeightArray.readBy(1 << 30, () -> {
                                    throw new AssertionError("weights are not looked at");
                                }),
                                new float[1 << 15],
                                Activation.IDENTITY),
                        "1073741824 weights"));
    }

    private static Convolution convolution(Window window) {
        return new Convolution(
                window, 1, 1, 1, new float[window.height() * window.width()], new float[1], false, Activation.IDENTITY);
    }

    @ParameterizedTest
    @MethodSource("beyond")
    void refusesSizesBeyondAnyNetworkAndNamesTheStep(Shape input, Operation operation, String words) {
        assertThatThrownBy(() -> PlanLimits.check(plan(input, RELU, operation), Long.MAX_VALUE))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("'step1'")
                .hasMessageContaining(words);
    }

    @Test
    void refusesValuesOf2GibWhateverIsAllowed() {
        assertThatThrownBy(() -> PlanLimits.check(plan(new Shape(1 << 9, 1, 1 << 20), RELU), Long.MAX_VALUE))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("the image makes 512x1x1048576");
        assertThatThrownBy(() -> PlanLimits.check(
                        plan(new Shape(1, 1, 1 << 20), new Pad(new Padding(511, 0, 0, 0))), Long.MAX_VALUE))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("'step0' makes 512x1x1048576, which is 2147483648 bytes");
    }

    @Test
    void refusesMinutesOfMultiplications() {
        // 1000x1000 windows at a million places: 2^40 each time, and a few bytes of a file.
        Operation slow =
                new Pooling(Pooling.Kind.AVERAGE, Window.of(1024, 1024).withPadding(new Padding(512, 511, 512, 511)));
        InferencePlan some = plan(new Shape(1024, 1024, 1), slow, slow, slow, slow, slow, slow, slow);
        InferencePlan more = plan(new Shape(1024, 1024, 1), slow, slow, slow, slow, slow, slow, slow, slow);

        assertThatCode(() -> PlanLimits.check(some, GIB)).doesNotThrowAnyException();
        assertThatThrownBy(() -> PlanLimits.check(more, GIB))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("multiplies")
                .hasMessageContaining("smaller input size");
    }

    @Test
    void countsTheMultiplicationsOfMatrices() {
        PlanBuilder builder = new PlanBuilder(new Shape(1 << 14, 1 << 14));
        int value = InferencePlan.INPUT;
        for (int i = 0; i < 3; i++) {
            value = builder.add("product" + i, new MatMul(true), value, value);
        }
        InferencePlan plan = builder.build(Map.of("result", value));

        assertThatThrownBy(() -> PlanLimits.check(plan, 8 * GIB))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("up to step 'product2', it multiplies 13194139533312 times");
    }

    static Stream<Arguments> notFinite() {
        float[] one = {1};
        float[] nan = {Float.NaN};
        float[] infinite = {Float.NEGATIVE_INFINITY};
        return Stream.of(
                Arguments.of(new ScaleShift(nan, one, Activation.IDENTITY), "scale NaN"),
                Arguments.of(new ScaleShift(one, infinite, Activation.IDENTITY), "shift -Infinity"),
                Arguments.of(new LayerNormalize(Float.POSITIVE_INFINITY, one, one), "epsilon Infinity"),
                Arguments.of(new LayerNormalize(1, one, nan), "shift NaN"),
                Arguments.of(new ParametricRelu(infinite), "slope -Infinity"),
                Arguments.of(Dense.of(one, nan, Activation.IDENTITY), "bias NaN"),
                Arguments.of(Convolution.pointwise(one, infinite, Activation.IDENTITY), "bias -Infinity"),
                Arguments.of(new Activate(new Activation(Activation.Function.ELU, Float.NaN, 0)), "parameter of elu"),
                Arguments.of(
                        new Activate(new Activation(Activation.Function.SWISH, Float.POSITIVE_INFINITY, 0)),
                        "parameter of swish"),
                Arguments.of(new Activate(new Activation(Activation.Function.CLIP, 0, Float.NaN)), "at most NaN"),
                Arguments.of(
                        new Activate(new Activation(Activation.Function.CLIP, 2, 1)), "at least 2.0 and at most 1.0"));
    }

    @ParameterizedTest
    @MethodSource("notFinite")
    void refusesNumbersThatAreNotFiniteAndNamesTheStep(Operation operation, String words) {
        InferencePlan plan = plan(new Shape(2, 2, 1), RELU, operation);

        assertThatThrownBy(() -> PlanLimits.check(plan, GIB))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'step1'")
                .hasMessageContaining(words);
        assertThatThrownBy(() -> Engines.of(plan, EngineSettings.standard()).close())
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("no engine runs the network: step 'step1'");
    }

    @Test
    void aClipMayHaveNoBoundOnOneSide() {
        Activation above = new Activation(Activation.Function.CLIP, 0, Float.POSITIVE_INFINITY);

        assertThatCode(() -> PlanLimits.check(plan(new Shape(2, 2, 1), new Activate(above)), GIB))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesWhatIsNoOperation() {
        Operation foreign = new External("a layer of its own", new Shape(2, 2, 1), false);

        assertThatThrownBy(() -> PlanLimits.check(plan(new Shape(2, 2, 1), foreign), GIB))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'step0'")
                .hasMessageContaining("a layer of its own");
    }

    @Test
    void refusesManyStepsManyValuesAtOnceAndManyInputs() {
        Operation[] steps = new Operation[PlanLimits.MOST_STEPS - 1];
        Arrays.fill(steps, RELU);
        PlanBuilder joined = new PlanBuilder(new Shape(2, 2, 1));
        int result = joined.add("join", Concatenate.channels(), new int[PlanLimits.MOST_READ + 1]);
        Map<String, Shape> inputs = new LinkedHashMap<>();
        for (int i = 0; i <= PlanLimits.MOST_READ; i++) {
            inputs.put("input" + i, new Shape(1));
        }
        InferencePlan several = new InferencePlan(inputs, List.of(), Map.of("result", 0));

        // With pooling and head, one too many.
        assertThatThrownBy(() -> PlanLimits.check(plan(new Shape(1, 1, 1), steps), GIB))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("20001 steps");
        assertThatThrownBy(() -> PlanLimits.check(joined.build(Map.of("result", result)), GIB))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("'join' reads 1001 values");
        assertThatThrownBy(() -> PlanLimits.check(several, GIB))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("1001 inputs");
    }

    @Test
    void countsTheValuesThatAreKeptAtTheSameTime() {
        // 4 MiB each: of a chain, two are kept.
        Shape input = new Shape(1024, 1024, 1);
        InferencePlan chain = plan(input, RELU, RELU, RELU, RELU);

        assertThatCode(() -> PlanLimits.check(chain, 8L << 20)).doesNotThrowAnyException();
        assertThatThrownBy(() -> PlanLimits.check(chain, (8L << 20) - 1))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("'step0'")
                .hasMessageContaining("8 MiB")
                .hasMessageContaining("at most 7");
    }

    @Test
    void countsAValueUntilItsLastReaderAndTheFeaturesToTheEnd() {
        PlanBuilder builder = new PlanBuilder(new Shape(1024, 1024, 1));
        int kept = builder.add("kept", RELU, InferencePlan.INPUT);
        int features = builder.add("features", RELU, kept);
        int next = builder.add("next", RELU, features);
        builder.add("sum", new Elementwise(Elementwise.Kind.ADD), next, kept);
        InferencePlan plan = Plans.classifier(builder, features, new LinearHead(new float[1], new float[1]));

        assertThatCode(() -> PlanLimits.check(plan, 16L << 20)).doesNotThrowAnyException();
        assertThatThrownBy(() -> PlanLimits.check(plan, (16L << 20) - 1)).hasMessageContaining("'sum'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oneDNN", "ND4J", "Java"})
    void noEngineStartsBeyondTheBoundAndASettingMovesIt(String engineName) {
        EngineSettings settings =
                EngineSettings.standard().withEngine(engineName).withMaxBytes(1 << 20);
        InferencePlan plan = plan(new Shape(512, 512, 1), RELU);

        assertThatThrownBy(() -> Engines.of(plan, settings).close())
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("maxNetworkBytes");
        assertThatCode(() -> Engines.of(plan, settings.withMaxBytes(2 << 20)).close())
                .doesNotThrowAnyException();
    }

    @Test
    void sizesThatOverflowAreRefusedAndNeverSmall() {
        int huge = Integer.MAX_VALUE;
        Shape small = new Shape(10, 10, 1);
        Shape wide = new Shape(1, 1, 1 << 30);
        for (Operation operation : List.of(
                new Pad(new Padding(huge, huge, 0, 0)),
                new InsertZeros(huge, huge),
                new Resize(huge, huge, Resize.Interpolation.NEAREST),
                convolution(new Padding(huge, huge, huge, huge)))) {
            assertThatThrownBy(() -> operation.output(List.of(small))).isInstanceOf(TooLargeException.class);
        }
        assertThatThrownBy(() -> Concatenate.channels().output(List.of(wide, wide, wide)))
                .isInstanceOf(TooLargeException.class);
        assertThatThrownBy(() -> new Crop(new Padding(huge, huge, 0, 0)).output(List.of(small)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leaves nothing");
        assertThatThrownBy(() -> new Convolution(
                        Window.of(1 << 15, 1 << 16),
                        1 << 17,
                        1 << 17,
                        1,
                        new float[0],
                        new float[1 << 17],
                        false,
                        Activation.IDENTITY))
                .isInstanceOf(TooLargeException.class);
        assertThatThrownBy(() -> Window.same(
                                new Shape(1, huge, 1), 1, 1 << 16, new int[] {1, huge}, new int[] {1, 1 << 14})
                        .over(small, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
