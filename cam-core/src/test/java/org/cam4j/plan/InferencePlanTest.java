package org.cam4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.junit.jupiter.api.Test;

class InferencePlanTest {

    private static final Operation RELU = new Activate(Activation.RELU);

    private static InferencePlan plan(int features, Step... steps) {
        return new InferencePlan(
                Map.of(InferencePlan.IMAGE, new Shape(4, 5, 3)), List.of(steps), Map.of("result", features));
    }

    @Test
    void refusesValuesThatAreNotThereAndSaysWhere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan(1, new Step(1, "relu", RELU, List.of(2))))
                .withMessageContaining("'relu'")
                .withMessageContaining("value 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan(3, new Step(1, "relu", RELU, List.of(0))))
                .withMessageContaining("value 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan(1, new Step(1, "a", RELU, List.of(0)), new Step(1, "b", RELU, List.of(0))))
                .withMessageContaining("'b' makes value 1 again");
    }

    @Test
    void refusesSizesThatDoNotFitAndSaysWhere() {
        Convolution five = Convolution.pointwise(new float[10], new float[2], Activation.IDENTITY);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan(1, new Step(1, "conv", five, List.of(0))))
                .withMessageContaining("'conv'")
                .withMessageContaining("5 channels")
                .withMessageContaining("4x5x3");
    }

    @Test
    void refusesADenseLayerOfOtherChannels() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan(
                        1, new Step(1, "dense", Dense.of(new float[4], new float[2], Activation.IDENTITY), List.of(0))))
                .withMessageContaining("'dense'")
                .withMessageContaining("2 channels")
                .withMessageContaining("4x5x3");
    }

    @Test
    void refusesPlansWithoutInputsOrOutputs() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InferencePlan(Map.of(), List.of(), Map.of("result", 0)))
                .withMessageContaining("0 inputs");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InferencePlan(Map.of("image", new Shape(1, 1, 1)), List.of(), Map.of()))
                .withMessageContaining("0 outputs");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan(0).output("scores"))
                .withMessageContaining("no output 'scores', only [result]");
    }

    @Test
    void refusesWeightsThatAreNotComplete() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Convolution(
                        Window.of(3, 3), 4, 4, 2, new float[71], new float[4], false, Activation.IDENTITY))
                .withMessageContaining("71 numbers where 72 belong");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Convolution(
                        Window.of(1, 1), 4, 4, 3, new float[4], new float[4], false, Activation.IDENTITY))
                .withMessageContaining("3 groups");
    }

    @Property
    void sameCoversTheImageWithTheOddCellBelowAndOnTheRight(
            @ForAll @IntRange(min = 1, max = 40) int size,
            @ForAll @IntRange(min = 1, max = 7) int kernel,
            @ForAll @IntRange(min = 1, max = 4) int stride,
            @ForAll @IntRange(min = 1, max = 3) int dilation) {
        Shape image = new Shape(size, size + 3, 1);

        Window window = Window.same(image, kernel, kernel, new int[] {stride, stride}, new int[] {dilation, dilation});

        Shape output = window.over(image, 1);
        assertThat(output.height()).isEqualTo((size + stride - 1) / stride);
        assertThat(output.width()).isEqualTo((size + 3 + stride - 1) / stride);
        assertThat(window.padding().bottom() - window.padding().top()).isBetween(0, 1);
    }
}
