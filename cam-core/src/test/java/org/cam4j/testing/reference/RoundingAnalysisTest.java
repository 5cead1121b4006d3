package org.cam4j.testing.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.junit.jupiter.api.Test;

/** The analysis against plain loops of floats: their errors are allowed, and not by far. */
class RoundingAnalysisTest {

    private static float[] numbers(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = 2 * random.nextFloat() - 1;
        }
        return numbers;
    }

    @Test
    void equalNumbersAreRoundedAlikeWhenTheyAreAddedUp() {
        Shape image = new Shape(1, 7680, 1);
        PlanBuilder builder = new PlanBuilder(image);
        int average = builder.add("average", new GlobalPooling(Pooling.Kind.AVERAGE), InferencePlan.INPUT);
        InferencePlan plan = builder.build(Map.of("average", average));
        float[] numbers = new float[7680];
        Arrays.fill(numbers, 0.3f);
        float sum = 0;
        for (float number : numbers) {
            sum += number;
        }

        RoundingAnalysis analysis = RoundingAnalysis.of(plan, numbers);

        double off = Math.abs(sum / 7680 - analysis.value(average)[0]);
        double independent = 0.3 * Rounding.ofSum(7680);
        assertThat(off)
                .isGreaterThan(Differences.TOLERANCE * independent)
                .isLessThan(Differences.TOLERANCE * analysis.error(average)[0]);
        // Different numbers, whose magnitudes are 1/2 on average.
        assertThat(RoundingAnalysis.of(plan, numbers(new Random(1), 7680)).error(average)[0])
                .isCloseTo(0.5 * Rounding.ofSum(7680), within(1e-7));
    }

    @Test
    void sumsMayBeginWithWhatIsAddedBehindThem() {
        int channels = 400;
        Shape image = new Shape(1, 1, channels);
        Random random = new Random(3);
        float[] weights = numbers(random, channels);
        float[] numbers = numbers(random, channels);
        for (int i = 0; i < channels; i++) {
            weights[i] *= 1e-3f;
        }
        // The last number cancels what is added behind the products.
        numbers[channels - 1] = 0.75f;
        weights[channels - 1] = 0;
        PlanBuilder builder = new PlanBuilder(image);
        int other = builder.add("other", new Slice(2, channels - 1, 1), InferencePlan.INPUT);
        Convolution products = Convolution.pointwise(weights, new float[] {-0.75f}, Activation.IDENTITY);
        int made = builder.add("products", products, InferencePlan.INPUT);
        int result = builder.add("sum", new Elementwise(Elementwise.Kind.ADD), made, other);
        InferencePlan plan = builder.build(Map.of("sum", result));
        float sum = 0.75f;
        for (int i = 0; i < channels; i++) {
            sum += weights[i] * numbers[i];
        }
        sum += -0.75f;

        RoundingAnalysis analysis = RoundingAnalysis.of(plan, numbers);

        assertThat(Math.abs(sum - analysis.value(result)[0]))
                .isGreaterThan(Differences.TOLERANCE * Rounding.UNIT * Math.abs(analysis.value(result)[0]))
                .isLessThan(Differences.TOLERANCE * analysis.error(result)[0]);
    }

    /** Attention with a dense layer and layer normalisation: every sum by a loop of floats. */
    @Test
    void attentionInSinglePrecisionIsWithinTheBound() {
        int tokens = 30;
        int width = 24;
        Random random = new Random(5);
        float[] weights = numbers(random, width * width);
        float[] ones = new float[width];
        Arrays.fill(ones, 1);
        PlanBuilder builder = new PlanBuilder(new Shape(5, 6, width));
        int x = builder.add("tokens", new Reshape(new Shape(tokens, width)), InferencePlan.INPUT);
        int keys = builder.add("keys", Dense.of(weights, new float[width], Activation.IDENTITY), x);
        int products = builder.add("products", new MatMul(true), x, keys);
        int shares = builder.add("shares", new Softmax(), products);
        int mixed = builder.add("mixed", new MatMul(false), shares, x);
        int normal = builder.add("normal", new LayerNormalize(1e-3f, ones, new float[width]), mixed);
        InferencePlan plan = builder.build(Map.of("normal", normal));
        float[] image = numbers(random, tokens * width);

        RoundingAnalysis analysis = RoundingAnalysis.of(plan, image);

        float[] k = product(image, weights, tokens, width, width, true);
        float[] scores = product(image, k, tokens, width, tokens, true);
        float[] mix = product(softmax(scores, tokens), image, tokens, tokens, width, false);
        float[][] found = {k, scores, mix, normalized(mix, width)};
        List<Integer> values = List.of(keys, products, mixed, normal);
        for (int i = 0; i < found.length; i++) {
            double[] exact = analysis.value(values.get(i));
            double[] errors = analysis.error(values.get(i));
            Differences differences = new Differences();
            assertThat(differences.in(found[i], 0, exact, errors)).isEmpty();
            assertThat(differences.worst()).isBetween(0.001, Differences.TOLERANCE);
        }
    }

    /** The upper half of a float, rounded to nearest, ties to even. */
    private static float bfloat16(float number) {
        int bits = Float.floatToRawIntBits(number);
        return Float.intBitsToFloat((bits + 0x7FFF + (bits >>> 16 & 1)) & 0xFFFF0000);
    }

    /** An error of 10 in a score is one of 22,000 times in its share: 2^16 times what single precision does to it is far too little. */
    @Test
    void sharesOfCoarselyStoredScoresAreWithinTheBound() {
        int channels = 8;
        // Bfloat16 has every 16th number here.
        float[] weights = numbers(new Random(6), channels);
        for (int i = 0; i < channels; i++) {
            weights[i] = 4000 + 30 * weights[i];
        }
        float[] image = {1.01f};
        PlanBuilder builder = new PlanBuilder(new Shape(1, 1));
        int scores =
                builder.add("scores", Dense.of(weights, new float[channels], Activation.IDENTITY), InferencePlan.INPUT);
        int shares = builder.add("shares", new Softmax(), scores);
        InferencePlan plan = builder.build(Map.of("shares", shares));
        float[] coarse = product(halves(image), halves(weights), 1, 1, channels, true);
        float[] found = softmax(halves(coarse), channels);

        RoundingAnalysis analysis = RoundingAnalysis.of(plan, image, 1.0 / (1 << 8));

        double[] exact = analysis.value(shares);
        Differences differences = new Differences();
        assertThat(differences.in(coarse, 0, analysis.value(scores), analysis.error(scores)))
                .isEmpty();
        assertThat(differences.in(found, 0, exact, analysis.error(shares))).isEmpty();
        assertThat(differences.worst()).isGreaterThan(0.001);
        // As a multiple of single precision's error it would not be allowed.
        double[] single = RoundingAnalysis.of(plan, image).error(shares);
        Arrays.setAll(single, i -> (1 << 16) * single[i] + Math.abs(exact[i]) / (1 << 8));
        assertThat(new Differences().in(found, 0, exact, single)).isPresent();
    }

    private static float[] halves(float[] numbers) {
        float[] halves = new float[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            halves[i] = bfloat16(numbers[i]);
        }
        return halves;
    }

    private static float[] product(float[] a, float[] b, int rows, int joined, int columns, boolean isTransposed) {
        float[] result = new float[rows * columns];
        for (int m = 0; m < rows; m++) {
            for (int n = 0; n < columns; n++) {
                for (int i = 0; i < joined; i++) {
                    result[m * columns + n] += a[m * joined + i] * b[isTransposed ? n * joined + i : i * columns + n];
                }
            }
        }
        return result;
    }

    private static float[] softmax(float[] values, int channels) {
        float[] result = new float[values.length];
        for (int start = 0; start < values.length; start += channels) {
            float largest = Float.NEGATIVE_INFINITY;
            for (int i = start; i < start + channels; i++) {
                largest = Math.max(largest, values[i]);
            }
            float sum = 0;
            for (int i = start; i < start + channels; i++) {
                result[i] = (float) Math.exp(values[i] - largest);
                sum += result[i];
            }
            for (int i = start; i < start + channels; i++) {
                result[i] /= sum;
            }
        }
        return result;
    }

    private static float[] normalized(float[] values, int channels) {
        float[] result = new float[values.length];
        for (int start = 0; start < values.length; start += channels) {
            float mean = 0;
            for (int i = start; i < start + channels; i++) {
                mean += values[i];
            }
            mean /= channels;
            float variance = 0;
            for (int i = start; i < start + channels; i++) {
                variance += (values[i] - mean) * (values[i] - mean);
            }
            float factor = (float) (1 / Math.sqrt(variance / channels + 1e-3f));
            for (int i = start; i < start + channels; i++) {
                result[i] = (values[i] - mean) * factor;
            }
        }
        return result;
    }
}
