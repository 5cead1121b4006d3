package org.cam4j.explain.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.engine.HostValues;
import org.cam4j.engine.Values;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.explain.Cam;
import org.cam4j.explain.ExplainedImage;
import org.cam4j.explain.GradCam;
import org.cam4j.explain.HiResCam;
import org.cam4j.explain.RawMap;
import org.cam4j.explain.Target;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.cam4j.plan.pass.PlanPass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Images in a network with branches around its layers: gradients against central differences of what the network computes of other
 * images and activations.
 */
class ExplainedNetworkTest {

    private static final Target TARGET = Target.logSoftmax(1).exp();

    private final Random random = new Random(8);
    private final InferencePlan plan = plan();
    private final float[] pixels = floats(8 * 6 * 3, 1);

    private float[] floats(int count, double scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    private Convolution pointwise(int inputs, int outputs, Activation activation) {
        return Convolution.pointwise(floats(inputs * outputs, 0.7), floats(outputs, 0.5), activation);
    }

    private Dense dense(int inputs, int outputs, Activation activation) {
        return Dense.of(floats(inputs * outputs, 0.9), floats(outputs, 0.5), activation);
    }

    /** A residual sum, a squeeze-and-excitation, and a head with a hidden layer; activations are smooth. */
    private InferencePlan plan() {
        PlanBuilder builder = new PlanBuilder(new Shape(8, 6, 3));
        int first = builder.add("first", pointwise(3, 6, Activation.SWISH), InferencePlan.INPUT);
        int pool = builder.add(
                "pool", new Pooling(Pooling.Kind.AVERAGE, new Window(2, 2, 2, 2, 1, 1, Padding.NONE)), first);
        int branch = builder.add("branch", pointwise(6, 5, Activation.of(Activation.Function.TANH)), pool);
        int shortcut = builder.add("shortcut", pointwise(6, 5, Activation.IDENTITY), pool);
        int sum = builder.add("sum", new Elementwise(Elementwise.Kind.ADD), branch, shortcut);
        int squeeze = builder.add("squeeze", new GlobalPooling(Pooling.Kind.AVERAGE), pool);
        int excitation = builder.add("excitation", dense(6, 5, Activation.SIGMOID), squeeze);
        int gated = builder.add("gated", new Elementwise(Elementwise.Kind.MULTIPLY), sum, excitation);
        int last = builder.add("last", pointwise(5, 4, Activation.SWISH), gated);
        int mean = builder.add("mean", new GlobalPooling(Pooling.Kind.AVERAGE), last);
        int hidden = builder.add("hidden", dense(4, 7, Activation.of(Activation.Function.TANH)), mean);
        int logits = builder.add("scores", dense(7, 3, Activation.IDENTITY), hidden);
        return builder.build(Map.of(InferencePlan.FEATURES, last, InferencePlan.LOGITS, logits));
    }

    private interface Work {
        void on(ExplainedNetwork network);
    }

    private static void with(InferencePlan plan, String engineName, Work work) {
        EngineSettings settings = EngineSettings.standard().withThreads(2).withEngine(engineName);
        try (Engine engine = Engines.of(PlanPass.simplified(plan), settings);
                ExplainedNetwork network = new ExplainedNetwork(
                        plan, engine, settings, logit -> Target.logSoftmax(logit.classIndex()), TokenPlaces.NONE)) {
            work.on(network);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Java", "oneDNN", "ND4J"})
    void gradientsByEveryLayerAreSlopesOfTheScores(String engineName) {
        with(plan, engineName, network -> {
            ExplainedImage image = network.image(pixels, Progress.NONE);
            float[] seed = TARGET.seed(image.logits());
            for (String layer : network.layers().keySet()) {
                float[] a = image.activations(layer).values();
                float[] direction = floats(a.length, 1);
                double slope = slope(step -> image.logitsFrom(layer, 1, i -> moved(a, direction, step))[0]);
                assertThat(product(image.gradient(layer, seed), direction))
                        .as("along %s", layer)
                        .isCloseTo(slope, Offset.offset(2e-4 * size(direction) * size(image.gradient(layer, seed))));
                assertThat(image.logitsFrom(layer, 1, i -> a)[0]).containsExactly(image.logits(), Offset.offset(1e-5f));
                assertThat(image.gradientsFrom(layer, 2, i -> a, seed)[1])
                        .containsExactly(image.gradient(layer, seed), Offset.offset(1e-6f));
            }
        });
    }

    private interface Moved {
        float[] logits(double step);
    }

    /** Differences of fourth order of the target. */
    private static double slope(Moved moved) {
        double step = 1.0 / 32;
        double near = TARGET.value(moved.logits(step)) - TARGET.value(moved.logits(-step));
        double far = TARGET.value(moved.logits(2 * step)) - TARGET.value(moved.logits(-2 * step));
        return (8 * near - far) / (12 * step);
    }

    private static float[] moved(float[] values, float[] direction, double step) {
        float[] moved = new float[values.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) (values[i] + step / size(direction) * direction[i]);
        }
        return moved;
    }

    private static double product(float[] a, float[] direction) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * direction[i] / size(direction);
        }
        return sum;
    }

    private static double size(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Java", "oneDNN", "ND4J"})
    void mapsOfEveryLayerAddUpWithGatesHeld(String engineName) {
        with(plan, engineName, network -> {
            ExplainedImage image = network.image(pixels, Progress.NONE);
            for (String layer : network.layers().keySet()) {
                RawMap map = Cam.at(layer).map(image, Target.difference(0, 2));
                double mean = 0;
                for (float value : map.values()) {
                    mean += value / map.values().length;
                }
                assertThat(mean + map.bias().orElseThrow())
                        .as(layer)
                        .isCloseTo(image.logits()[0] - image.logits()[2], Offset.offset(2e-5));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"Java", "oneDNN", "ND4J"})
    void gradientsByTheImageAreSlopesOfTheTarget(String engineName) {
        with(plan, engineName, network -> {
            ExplainedImage image = network.image(pixels, Progress.NONE);
            float[] direction = floats(pixels.length, 1);
            float[] gradient = image.imageGradients(2, i -> pixels, TARGET)[1];
            double slope = slope(step -> image.logits(1, i -> moved(pixels, direction, step))[0]);
            assertThat(product(gradient, direction)).isCloseTo(slope, Offset.offset(2e-4 * size(gradient)));
        });
    }

    @Test
    void theTargetLayerIsThatOfTheFeatures() {
        with(plan, "Java", network -> {
            ExplainedImage image = network.image(pixels, Progress.NONE);
            assertThat(image.activations(ExplainedImage.TARGET_LAYER).layer()).isEqualTo("last");
            assertThat(image.activations(ExplainedImage.TARGET_LAYER).values())
                    .containsExactly(image.activations("last").values(), Offset.offset(1e-6f));
            assertThat(GradCam.atTarget().map(image, TARGET).values())
                    .containsExactly(GradCam.at("last").map(image, TARGET).values(), Offset.offset(1e-7f));
        });
    }

    @Test
    void anImageThatHasRunIsNotRunAgain() {
        with(plan, "Java", network -> {
            float[] features = floats(4 * 3 * 4, 1);
            float[] logits = {3, 1, 2};
            Values pass = new HostValues(
                    1,
                    Map.of(InferencePlan.FEATURES, features, InferencePlan.LOGITS, logits),
                    Map.of(InferencePlan.FEATURES, new Shape(4, 3, 4), InferencePlan.LOGITS, new Shape(3)));
            ExplainedImage image = network.image(Batch.of(pixels, plan.input()), pass, 0, Progress.NONE);
            assertThat(image.logits()).isSameAs(logits);
            assertThat(image.activations(ExplainedImage.TARGET_LAYER).values()).isSameAs(features);
        });
    }

    /** A head that pools two layers of one size, whose features are joined for the map alone. */
    private InferencePlan joined() {
        PlanBuilder builder = new PlanBuilder(new Shape(8, 6, 3));
        int one = builder.add("one", pointwise(3, 2, Activation.SWISH), InferencePlan.INPUT);
        int two = builder.add("two", pointwise(3, 4, Activation.SWISH), InferencePlan.INPUT);
        int means = builder.add(
                "means",
                Concatenate.channels(),
                builder.add("mean one", new GlobalPooling(Pooling.Kind.AVERAGE), one),
                builder.add("mean two", new GlobalPooling(Pooling.Kind.AVERAGE), two));
        int logits = builder.add("scores", dense(6, 3, Activation.IDENTITY), means);
        int features = builder.add("for the map", Concatenate.channels(), one, two);
        return builder.build(Map.of(InferencePlan.FEATURES, features, InferencePlan.LOGITS, logits));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Java", "oneDNN"})
    void severalPooledLayersAreOneTarget(String engineName) {
        InferencePlan joined = joined();
        with(joined, engineName, network -> {
            ExplainedImage image = network.image(pixels, Progress.NONE);
            assertThat(image.activations(ExplainedImage.TARGET_LAYER).layer()).isEqualTo("one + two");
            float[] map = HiResCam.atTarget().map(image, Target.logit(2)).values();
            double sum = 0;
            for (float value : map) {
                sum += value;
            }
            float bias = ((Dense) joined.steps().stream()
                            .filter(step -> step.name().equals("scores"))
                            .findFirst()
                            .orElseThrow()
                            .operation())
                    .bias()[2];
            assertThat(sum + bias).isCloseTo(image.logits()[2], Offset.offset(1e-5));
            float[] a = image.activations(ExplainedImage.TARGET_LAYER).values();
            assertThat(image.logitsFrom(ExplainedImage.TARGET_LAYER, 1, i -> a)[0])
                    .containsExactly(image.logits(), Offset.offset(1e-5f));
        });
    }

    @Test
    void layersWithCellsThatLeadToTheScoresCanBeAskedFor() {
        with(plan, "Java", network -> {
            assertThat(network.layers().keySet())
                    .containsExactly("first", "pool", "branch", "shortcut", "sum", "gated", "last");
            ExplainedImage image = network.image(pixels, Progress.NONE);
            assertThatThrownBy(() -> image.activations("hidden"))
                    .isInstanceOf(UnsupportedModelException.class)
                    .hasMessage("the layer 'hidden' has no rows and columns of cells from which the scores come; "
                            + "choose one of first, pool, branch, shortcut, sum, gated, last");
            assertThatThrownBy(() -> image.gradient("layer4", new float[3]))
                    .isInstanceOf(UnsupportedModelException.class)
                    .hasMessageStartingWith("the network has no layer 'layer4'; choose one of first,");
        });
    }

    @Test
    void manyImagesRunInBatchesWithProgress() {
        with(plan, "Java", network -> {
            List<String> heard = new ArrayList<>();
            ExplainedImage image = network.image(pixels, (done, all) -> heard.add(done + " of " + all));
            float[][] logits = image.logits(70, i -> i == 40 ? pixels : new float[pixels.length]);
            assertThat(heard).containsExactly("32 of 70", "64 of 70", "70 of 70");
            assertThat(logits[40]).containsExactly(image.logits(), Offset.offset(1e-6f));
            assertThat(logits[41]).isEqualTo(logits[0]);
        });
    }

    @Test
    void anInterruptedThreadStopsBeforeTheNextBatch() {
        with(plan, "Java", network -> {
            ExplainedImage image =
                    network.image(pixels, (done, all) -> Thread.currentThread().interrupt());
            try {
                assertThatThrownBy(() -> image.logits(70, i -> pixels))
                        .isInstanceOf(CancellationException.class)
                        .hasMessage("interrupted after 32 of 70 runs of the network");
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            } finally {
                Thread.interrupted();
            }
        });
    }

    @Test
    void aClosedNetworkRunsNothing() {
        with(plan, "Java", network -> {
            ExplainedImage image = network.image(pixels, Progress.NONE);
            image.gradient("branch", new float[3]);
            network.close();
            assertThatIllegalStateException().isThrownBy(() -> image.gradient("branch", new float[3]));
            assertThatIllegalStateException().isThrownBy(() -> image.gradient("sum", new float[3]));
        });
    }

    @Test
    void numbersOfTheWrongCountAreRefused() {
        with(plan, "Java", network -> {
            assertThatThrownBy(() -> network.image(new float[5], Progress.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("5 numbers for an image of 8x6x3 (height, width, channels)");
            ExplainedImage image = network.image(pixels, Progress.NONE);
            assertThatThrownBy(() -> image.logitsFrom("sum", 1, i -> new float[7]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("7 activations for the layer 'sum' of 4x3x5");
        });
    }

    @Test
    void mapsOfSeveralThreadsAreThoseOfOne() {
        with(plan, "oneDNN", network -> {
            ExplainedImage image = network.image(pixels, Progress.NONE);
            float[] alone = GradCam.at("branch").map(image, TARGET).values();
            boolean[] same = new boolean[16];
            IntStream.range(0, 16)
                    .parallel()
                    .forEach(i -> same[i] = Arrays.equals(
                            alone,
                            GradCam.at("branch")
                                    .map(network.image(pixels, Progress.NONE), TARGET)
                                    .values()));
            assertThat(same).containsOnly(true);
        });
    }
}
