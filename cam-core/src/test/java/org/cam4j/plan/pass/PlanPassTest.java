package org.cam4j.plan.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Plans;
import org.cam4j.testing.reference.PlanInterpreter;
import org.junit.jupiter.api.Test;

/** Each pass: what it changes, what it leaves alone, and that the numbers stay the same. */
class PlanPassTest {

    private static final Shape IMAGE = new Shape(7, 6, 4);
    private static final Window PADDED = Window.of(3, 3).withPadding(new Padding(1, 1, 1, 1));

    private final Random random = new Random(8);

    private InferencePlan plan(ToIntFunction<PlanBuilder> body) {
        PlanBuilder builder = new PlanBuilder(IMAGE);
        return Plans.features(builder, body.applyAsInt(builder));
    }

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private Convolution convolution(Window window, int in, int out, int groups) {
        return new Convolution(
                window,
                in,
                out,
                groups,
                numbers(out * in / groups * window.height() * window.width()),
                numbers(out),
                false,
                Activation.IDENTITY);
    }

    private ScaleShift scaleShift(int channels) {
        return new ScaleShift(numbers(channels), numbers(channels), Activation.IDENTITY);
    }

    private static Activate relu() {
        return new Activate(Activation.RELU);
    }

    /** Applies a pass, checks that the results stay the same, and lists what is left. */
    private List<String> operations(PlanPass pass, InferencePlan before) {
        InferencePlan after = pass.apply(before);
        double[] image = random.doubles(IMAGE.size(), -1, 1).toArray();
        double[] expected = PlanInterpreter.run(before, image).features();
        double scale = 0;
        for (double number : expected) {
            scale = Math.max(scale, Math.abs(number));
        }
        assertThat(PlanInterpreter.run(after, image).features()).containsExactly(expected, within(1e-5 * scale));
        return after.steps().stream().map(step -> step.operation().describe()).toList();
    }

    @Test
    void identitiesGo() {
        InferencePlan plan = plan(net -> {
            int value = net.add("linear", new Activate(Activation.IDENTITY), InferencePlan.INPUT);
            value = net.add("one", ScaleShift.uniform(4, 1, 0), value);
            value = net.add("pad", new Pad(Padding.NONE), value);
            value = net.add("resize", new Resize(7, 6, Resize.Interpolation.NEAREST), value);
            value = net.add("spread", new InsertZeros(1, 1), value);
            value = net.add("relu", relu(), value);
            return net.add("alone", Concatenate.channels(), value);
        });

        assertThat(operations(new RemoveIdentities(), plan)).containsExactly("activate relu");
    }

    /** As PyTorch exports DenseNet: each layer reads all that came before. */
    @Test
    void concatenationsReadTheLongestEarlierOneThatTheyBeginWith() {
        InferencePlan plan = plan(net -> {
            int a = net.add("a", convolution(PADDED, 4, 3, 1), InferencePlan.INPUT);
            int b = net.add("b", convolution(PADDED, 4, 2, 1), InferencePlan.INPUT);
            int ab = net.add("ab", Concatenate.channels(), a, b);
            int c = net.add("c", convolution(PADDED, 5, 2, 1), ab);
            int abc = net.add("abc", Concatenate.channels(), a, b, c);
            int d = net.add("d", convolution(PADDED, 7, 2, 1), abc);
            int other = net.add("acd", Concatenate.channels(), a, c, d);
            int whole = net.add("abcd", Concatenate.channels(), a, b, c, d);
            return net.add("both", Concatenate.channels(), whole, other);
        });

        List<Step> after = new ShareConcatenations().apply(plan).steps();

        assertThat(operations(new ShareConcatenations(), plan)).hasSize(9);
        assertThat(inputs(after, "ab")).isEqualTo(inputs(plan.steps(), "ab"));
        assertThat(inputs(after, "abc")).containsExactly(value(after, "ab"), value(after, "c"));
        assertThat(inputs(after, "abcd")).containsExactly(value(after, "abc"), value(after, "d"));
        assertThat(inputs(after, "acd")).isEqualTo(inputs(plan.steps(), "acd"));
        assertThat(inputs(after, "both")).isEqualTo(inputs(plan.steps(), "both"));
    }

    @Test
    void concatenationsOfTheSameAlongAnotherAxisAreNotShared() {
        InferencePlan plan = plan(net -> {
            net.add("beside", new Concatenate(1), InferencePlan.INPUT, InferencePlan.INPUT);
            return net.add("below", new Concatenate(0), InferencePlan.INPUT, InferencePlan.INPUT, InferencePlan.INPUT);
        });

        assertThat(new ShareConcatenations().apply(plan).steps()).isEqualTo(plan.steps());
    }

    private static List<Integer> inputs(List<Step> steps, String name) {
        return named(steps, name).inputs();
    }

    private static int value(List<Step> steps, String name) {
        return named(steps, name).value();
    }

    private static Step named(List<Step> steps, String name) {
        return steps.stream()
                .filter(step -> step.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** relu6(x + 3) / 6. */
    private static int hardSigmoid(PlanBuilder net, int value) {
        int channels = net.shape(value).channels();
        int line = net.add("line", ScaleShift.uniform(channels, 1, 3), value);
        int clip = net.add("clip", new Activate(Activation.RELU6), line);
        return net.add("share", ScaleShift.uniform(channels, 1f / 6, 0), clip);
    }

    @Test
    void hardSigmoidsAreRecognised() {
        InferencePlan plan = plan(net -> hardSigmoid(net, InferencePlan.INPUT));

        assertThat(operations(new RecognizeHardSigmoids(), plan))
                .containsExactly("activate hard_sigmoid(0.16666667, 0.5)");
    }

    @Test
    void clipsThatAreReadElsewhereOrOfAnotherHeightAreNoHardSigmoids() {
        InferencePlan shared = plan(net -> {
            int share = hardSigmoid(net, InferencePlan.INPUT);
            return net.add("sum", new Elementwise(Elementwise.Kind.ADD), share, share - 1);
        });
        InferencePlan higher = plan(net -> {
            int clip = net.add(
                    "clip",
                    new Activate(new Activation(Activation.Function.CLIP, 0, 7)),
                    net.add("line", ScaleShift.uniform(4, 1, 3), InferencePlan.INPUT));
            return net.add("share", ScaleShift.uniform(4, 1f / 6, 0), clip);
        });

        assertThat(operations(new RecognizeHardSigmoids(), shared)).hasSize(4);
        assertThat(operations(new RecognizeHardSigmoids(), higher)).hasSize(3);
    }

    @Test
    void productsWithTheirOwnGateAreRecognised() {
        InferencePlan swish = plan(net -> {
            int gate = net.add("gate", new Activate(Activation.SIGMOID), InferencePlan.INPUT);
            return net.add("product", new Elementwise(Elementwise.Kind.MULTIPLY), gate, InferencePlan.INPUT);
        });
        InferencePlan hardSwish = new RecognizeHardSigmoids().apply(plan(net -> {
            int gate = hardSigmoid(net, InferencePlan.INPUT);
            return net.add("product", new Elementwise(Elementwise.Kind.MULTIPLY), InferencePlan.INPUT, gate);
        }));

        assertThat(operations(new RecognizeSwish(), swish)).containsExactly("activate swish");
        assertThat(operations(new RecognizeSwish(), hardSwish)).containsExactly("activate hard_swish(0.16666667, 0.5)");
    }

    @Test
    void gatesOfAnotherValueStayProducts() {
        InferencePlan plan = plan(net -> {
            int relu = net.add("relu", relu(), InferencePlan.INPUT);
            int gate = net.add("gate", new Activate(Activation.SIGMOID), relu);
            return net.add("product", new Elementwise(Elementwise.Kind.MULTIPLY), InferencePlan.INPUT, gate);
        });

        assertThat(operations(new RecognizeSwish(), plan)).hasSize(3);
    }

    @Test
    void unreadStepsGoWithWhatOnlyTheyRead() {
        InferencePlan plan = plan(net -> {
            int dead = net.add("dead", relu(), InferencePlan.INPUT);
            net.add("deader", scaleShift(4), dead);
            return net.add("alive", convolution(PADDED, 4, 3, 1), InferencePlan.INPUT);
        });

        assertThat(operations(new RemoveUnread(), plan)).containsExactly("convolution 3x3 padding 1,1,1,1 4->3");
    }

    @Test
    void normalisationFoldsIntoTheConvolutionBefore() {
        InferencePlan plan = plan(net -> {
            int value = net.add("conv", convolution(PADDED, 4, 6, 2), InferencePlan.INPUT);
            value = net.add("bn", scaleShift(6), value);
            return net.add("bn2", scaleShift(6).withActivation(Activation.RELU), value);
        });

        assertThat(operations(new FoldIntoPreceding(), plan))
                .containsExactly("convolution 3x3 padding 1,1,1,1 4->6 groups 2 relu");
    }

    @Test
    void normalisationStaysWhereTheConvolutionIsReadElsewhereOrActivated() {
        InferencePlan shared = plan(net -> {
            int value = net.add("conv", convolution(PADDED, 4, 4, 1), InferencePlan.INPUT);
            int normalised = net.add("bn", scaleShift(4), value);
            return net.add("sum", new Elementwise(Elementwise.Kind.ADD), normalised, value);
        });
        InferencePlan activated = plan(net -> {
            int value =
                    net.add("conv", convolution(PADDED, 4, 4, 1).withActivation(Activation.RELU), InferencePlan.INPUT);
            return net.add("bn", scaleShift(4), value);
        });

        assertThat(operations(new FoldIntoPreceding(), shared)).contains("scale and shift");
        assertThat(operations(new FoldIntoPreceding(), activated)).contains("scale and shift");
    }

    @Test
    void normalisationFoldsIntoTheConvolutionsAfterWithoutBorder() {
        InferencePlan plan = plan(net -> {
            int value = net.add("bn", scaleShift(4), InferencePlan.INPUT);
            int left = net.add("left", convolution(Window.of(3, 2), 4, 6, 2), value);
            int right = net.add("right", convolution(Window.of(3, 2), 4, 6, 1), value);
            return net.add("sum", new Elementwise(Elementwise.Kind.ADD), left, right);
        });

        assertThat(operations(new FoldIntoFollowing(), plan)).doesNotContain("scale and shift");
    }

    @Test
    void aShiftIsNeverFoldedAcrossABorderButAScaleIs() {
        InferencePlan shifting = plan(net -> {
            int value = net.add("bn", scaleShift(4), InferencePlan.INPUT);
            return net.add("conv", convolution(PADDED, 4, 5, 1), value);
        });
        InferencePlan scaling = plan(net -> {
            int value = net.add(
                    "rescaling", new ScaleShift(numbers(4), new float[4], Activation.IDENTITY), InferencePlan.INPUT);
            return net.add("conv", convolution(PADDED, 4, 5, 1), value);
        });

        assertThat(operations(new FoldIntoFollowing(), shifting)).contains("scale and shift");
        assertThat(operations(new FoldIntoFollowing(), scaling)).doesNotContain("scale and shift");
    }

    @Test
    void activationsFuseUnlessSomebodyReadsWhatIsBefore() {
        InferencePlan plan = plan(net -> {
            int conv = net.add("conv", convolution(PADDED, 4, 4, 1), InferencePlan.INPUT);
            int fused = net.add("relu", relu(), conv);
            int scaled = net.add("bn", scaleShift(4), fused);
            int kept = net.add("relu2", relu(), scaled);
            int sum = net.add("sum", new Elementwise(Elementwise.Kind.ADD), kept, scaled);
            return net.add("tanh", new Activate(Activation.of(Activation.Function.TANH)), sum);
        });

        assertThat(operations(new FuseActivations(), plan))
                .containsExactly(
                        "convolution 3x3 padding 1,1,1,1 4->4 relu", "scale and shift", "activate relu", "add tanh");
    }

    @Test
    void twoActivationsInARowStayTwo() {
        InferencePlan plan = plan(net -> {
            int conv = net.add("conv", convolution(PADDED, 4, 4, 1), InferencePlan.INPUT);
            int relu = net.add("relu", relu(), conv);
            return net.add("tanh", new Activate(Activation.of(Activation.Function.TANH)), relu);
        });

        assertThat(operations(new FuseActivations(), plan)).hasSize(2);
    }

    @Test
    void bordersAreAbsorbedByConvolutionsAndByPoolingsOfNonNegativeNumbers() {
        InferencePlan convolved = plan(net -> {
            int padded = net.add("pad", new Pad(new Padding(2, 1, 0, 3)), InferencePlan.INPUT);
            return net.add("conv", convolution(PADDED, 4, 3, 1), padded);
        });
        InferencePlan pooled = plan(net -> {
            int conv =
                    net.add("conv", convolution(PADDED, 4, 4, 1).withActivation(Activation.RELU), InferencePlan.INPUT);
            int padded = net.add("pad", new Pad(new Padding(1, 1, 1, 1)), conv);
            return net.add("pool", new Pooling(Pooling.Kind.MAXIMUM, Window.of(3, 3)), padded);
        });

        assertThat(operations(new AbsorbPadding(), convolved)).containsExactly("convolution 3x3 padding 3,2,1,4 4->3");
        assertThat(operations(new AbsorbPadding(), pooled)).last().isEqualTo("maximum pooling 3x3 padding 1,1,1,1");
    }

    @Test
    void theBorderOfAPoolingStaysWhereItCouldBeTheMaximum() {
        InferencePlan plan = plan(net -> {
            int conv = net.add("conv", convolution(PADDED, 4, 4, 1), InferencePlan.INPUT);
            int padded = net.add("pad", new Pad(new Padding(1, 1, 1, 1)), conv);
            return net.add("pool", new Pooling(Pooling.Kind.MAXIMUM, Window.of(3, 3)), padded);
        });

        assertThat(operations(new AbsorbPadding(), plan)).contains("pad 1,1,1,1");
    }

    @Test
    void aResidualSumFusesIntoTheLaterConvolution() {
        InferencePlan plan = plan(net -> {
            int stem = net.add("stem", convolution(PADDED, 4, 4, 1), InferencePlan.INPUT);
            int conv = net.add("conv", convolution(PADDED, 4, 4, 1), stem);
            return net.add("sum", new Elementwise(Elementwise.Kind.ADD, Activation.RELU), stem, conv);
        });
        InferencePlan branches = plan(net -> {
            int stem = net.add("stem", convolution(PADDED, 4, 4, 1), InferencePlan.INPUT);
            int branch = net.add("branch", relu(), stem);
            int conv = net.add("conv", convolution(PADDED, 4, 4, 1), branch);
            return net.add("sum", new Elementwise(Elementwise.Kind.ADD, Activation.RELU), stem, conv);
        });

        // In the first the convolution reads what it would have to overwrite.
        assertThat(operations(new FuseResidualSums(), plan)).hasSize(3);
        assertThat(operations(new FuseResidualSums(), branches))
                .last()
                .isEqualTo("convolution 3x3 padding 1,1,1,1 4->4 + sum relu");
    }

    @Test
    void aResidualSumStaysWhereTheAddedValueIsReadLater() {
        InferencePlan plan = plan(net -> {
            int stem = net.add("stem", relu(), InferencePlan.INPUT);
            int branch = net.add("branch", scaleShift(4), stem);
            int conv = net.add("conv", convolution(PADDED, 4, 4, 1), branch);
            int sum = net.add("sum", new Elementwise(Elementwise.Kind.ADD), stem, conv);
            return net.add("again", new Elementwise(Elementwise.Kind.MULTIPLY), sum, stem);
        });

        assertThat(operations(new FuseResidualSums(), plan)).contains("add");
    }

    @Test
    void simplifyingTwiceIsSimplifyingOnce() {
        InferencePlan plan = plan(net -> {
            int value = net.add("pad", new Pad(new Padding(1, 0, 1, 0)), InferencePlan.INPUT);
            value = net.add("conv", convolution(Window.of(2, 2), 4, 8, 1), value);
            value = net.add("bn", scaleShift(8), value);
            int stem = net.add("relu", relu(), value);
            value = net.add("bn2", scaleShift(8), stem);
            value = net.add("relu2", relu(), value);
            value = net.add("conv2", convolution(PADDED, 8, 8, 1), value);
            return net.add("sum", new Elementwise(Elementwise.Kind.ADD), value, stem);
        });

        InferencePlan once = PlanPass.simplified(plan);

        assertThat(once.toString()).isEqualTo("""
                        %0 = image 7x6x4
                        %2 = convolution 2x2 padding 1,0,1,0 4->8 relu (%0)   7x6x8   'conv'
                        %5 = scale and shift relu (%2)   7x6x8   'bn2'
                        %7 = convolution 3x3 padding 1,1,1,1 8->8 + sum (%5, %2)   7x6x8   'conv2'
                        features %7 7x6x8
                        """);
        assertThat(PlanPass.simplified(once).toString()).isEqualTo(once.toString());
    }
}
