package org.cam4j.evaluation.faithfulness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.cam4j.evaluation.faithfulness.LinearNetwork.probability;

import java.awt.image.BufferedImage;
import java.util.List;
import org.assertj.core.data.Offset;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.Prediction;
import org.cam4j.image.Geometry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On a network whose probability is a known function of the mean brightness. */
class FaithfulnessTest {

    private static final Offset<Double> CLOSE = within(1e-5);

    private static ClassActivationMapper mapper;
    private static Explanation half;

    @BeforeAll
    static void open() {
        mapper = LinearNetwork.mapper();
        half = mapper.explain(LinearNetwork.photo(8));
    }

    @AfterAll
    static void close() {
        mapper.close();
    }

    @Test
    void theNetworkIsWhatTheTestsTakeItFor() {
        assertThat(half.prediction(0).probability()).isCloseTo(probability(0, 127.5), CLOSE);
        assertThat(half.map(0).at(3, 3)).isCloseTo(6f, within(1e-4f));
        assertThat(half.map(0).at(3, 12)).isZero();
    }

    @Test
    void deletionTakesTheBrightHalfFirst() {
        // Mean colour 127.5, rounded to 128. Until half is gone white becomes grey, then black becomes grey.
        double[] curve = Faithfulness.of(mapper)
                .steps(4)
                .deletion(half.photo(), half.map(0))
                .probabilities();

        assertThat(curve)
                .containsExactly(
                        new double[] {
                            probability(0, 127.5),
                            probability(0, 63.75 + 32),
                            probability(0, 64),
                            probability(0, 96),
                            probability(0, 128)
                        },
                        CLOSE);
    }

    @Test
    void insertionEndsWithThePhoto() {
        Curve curve = Faithfulness.of(mapper).steps(2).insertion(half.photo(), half.map(0));

        // All white pixels come in the first half; beside them what the blur made of the black ones.
        int[] blurred = PixelFlipping.blurred(Pixels.of(half.photo()), 16);
        double first = 0;
        double rest = 0;
        for (int i = 0; i < blurred.length; i++) {
            first += blurred[i] & 0xFF;
            rest += i % 16 < 8 ? 255 : blurred[i] & 0xFF;
        }
        assertThat(curve.probabilities())
                .containsExactly(
                        new double[] {probability(0, first / 256), probability(0, rest / 256), probability(0, 127.5)},
                        CLOSE);
    }

    @Test
    void theBlurKeepsTheMeanAndSoftensTheEdge() {
        int[] blurred = PixelFlipping.blurred(Pixels.of(LinearNetwork.photo(8)), 16);

        // Symmetric about the edge, and equal in all rows.
        assertThat((blurred[7] & 0xFF) + (blurred[8] & 0xFF)).isBetween(254, 256);
        assertThat(blurred[7] & 0xFF).isGreaterThan(127).isLessThan(200);
        assertThat(blurred[0]).isEqualTo(0xFFFFFF);
        assertThat(blurred[16 * 5 + 7]).isEqualTo(blurred[7]);
    }

    @Test
    void areaIsTheTrapezoidalRule() {
        assertThat(new Curve(new double[] {1, 0.5, 0}).area()).isEqualTo(0.5);
        assertThat(new Curve(new double[] {0.2, 0.4}).area()).isCloseTo(0.3, within(1e-12));
        assertThatIllegalArgumentException().isThrownBy(() -> new Curve(new double[1]));
    }

    @Test
    void dimmingByTheMapLosesWhatTheMapLeavesOut() {
        Faithfulness faithfulness = Faithfulness.of(mapper);

        // The map's heat is 1 where the photo is white and 0 where it is black: nothing changes.
        assertThat(faithfulness.dimmed(half.photo(), half.map(0))).isCloseTo(probability(0, 127.5), CLOSE);
        // A map that points at the black half leaves nothing of the white one.
        assertThat(faithfulness.dimmed(half.photo(), map(0, 0, 1))).isCloseTo(probability(0, 0), CLOSE);
        assertThat(faithfulness.dimmed(half.photo(), map(0, -2, -1))).isCloseTo(probability(0, 0), CLOSE);
    }

    @Test
    void dropAndIncreaseCompareWithThePhoto() {
        Faithfulness faithfulness = Faithfulness.of(mapper).steps(2);

        FaithfulnessScores lost = faithfulness.scores(half.photo(), map(0, -2, -1));
        FaithfulnessScores gained = faithfulness.scores(half.photo(), map(1, -2, -1));

        double whole = probability(0, 127.5);
        assertThat(lost.drop()).isCloseTo((whole - probability(0, 0)) / whole, CLOSE);
        assertThat(lost.increase()).isZero();
        assertThat(gained.drop()).isZero();
        assertThat(gained.increase()).isEqualTo(1);
    }

    /** Heat 1 on the white half: the photo stays as it is, and so does its map. */
    @Test
    void adccIsTheHarmonicMeanOfItsParts() {
        AdccScores kept = Faithfulness.of(mapper).adcc(half.photo(), half.map(0), seen -> seen.map(0));

        assertThat(kept.drop()).isCloseTo(0, CLOSE);
        assertThat(kept.coherency()).isCloseTo(1, CLOSE);
        assertThat(kept.complexity()).isCloseTo(0.5, CLOSE);
        assertThat(kept.adcc()).isCloseTo(3 / (1 + 1 + 2.0), CLOSE);
    }

    /** On the black half nothing is left, whose map is constant. */
    @Test
    void adccOfAMapThatPointsElsewhereLosesTheProbability() {
        AdccScores lost = Faithfulness.of(mapper).adcc(half.photo(), map(0, 0, 1), seen -> seen.map(0));

        double drop = (probability(0, 127.5) - probability(0, 0)) / probability(0, 127.5);
        assertThat(lost.drop()).isCloseTo(drop, CLOSE);
        assertThat(lost.coherency()).isCloseTo(0.5, CLOSE);
        assertThat(lost.complexity()).isCloseTo(0.5, CLOSE);
        assertThat(lost.adcc()).isCloseTo(3 / (1 / (1 - drop) + 2 + 2), CLOSE);
        assertThat(AdccScores.mean(List.of(lost, new AdccScores(1, 1, 0)))).isCloseTo(lost.adcc() / 2, CLOSE);
    }

    @Test
    void roadIsPositiveForTheTrueMapAndNegativeForItsOpposite() {
        Faithfulness faithfulness = Faithfulness.of(mapper);

        double right = faithfulness.road(half.photo(), half.map(0));
        double wrong = faithfulness.road(half.photo(), map(0, 0, 1));

        assertThat(right).isGreaterThan(0.1);
        assertThat(wrong).isLessThan(-0.1);
        assertThat(faithfulness.road(half.photo(), half.map(0))).isEqualTo(right);
        assertThat(faithfulness.seed(2).road(half.photo(), half.map(0))).isNotEqualTo(right);
    }

    @Test
    void withASingleFeatureARandomHeadChangesNothing() {
        // The one feature map times any weight puts the cells in the same order, or the opposite.
        assertThat(Faithfulness.of(mapper).randomHead(half.photo(), half.map(0)))
                .isEqualTo(1);
        assertThat(Faithfulness.of(mapper).randomHead(half.photo(), half.map(3)))
                .isZero();
    }

    @Test
    void meansAreTakenScoreByScore() {
        FaithfulnessScores one = new FaithfulnessScores(0.1, 0.9, 0.2, 1, 0.3, 0.4);
        FaithfulnessScores other = new FaithfulnessScores(0.3, 0.7, 0.4, 0, 0.1, 0.2);

        FaithfulnessScores mean = FaithfulnessScores.mean(List.of(one, other));

        assertThat(mean.deletion()).isCloseTo(0.2, within(1e-12));
        assertThat(mean.insertion()).isCloseTo(0.8, within(1e-12));
        assertThat(mean.increase()).isEqualTo(0.5);
        assertThatIllegalArgumentException().isThrownBy(() -> FaithfulnessScores.mean(List.of()));
    }

    @Test
    void theWorkingCopyHasNoMorePixelsThanTheInput() {
        BufferedImage large = new BufferedImage(640, 400, BufferedImage.TYPE_INT_RGB);

        BufferedImage copy = Faithfulness.of(mapper).workingCopy(large);

        assertThat(copy.getWidth() * copy.getHeight()).isLessThanOrEqualTo(16 * 16);
        assertThat(copy.getWidth()).isEqualTo(20);
        assertThat(copy.getHeight()).isEqualTo(12);
        BufferedImage small = Faithfulness.of(mapper).workingCopy(LinearNetwork.photo(3));
        assertThat(Pixels.of(small)).isEqualTo(Pixels.of(LinearNetwork.photo(3)));
    }

    @Test
    void mapsOfOtherPhotosAreRefused() {
        BufferedImage other = new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Faithfulness.of(mapper).deletion(other, half.map(0)))
                .withMessageContaining("9x9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Faithfulness.of(mapper).steps(0));
    }

    /** A map of a left and a right half. */
    private static ActivationMap map(int classIndex, float left, float right) {
        float[] values = new float[256];
        for (int i = 0; i < 256; i++) {
            values[i] = i % 16 < 8 ? left : right;
        }
        return new ActivationMap(
                new Prediction(classIndex, "any", 0, 0.5), 16, 16, values, Geometry.squash(16, 16, 16, 16));
    }
}
