package org.cam4j.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Maps of pixels in networks of plain Java. */
class PixelMapsTest {

    private static final Target TARGET = Target.logit(1);

    private final Random random = new Random(11);
    private final TinyNetwork curved = network(new TinyNetwork.HiddenDense(
            TinyNetwork.random(random, 3 * 3 * 4, 5, 0.3), true, TinyNetwork.random(random, 5, 3, 1)));
    private final TinyNetwork linear =
            network(new TinyNetwork.PoolingAndDense(TinyNetwork.random(random, 4, 3, 1), new double[] {0.5, 1, -1}));
    private final ExplainedImage image = curved.image(random);
    private final ExplainedImage inLinear = linear.image(random);

    private TinyNetwork network(TinyNetwork.Head head) {
        return new TinyNetwork(3, 3, 2, false, TinyNetwork.random(random, 2, 4, 1), head);
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    @Test
    void integratedGradientsAddUpToTheDifferenceToTheBaseline() {
        RawMap map = new IntegratedGradients(50, 0.25f).map(image, TARGET);
        float[] baseline = new float[image.values().length];
        Arrays.fill(baseline, 0.25f);
        double difference =
                TARGET.value(image.logits()) - TARGET.value(image.with(baseline).logits());
        assertThat(Math.abs(difference)).isGreaterThan(0.01);
        assertThat(sum(map.values())).isCloseTo(difference, Offset.offset(1e-5));
        assertThat(map.layer()).isEqualTo(RawMap.IMAGE);
        assertThat(map.height()).isEqualTo(6);
    }

    @Test
    void integratedGradientsOfAProbabilityAddUpToo() {
        Target probability = Target.logSoftmax(1).exp();
        RawMap map = IntegratedGradients.with(50).map(image, probability);
        double black =
                probability.value(image.with(new float[image.values().length]).logits());
        assertThat(sum(map.values())).isCloseTo(probability.value(image.logits()) - black, Offset.offset(1e-5));
    }

    @Test
    void smoothGradOfALinearNetworkIsTheSizeOfItsGradient() {
        float[] gradient = linear.imageGradient(inLinear.values(), TARGET);
        float[] map = SmoothGrad.with(3).map(inLinear, TARGET).values();
        for (int i = 0; i < map.length; i++) {
            float expected = Math.abs(gradient[2 * i]) + Math.abs(gradient[2 * i + 1]);
            assertThat(map[i]).isCloseTo(expected, Offset.offset(1e-6f));
        }
    }

    @Test
    void smoothGradDependsOnNothingButItsSeed() {
        float[] map = new SmoothGrad(4, 0.2, 3).map(image, TARGET).values();
        assertThat(new SmoothGrad(4, 0.2, 3).map(image, TARGET).values()).isEqualTo(map);
        assertThat(new SmoothGrad(4, 0.2, 4).map(image, TARGET).values()).isNotEqualTo(map);
    }

    @Test
    void occlusionOfTheWholeImageIsTheDropToAnEmptyOne() {
        float[] map = new Occlusion(1, 0.5f).map(image, TARGET).values();
        float[] grey = new float[image.values().length];
        Arrays.fill(grey, 0.5f);
        float drop = (float)
                (TARGET.value(image.logits()) - TARGET.value(image.with(grey).logits()));
        assertThat(map).containsOnly(drop);
    }

    @Test
    void occlusionOfSinglePixelsOfALinearNetworkIsTheirContribution() {
        float[] gradient = linear.imageGradient(inLinear.values(), TARGET);
        float[] map = Occlusion.with(6).map(inLinear, TARGET).values();
        for (int i = 0; i < map.length; i++) {
            float expected =
                    gradient[2 * i] * inLinear.values()[2 * i] + gradient[2 * i + 1] * inLinear.values()[2 * i + 1];
            assertThat(map[i]).isCloseTo(expected, Offset.offset(1e-5f));
        }
    }

    @Test
    void riseThatKeepsEverythingIsTheProbabilityEverywhere() {
        float[] map = new Rise(3, 2, 1, 0).map(image, TARGET).values();
        float probability = (float) Target.logSoftmax(1).exp().value(image.logits());
        for (float value : map) {
            assertThat(value).isCloseTo(probability, Offset.offset(1e-6f));
        }
    }

    @Test
    void riseFindsThePixelsThatMatter() {
        // The logit is that of the upper left cell alone, so a mask that keeps it keeps the score.
        double[][] hidden = new double[36][1];
        for (int k = 0; k < 4; k++) {
            hidden[k][0] = 0.2;
        }
        double[][] positive = {{1, 1, 1, 1}, {1, 1, 1, 1}};
        TinyNetwork corner = new TinyNetwork(
                3, 3, 2, false, positive, new TinyNetwork.HiddenDense(hidden, false, new double[][] {{-1, 1}}));
        float[] ones = new float[72];
        Arrays.fill(ones, 1);
        float[] map = new Rise(500, 3, 0.5, 1).map(corner.new Run(ones), TARGET).values();
        for (int i = 0; i < map.length; i++) {
            boolean isInCorner = i % 6 < 2 && i / 6 < 2;
            assertThat(isInCorner || map[i] < map[0]).as("pixel %d", i).isTrue();
        }
        assertThat(map[0]).isGreaterThan(1.1f * map[35]);
        assertThat(new Rise(500, 3, 0.5, 1).map(corner.new Run(ones), TARGET).values())
                .isEqualTo(map);
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Rise.with(0)).withMessageContaining("not 0 masks");
        assertThatIllegalArgumentException().isThrownBy(() -> new Rise(1, 7, Double.NaN, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Occlusion.with(0)).withMessageContaining("not 0 times");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IntegratedGradients.with(1001))
                .withMessageContaining("not 1001");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SmoothGrad(1, -1, 0))
                .withMessageContaining("-1.0");
    }
}
