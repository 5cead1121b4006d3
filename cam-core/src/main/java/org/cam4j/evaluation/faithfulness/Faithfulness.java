package org.cam4j.evaluation.faithfulness;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.PhotoMap;

/**
 * Measures whether the network uses what a map shows, by changing the photo where the map says and looking at the class's
 * probability.
 *
 * <ul>
 *   <li>Deletion and insertion: Petsiuk et al., RISE, BMVC 2018.
 *   <li>Average drop and increase in confidence: Chattopadhay et al., "Grad-CAM++", WACV 2018. Each pixel is multiplied by its heat,
 *       {@code max(v, 0) / max(v)}.
 *   <li>ROAD with noisy linear imputation: Rong et al., ICML 2022.
 *   <li>ADCC: Poppi et al., CVPR Workshops 2021.
 *   <li>Model randomisation of the head: Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018.
 * </ul>
 *
 * <p>A photo is measured in a copy of about as many pixels as the network's input has ({@link #workingCopy}): more it does not see, and
 * the system of linear equations behind ROAD has as many unknowns as pixels. With 20 steps a photo costs about 50 runs of the network, in
 * batches.
 *
 * <pre>{@code
 * Faithfulness faithfulness = Faithfulness.of(mapper);
 * Explanation explanation = mapper.explain(faithfulness.workingCopy(photo));
 * FaithfulnessScores scores = faithfulness.scores(explanation.photo(), explanation.map());
 * }</pre>
 *
 * <p>Immutable and safe for any number of threads.
 */
public final class Faithfulness {

    private final ClassActivationMapper mapper;
    private final int steps;
    private final long seed;

    private Faithfulness(ClassActivationMapper mapper, int steps, long seed) {
        this.mapper = mapper;
        this.steps = steps;
        this.seed = seed;
    }

    /**
     * Creates the measures with 20 steps and seed 1.
     *
     * @param mapper runs the changed photos; stays the caller's to close
     * @return the measure
     */
    public static Faithfulness of(ClassActivationMapper mapper) {
        return new Faithfulness(Objects.requireNonNull(mapper, "mapper"), 20, 1);
    }

    /**
     * Sets the number of steps of curves.
     *
     * @param count how many steps deletion and insertion take, at least 1
     * @return a new measure
     */
    public Faithfulness steps(int count) {
        if (count < 1) {
            throw new IllegalArgumentException(count + " steps: give at least 1");
        }
        return new Faithfulness(mapper, count, seed);
    }

    /**
     * Sets the seed of random numbers.
     *
     * @param number where the noise of ROAD and the weights of the random heads begin
     * @return a new measure
     */
    public Faithfulness seed(long number) {
        return new Faithfulness(mapper, steps, number);
    }

    /**
     * A copy of a photo with its proportions and at most as many pixels as the network's input.
     *
     * @param photo upright
     * @return a new picture, shrunk by halving and bilinear interpolation; never enlarged
     */
    public BufferedImage workingCopy(BufferedImage photo) {
        double most = (double) mapper.summary().inputHeight() * mapper.summary().inputWidth();
        double factor = Math.min(1, Math.sqrt(most / ((double) photo.getWidth() * photo.getHeight())));
        int width = Math.max(1, (int) (photo.getWidth() * factor));
        int height = Math.max(1, (int) (photo.getHeight() * factor));
        BufferedImage copy = photo;
        // Bilinear interpolation leaves out pixels where it shrinks by more than half.
        while (copy.getWidth() > 2 * width && copy.getHeight() > 2 * height) {
            copy = drawn(copy, (copy.getWidth() + 1) / 2, (copy.getHeight() + 1) / 2);
        }
        return drawn(copy, width, height);
    }

    private static BufferedImage drawn(BufferedImage picture, int width, int height) {
        BufferedImage drawn = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = drawn.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(picture, 0, 0, width, height, null);
        graphics.dispose();
        return drawn;
    }

    /**
     * Computes all measures of a photo's map.
     *
     * @param photo as it was explained, preferably a {@link #workingCopy}
     * @param map a map of it, by this mapper or any other method, of the class that is asked about
     * @return the scores
     */
    public FaithfulnessScores scores(BufferedImage photo, ActivationMap map) {
        double kept = dimmed(photo, map);
        double whole = probability(map).of(1, i -> photo)[0];
        return new FaithfulnessScores(
                deletion(photo, map).area(),
                insertion(photo, map).area(),
                Math.max(0, whole - kept) / whole,
                kept > whole ? 1 : 0,
                road(photo, map),
                randomHead(photo, map));
    }

    /**
     * The deletion curve.
     *
     * @param photo as it was explained
     * @param map a map of it
     * @return the class's probability as the most relevant pixels are replaced by the mean colour
     */
    public Curve deletion(BufferedImage photo, ActivationMap map) {
        return flipping(photo, map).deletion();
    }

    /**
     * The insertion curve.
     *
     * @param photo as it was explained
     * @param map a map of it
     * @return the class's probability as the most relevant pixels become sharp in a blurred photo
     */
    public Curve insertion(BufferedImage photo, ActivationMap map) {
        return flipping(photo, map).insertion();
    }

    /**
     * The class's probability where each pixel is multiplied by its heat.
     *
     * @param photo as it was explained
     * @param map a map of it
     * @return in [0, 1]
     */
    public double dimmed(BufferedImage photo, ActivationMap map) {
        BufferedImage picture = dimmedPhoto(photo, map);
        return probability(map).of(1, i -> picture)[0];
    }

    private static BufferedImage dimmedPhoto(BufferedImage photo, ActivationMap map) {
        checked(photo, map);
        double[] heat = heat(map);
        int[] pixels = Pixels.of(photo);
        for (int shift = 16; shift >= 0; shift -= 8) {
            double[] channel = Pixels.channel(pixels, shift);
            for (int i = 0; i < channel.length; i++) {
                channel[i] *= heat[i];
            }
            Pixels.setChannel(pixels, shift, channel);
        }
        return Pixels.picture(pixels, photo.getWidth());
    }

    /** The enlarged map, rectified and divided by its maximum: in [0, 1]. */
    private static double[] heat(ActivationMap map) {
        PhotoMap enlarged = map.photoMap();
        float[] values = enlarged.values();
        float max = Math.max(Float.MIN_VALUE, enlarged.max());
        double[] heat = new double[values.length];
        for (int i = 0; i < heat.length; i++) {
            heat[i] = Math.max(values[i], 0) / (double) max;
        }
        return heat;
    }

    /**
     * The parts of ADCC.
     *
     * @param photo as it was explained
     * @param map a map of it
     * @param again makes the map of the same class by the same method of the dimmed photo
     * @return average drop, coherency and complexity
     */
    public AdccScores adcc(BufferedImage photo, ActivationMap map, Function<Explanation, ActivationMap> again) {
        Explanation dimmed = mapper.explain(dimmedPhoto(photo, map));
        int classIndex = map.prediction().index();
        double whole = probability(map).of(1, i -> photo)[0];
        double kept = dimmed.prediction(classIndex).probability();
        double[] heat = heat(map);
        return new AdccScores(
                Math.max(0, whole - kept) / whole,
                (1 + correlation(heat, heat(again.apply(dimmed)))) / 2,
                Arrays.stream(heat).average().orElseThrow());
    }

    /** Pearson's correlation; 0 where an array is constant. */
    private static double correlation(double[] one, double[] other) {
        double mean = Arrays.stream(one).average().orElseThrow();
        double otherMean = Arrays.stream(other).average().orElseThrow();
        double common = 0;
        double own = 0;
        double foreign = 0;
        for (int i = 0; i < one.length; i++) {
            common += (one[i] - mean) * (other[i] - otherMean);
            own += (one[i] - mean) * (one[i] - mean);
            foreign += (other[i] - otherMean) * (other[i] - otherMean);
        }
        return own > 0 && foreign > 0 ? common / Math.sqrt(own * foreign) : 0;
    }

    /**
     * ROAD.
     *
     * @param photo as it was explained
     * @param map a map of it
     * @return in [-0.5, 0.5]
     */
    public double road(BufferedImage photo, ActivationMap map) {
        checked(photo, map);
        return RemoveAndDebias.score(photo, map, probability(map), seed);
    }

    /**
     * The sanity check with a random head.
     *
     * @param photo as it was explained
     * @param map a raw map of it by this mapper
     * @return the mean magnitude of the rank correlation with maps of random heads, in [0, 1]
     */
    public double randomHead(BufferedImage photo, ActivationMap map) {
        return HeadRandomization.correlation(mapper, photo, map, seed);
    }

    private PixelFlipping flipping(BufferedImage photo, ActivationMap map) {
        checked(photo, map);
        return new PixelFlipping(photo, map, probability(map), steps);
    }

    private ClassProbability probability(ActivationMap map) {
        return new ClassProbability(mapper, map.prediction().index());
    }

    private static void checked(BufferedImage photo, ActivationMap map) {
        if (photo.getWidth() != map.geometry().photoWidth()
                || photo.getHeight() != map.geometry().photoHeight()) {
            throw new IllegalArgumentException("the photo is " + photo.getWidth() + "x" + photo.getHeight()
                    + " pixels, but the map is of a photo of " + map.geometry().photoWidth() + "x"
                    + map.geometry().photoHeight() + ": give the photo that was explained.");
        }
    }
}
