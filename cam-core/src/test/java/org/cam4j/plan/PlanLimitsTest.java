package org.cam4j.plan;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.TooLargeException;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Plans;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        EngineSettings settings = EngineSettings.standard().withEngine(engineName).withMaxBytes(1 << 20);
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
