package org.cam4j.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Methods where the gradient is not the same in every cell, and where it curves, against definitions in double precision. */
class CurvedHeadMapsTest {

    private final Random random = new Random(23);
    private final double[][] hidden = TinyNetwork.random(random, 3 * 4 * 5, 6, 0.25);
    private final double[][] weights = TinyNetwork.random(random, 6, 4, 1);
    private final TinyNetwork smooth = network(true);
    private final TinyNetwork kinked = network(false);
    private final ExplainedImage image = smooth.image(random);

    private TinyNetwork network(boolean isSmooth) {
        return new TinyNetwork(
                3,
                4,
                2,
                false,
                TinyNetwork.random(new Random(1), 3, 5, 1.5),
                new TinyNetwork.HiddenDense(hidden, isSmooth, weights));
    }

    @Test
    void theCurvatureOfASmoothHeadIsItsSecondDerivativeTimesTheActivations() {
        double[] a = smooth.activations(image.values());
        float[] seed = {1, 0, -0.5f, 0};
        float[] curvature = image.curvature(TinyNetwork.LAYER, seed);
        double[] expected = second(a, Doubles.of(seed));
        double size = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertThat(size).isGreaterThan(0.01);
        for (int i = 0; i < a.length; i++) {
            assertThat((double) curvature[i]).isCloseTo(expected[i], Offset.offset(2e-5 * size));
        }
    }

    /** Returns {@code Σ_j tanh''(z_j) z_j (V seed)_j U_ij}: z is linear in the activations. */
    private double[] second(double[] a, double[] seed) {
        double[] product = new double[a.length];
        for (int j = 0; j < 6; j++) {
            double z = 0;
            double back = 0;
            for (int i = 0; i < a.length; i++) {
                z += a[i] * hidden[i][j];
            }
            for (int c = 0; c < seed.length; c++) {
                back += seed[c] * weights[j][c];
            }
            double t = Math.tanh(z);
            for (int i = 0; i < a.length; i++) {
                product[i] += -2 * t * (1 - t * t) * z * back * hidden[i][j];
            }
        }
        return product;
    }

    @Test
    void aHeadOfRelusHasNoCurvature() {
        ExplainedImage inKinked = kinked.image(new Random(3));
        float[] curvature = inKinked.curvature(TinyNetwork.LAYER, new float[] {1, 2, 3, 4});
        assertThat(curvature).containsOnly(0);
        float[] gradCam =
                GradCam.at(TinyNetwork.LAYER).map(inKinked, Target.logit(0)).values();
        float[] shapley = ShapleyCam.at(TinyNetwork.LAYER)
                .onGivenTarget()
                .map(inKinked, Target.logit(0))
                .values();
        assertThat(shapley).isEqualTo(gradCam);
    }

    @Test
    void shapleyCamTakesHalfTheCurvatureOffTheGradient() {
        Target rest = Target.logit(2).plus(Target.logSoftmax(2));
        double[] a = smooth.activations(image.values());
        // Along the activations the gradient of the whole target changes by H A.
        double step = 1e-5;
        double[] above = gradient(a, 1 + step, rest);
        double[] below = gradient(a, 1 - step, rest);
        double[] at = gradient(a, 1, rest);
        double[] w = new double[5];
        for (int i = 0; i < a.length; i++) {
            w[i % 5] += (at[i] - 0.5 * (above[i] - below[i]) / (2 * step)) / 12;
        }
        float[] found = ShapleyCam.at(TinyNetwork.LAYER).weights(image, Target.logit(2));
        for (int k = 0; k < 5; k++) {
            assertThat((double) found[k]).isCloseTo(w[k], Offset.offset(2e-6));
        }
    }

    private double[] gradient(double[] a, double factor, Target target) {
        double[] moved = Arrays.stream(a).map(value -> factor * value).toArray();
        return smooth.head.gradient(moved, target.seed(smooth.head.logits(moved)));
    }

    @Test
    void methodsThatWeighEachActivationFollowTheirDefinitions() {
        double[] a = smooth.activations(image.values());
        double[] g = smooth.head.gradient(a, new double[] {0, 1, 0, 0});
        double[] hires = new double[12];
        double[] layer = new double[12];
        double[] elementwise = new double[12];
        for (int i = 0; i < a.length; i++) {
            hires[i / 5] += g[i] * a[i];
            layer[i / 5] += Math.max(g[i], 0) * a[i];
            elementwise[i / 5] += Math.max(g[i] * a[i], 0);
        }
        assertClose(HiResCam.at(TinyNetwork.LAYER), hires);
        assertClose(LayerCam.at(TinyNetwork.LAYER), layer);
        assertClose(ElementwiseGradCam.at(TinyNetwork.LAYER), elementwise);
    }

    private void assertClose(ExplanationMethod method, double[] expected) {
        float[] found = method.map(image, Target.logit(1)).values();
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) found[i]).as(method.name()).isCloseTo(expected[i], Offset.offset(1e-5));
        }
    }

    @Test
    void augmentationIsTheMeanOverMirrorImagesAndScales() {
        ExplanationMethod method = GradCam.at(TinyNetwork.LAYER);
        float[] map = Augmented.of(method).map(image, Target.logit(1)).values();
        double[] expected = new double[12];
        for (double factor : new double[] {0.9, 1, 1.1}) {
            for (boolean isMirrored : List.of(false, true)) {
                float[] values = new float[image.values().length];
                for (int i = 0; i < values.length; i++) {
                    int x = i / 3 % 8;
                    int from = isMirrored ? i + (7 - 2 * x) * 3 : i;
                    values[i] = (float) (factor * image.values()[from]);
                }
                float[] one = method.map(image.with(values), Target.logit(1)).values();
                for (int i = 0; i < 12; i++) {
                    expected[i] += one[isMirrored ? i + 3 - 2 * (i % 4) : i] / 6.0;
                }
            }
        }
        for (int i = 0; i < 12; i++) {
            assertThat((double) map[i]).isCloseTo(expected[i], Offset.offset(1e-6));
        }
    }

    @Test
    void augmentingAndSmoothingCombine() {
        ExplanationMethod method = Methods.named("grad-cam++:torch-cam:eigen-smooth:aug-smooth", List.of());
        assertThat(method.name()).isEqualTo("grad-cam++:torch-cam:eigen-smooth:aug-smooth");
        assertThat(method.map(image, Target.logit(1)).values()).hasSize(12);
    }
}
