package org.cam4j.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * What each method comes to for a head of average pooling and one dense layer, where {@code G = W_c / n} everywhere: closed forms in double
 * precision.
 */
class PoolingAndDenseMapsTest {

    private static final int CHANNELS = 7;
    private static final int CLASSES = 6;
    private static final int CELLS = 20;
    private static final int C = 2;

    private final Random random = new Random(5);
    private final double[][] w = TinyNetwork.random(random, CHANNELS, CLASSES, 1.5);
    private final double[] bias = TinyNetwork.random(random, 1, CLASSES, 1)[0];
    private final TinyNetwork network = new TinyNetwork(
            4, 5, 3, true, TinyNetwork.random(random, 3, CHANNELS, 2), new TinyNetwork.PoolingAndDense(w, bias));
    private final ExplainedImage image = network.image(random);
    private final double[] a = network.activations(image.values());
    private final double[] y = network.head.logits(a);

    private interface Weight {
        double of(int channel, double activation);
    }

    /** Returns {@code Σ_k w_k(A) A_k}. */
    private double[] sum(Weight weight) {
        double[] map = new double[CELLS];
        for (int i = 0; i < a.length; i++) {
            map[i / CHANNELS] += weight.of(i % CHANNELS, a[i]) * a[i];
        }
        return map;
    }

    private double mean(int channel) {
        return IntStream.range(0, CELLS)
                        .mapToDouble(cell -> a[cell * CHANNELS + channel])
                        .sum()
                / CELLS;
    }

    private void assertMap(String method, double[] expected) {
        assertMap(Methods.named(method, List.of(TinyNetwork.LAYER)), expected);
    }

    private void assertMap(ExplanationMethod method, double[] expected) {
        float[] found = method.map(image, Target.logit(C)).values();
        double size = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertThat(size).isPositive();
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) found[i])
                    .as("%s at cell %d", method.name(), i)
                    .isCloseTo(expected[i], Offset.offset(3e-6 * size));
        }
    }

    @Test
    void gradCamAndItsKinAreTheClassActivationMapByTheNumberOfCells() {
        double[] map = sum((k, value) -> w[k][C] / CELLS);
        assertMap("grad-cam", map);
        assertMap("hires-cam", map);
        assertMap("xgrad-cam", map);
        assertMap("shapley-cam:target", map);
        assertThat(Arrays.stream(map).sum() + bias[C]).isCloseTo(y[C], Offset.offset(1e-12));
    }

    @Test
    void camAndItsBiasAddUpToTheLogit() {
        assertMap("cam", sum((k, value) -> w[k][C]));
        RawMap map = Cam.at(TinyNetwork.LAYER).map(image, Target.logit(C));
        double mean = 0;
        for (float value : map.values()) {
            mean += value / CELLS;
        }
        assertThat(map.bias()).hasValue((float) bias[C]);
        assertThat(mean + map.bias().orElseThrow()).isCloseTo(y[C], Offset.offset(1e-6));
    }

    @Test
    void librariesLeaveAnEpsilonInXGradCam() {
        for (String library : List.of("pytorch-grad-cam", "torch-cam")) {
            double epsilon = library.equals("torch-cam") ? 1e-8 : 1e-7;
            assertMap(
                    "xgrad-cam:" + library,
                    sum((k, value) -> w[k][C] / CELLS * CELLS * mean(k) / (CELLS * mean(k) + epsilon)));
        }
    }

    @Test
    void layerCamLeavesOutNegativeWeights() {
        assertMap("layer-cam", sum((k, value) -> Math.max(w[k][C], 0) / CELLS));
        assertMap("elementwise-grad-cam", sum((k, value) -> Math.max(w[k][C], 0) / CELLS));
    }

    @Test
    void gradCamPlusPlusHasThreeFormulas() {
        assertMap("grad-cam++", sum((k, value) -> Math.max(w[k][C], 0) / (2 + w[k][C] * mean(k))));
        assertMap("grad-cam++:pytorch-grad-cam", sum((k, value) -> {
            double g = w[k][C] / CELLS;
            return Math.max(w[k][C], 0) * g * g / (2 * g * g + CELLS * mean(k) * g * g * g + 1e-6);
        }));
        assertMap("grad-cam++:torch-cam", sum((k, value) -> Math.pow(Math.max(w[k][C], 0), 3) / (CELLS * CELLS)));
    }

    @Test
    void ablationCamWeighsByTheShareOfTheScore() {
        assertMap("ablation-cam", sum((k, value) -> w[k][C] * mean(k) / y[C]));
        // After a ReLU the least activation is 0, which pytorch-grad-cam takes too.
        assertMap("ablation-cam:pytorch-grad-cam", sum((k, value) -> w[k][C] * mean(k) / y[C]));
    }

    @Test
    void finerCamSubtractsTheThreeNearestClasses() {
        int[] nearest = IntStream.range(0, CLASSES)
                .filter(d -> d != C)
                .boxed()
                .sorted(Comparator.comparingDouble(d -> Math.abs(y[d] - y[C])))
                .limit(3)
                .mapToInt(d -> d)
                .toArray();
        double[] paper = sum((k, value) -> {
            double row = w[k][C];
            for (int d : nearest) {
                row -= 0.2 * w[k][d];
            }
            return row / CELLS;
        });
        assertMap("finer-cam", paper);
        assertMap("finer-cam:torch-cam", paper);
        double total = Arrays.stream(nearest).mapToDouble(d -> Math.exp(y[d])).sum();
        double average = Arrays.stream(nearest)
                .mapToDouble(d -> Math.exp(y[d]) / total * y[d])
                .sum();
        assertMap("finer-cam:pytorch-grad-cam", sum((k, value) -> {
            double row = w[k][C];
            for (int d : nearest) {
                row -= Math.exp(y[d]) / total * (1 + y[d] - average) * w[k][d];
            }
            return row / CELLS;
        }));
    }

    @Test
    void shapleyCamOnReStIsGradCamOfAnotherRow() {
        double[] p = Softmax.of(y);
        double[] z =
                IntStream.range(0, CLASSES).mapToDouble(d -> y[d] - bias[d]).toArray();
        double pz = IntStream.range(0, CLASSES).mapToDouble(d -> p[d] * z[d]).sum();
        assertMap("shapley-cam", sum((k, value) -> {
            double row = 2 * w[k][C];
            for (int d = 0; d < CLASSES; d++) {
                row += w[k][d] * (-p[d] + 0.5 * (p[d] * z[d] - p[d] * pz));
            }
            return row / CELLS;
        }));
    }

    @Test
    void scoreCamWeighsByTheProbabilityOfTheMaskedImage() {
        // The masked image is made here by the definition: half-pixel interpolation of each channel, then its range.
        float[][] masked = new float[CHANNELS][];
        for (int k = 0; k < CHANNELS; k++) {
            masked[k] = image.values().clone();
            double[] mask = new double[12 * 15];
            for (int i = 0; i < mask.length; i++) {
                int row = i / 15;
                mask[i] = interpolated(k, (row + 0.5) / 3 - 0.5, (i % 15 + 0.5) / 3 - 0.5);
            }
            double least = Arrays.stream(mask).min().orElseThrow();
            double largest = Arrays.stream(mask).max().orElseThrow();
            for (int i = 0; i < masked[k].length; i++) {
                masked[k][i] *= (float) ((mask[i / 3] - least) / (largest - least));
            }
        }
        assertMap("score-cam", sum((k, value) -> Softmax.of(network.head.logits(network.activations(masked[k])))[C]));
    }

    private double interpolated(int channel, double row, double column) {
        double y = Math.min(Math.max(row, 0), 3);
        double x = Math.min(Math.max(column, 0), 4);
        double sum = 0;
        for (int cell = 0; cell < CELLS; cell++) {
            int cellRow = cell / 5;
            int cellColumn = cell % 5;
            sum += a[cell * CHANNELS + channel]
                    * Math.max(0, 1 - Math.abs(y - cellRow))
                    * Math.max(0, 1 - Math.abs(x - cellColumn));
        }
        return sum;
    }

    @Test
    void scoreCamOfTheLibrariesHasASoftmaxOverChannels() {
        for (Variant variant : List.of(Variant.PYTORCH_GRAD_CAM, Variant.TORCH_CAM)) {
            float[] weights = ScoreCam.at(TinyNetwork.LAYER).as(variant).weights(image, Target.logit(C));
            double sum = 0;
            for (float weight : weights) {
                assertThat(weight).isPositive();
                sum += weight;
            }
            assertThat(sum).isCloseTo(1, Offset.offset(1e-6));
        }
    }

    @Test
    void reciproCamKeepsTheActivationsAroundACell() {
        double[] map = new double[CELLS];
        for (int cell = 0; cell < CELLS; cell++) {
            double[] kept = new double[a.length];
            for (int i = 0; i < a.length; i++) {
                int rows = Math.abs(i / CHANNELS / 5 - cell / 5);
                int columns = Math.abs(i / CHANNELS % 5 - cell % 5);
                kept[i] = rows > 1 || columns > 1 ? 0 : a[i] / (4 << rows << columns);
            }
            map[cell] = Softmax.of(network.head.logits(kept))[C];
        }
        assertMap("recipro-cam", map);
    }

    @Test
    void eigenGradCamIsTheFirstComponentOfTheWeighedActivations() {
        double[] expected = largestComponent(true);
        assertMap("eigen-grad-cam", expected);
        // Smoothing by the first component is the same but for the sign.
        float[] smooth = EigenSmoothed.of(HiResCam.at(TinyNetwork.LAYER))
                .map(image, Target.logit(C))
                .values();
        double[] sums = sum((k, value) -> w[k][C] / CELLS);
        double agreement =
                IntStream.range(0, CELLS).mapToDouble(i -> smooth[i] * sums[i]).sum();
        assertThat(agreement).isPositive();
        for (int i = 0; i < CELLS; i++) {
            assertThat(Math.abs(smooth[i])).isCloseTo((float) Math.abs(expected[i]), Offset.offset(1e-5f));
        }
    }

    @Test
    void eigenCamOfThePaperIsNowhereNegativeBehindARelu() {
        float[] map = EigenCam.at(TinyNetwork.LAYER).map(image, Target.logit(C)).values();
        for (float value : map) {
            assertThat(value).isGreaterThanOrEqualTo(0);
        }
        assertMap("eigen-cam", largestComponent(false));
    }

    /** The first component by plain power iteration, of {@code W_c A / n} less the means, or of A. */
    private double[] largestComponent(boolean isOfGradient) {
        double[] terms = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            int k = i % CHANNELS;
            terms[i] = isOfGradient ? w[k][C] / CELLS * (a[i] - mean(k)) : a[i];
        }
        double[] v = new double[CHANNELS];
        Arrays.fill(v, 1);
        double[] component = new double[CELLS];
        for (int step = 0; step < 5000; step++) {
            Arrays.fill(component, 0);
            for (int i = 0; i < a.length; i++) {
                component[i / CHANNELS] += terms[i] * v[i % CHANNELS];
            }
            Arrays.fill(v, 0);
            for (int i = 0; i < a.length; i++) {
                v[i % CHANNELS] += terms[i] * component[i / CHANNELS];
            }
            double length =
                    Math.sqrt(Arrays.stream(v).map(value -> value * value).sum());
            v = Arrays.stream(v).map(value -> value / length).toArray();
        }
        double largest = Arrays.stream(component)
                .boxed()
                .max(Comparator.comparingDouble(Math::abs))
                .orElseThrow();
        double[] signed = component;
        return Arrays.stream(signed).map(value -> value * Math.signum(largest)).toArray();
    }
}
