package org.cam4j.training;

import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Hides patches of the images that a network is trained on, so that it learns the whole object and not only its most telling part:
 * Singh and Lee, "Hide-and-Seek: Forcing a Network to be Meticulous for Weakly-Supervised Object and Action Localization" (ICCV
 * 2017), section 3.1.
 *
 * <p>Each image of a batch, each time, gets a grid whose patches have a side drawn from a list, for images of 224x224 the paper's
 * {none, 16, 32, 44, 56} pixels; each patch is hidden with probability 0.5 by setting it to the mean of the training set after
 * normalisation, which is zero where preprocessing subtracts the mean. Networks see whole images when they are used.
 *
 * <p>{@link org.cam4j.localization.HideAndSeek} is something else: it leaves the network as it is and hides patches of one photo many
 * times when the photo is explained.
 *
 * <pre>{@code
 * iterator.setPreProcessor(HideAndSeekTraining.paper(CNN2DFormat.NHWC, 1));
 * }</pre>
 *
 * <p>Has a state, the random numbers: for one training at a time.
 */
public final class HideAndSeekTraining implements TrainingPreProcessor {

    private static final List<Integer> PAPER_SIDES = List.of(0, 16, 32, 44, 56);
    private static final double PAPER_PROBABILITY = 0.5;

    private final CNN2DFormat format;
    private final List<Integer> sides;
    private final double probability;
    private final float[] fill;
    private final long seed;
    private Random random;

    /**
     * Hides patches.
     *
     * @param format the layout of the batches
     * @param sides of the patches in pixels, drawn with equal probability for each image; 0 hides nothing
     * @param probability of each patch to be hidden, in [0, 1]
     * @param fill what hidden pixels become: the training set's mean after normalisation, one value a channel; none for zeros
     * @param seed where the random numbers begin
     */
    public HideAndSeekTraining(
            CNN2DFormat format, List<Integer> sides, double probability, List<Double> fill, long seed) {
        this.format = Objects.requireNonNull(format, "format");
        this.sides = List.copyOf(sides);
        this.probability = probability;
        this.fill = new float[fill.size()];
        for (int i = 0; i < this.fill.length; i++) {
            this.fill[i] = fill.get(i).floatValue();
        }
        this.seed = seed;
        if (sides.isEmpty() || sides.stream().anyMatch(side -> side < 0)) {
            throw new IllegalArgumentException("patches of " + sides + " pixels: give one or more sides of at least 0");
        }
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("hiding with probability " + probability + ": give 0 to 1");
        }
        this.random = new Random(seed);
    }

    /**
     * The paper's: patches of 16, 32, 44 or 56 pixels or none, half of them hidden, for images of 224x224 whose mean preprocessing
     * has subtracted.
     *
     * @param format the layout of the batches
     * @param seed where the random numbers begin
     * @return a pre-processor
     */
    public static HideAndSeekTraining paper(CNN2DFormat format, long seed) {
        return new HideAndSeekTraining(format, PAPER_SIDES, PAPER_PROBABILITY, List.of(), seed);
    }

    @Override
    public void startEpoch(int epoch) {
        random = new Random(seed * 1_000_003 + epoch);
    }

    /**
     * Hides patches of each image.
     *
     * @param batch features [n, h, w, c] or [n, c, h, w], as the format says; modified
     */
    @Override
    public void preProcess(DataSet batch) {
        INDArray images = batch.getFeatures();
        boolean last = format == CNN2DFormat.NHWC;
        int height = (int) images.size(last ? 1 : 2);
        int width = (int) images.size(last ? 2 : 3);
        int channels = (int) images.size(last ? 3 : 1);
        if (fill.length != 0 && fill.length != channels) {
            throw new IllegalArgumentException(fill.length + " values to fill " + channels
                    + " channels with: give one a channel, or none for zeros");
        }
        // Patch by patch in Java's memory: an ND4J call for each would cost more than the training step.
        float[] values = images.dup('c').data().asFloat();
        int size = height * width * channels;
        for (int start = 0; start < values.length; start += size) {
            int side = sides.get(random.nextInt(sides.size()));
            if (side > 0) {
                hidePatches(values, start, side, height, width, channels);
            }
        }
        images.assign(Nd4j.createFromArray(values).reshape('c', images.shape()));
    }

    private void hidePatches(float[] values, int start, int side, int height, int width, int channels) {
        for (int top = 0; top < height; top += side) {
            for (int left = 0; left < width; left += side) {
                if (random.nextDouble() >= probability) {
                    continue;
                }
                for (int y = top; y < Math.min(top + side, height); y++) {
                    for (int x = left; x < Math.min(left + side, width); x++) {
                        hide(values, start, y * width + x, height * width, channels);
                    }
                }
            }
        }
    }

    private void hide(float[] values, int start, int pixel, int pixels, int channels) {
        for (int c = 0; c < channels; c++) {
            int at = format == CNN2DFormat.NHWC ? pixel * channels + c : c * pixels + pixel;
            values[start + at] = fill.length == 0 ? 0 : fill[c];
        }
    }
}
