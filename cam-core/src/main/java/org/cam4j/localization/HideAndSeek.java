package org.cam4j.localization;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;

/**
 * Looks at a photo many times with parts of it hidden, so that the network must find other parts of the object than the one
 * that tells most.
 *
 * <p>The idea is that of Singh and Lee, "Hide-and-Seek: Forcing a Network to be Meticulous" (ICCV 2017), who hide patches of a
 * grid in training; here it is done when the photo is explained, with a network that was trained as usual. In each pass every
 * patch of the grid is painted over with the photo's mean colour with the same probability, and the class's raw maps of all
 * passes are averaged. The same seed hides the same patches.
 *
 * <pre>{@code
 * HideAndSeekMap sought = HideAndSeek.of(mapper).passes(32).seek(explanation, explanation.prediction().index());
 * }</pre>
 *
 * <p>Immutable and safe for any number of threads: each method gives a new seeker.
 */
public final class HideAndSeek {

    private static final int BATCH = 8;

    private final ClassActivationMapper mapper;
    private final int passes;
    private final int grid;
    private final double hidden;
    private final long seed;

    private HideAndSeek(ClassActivationMapper mapper, int passes, int grid, double hidden, long seed) {
        this.mapper = mapper;
        this.passes = passes;
        this.grid = grid;
        this.hidden = hidden;
        this.seed = seed;
    }

    /**
     * 16 passes over a grid of 7x7 patches of which half are hidden, seed 1.
     *
     * @param mapper explains the photos; stays the caller's to close
     * @return the seeker
     */
    public static HideAndSeek of(ClassActivationMapper mapper) {
        return new HideAndSeek(Objects.requireNonNull(mapper, "mapper"), 16, 7, 0.5, 1);
    }

    /**
     * Sets the number of passes, which run in batches of {@value #BATCH}.
     *
     * @param count at least 1
     * @return a new seeker
     */
    public HideAndSeek passes(int count) {
        if (count < 1) {
            throw new IllegalArgumentException(count + " passes: give at least 1");
        }
        return new HideAndSeek(mapper, count, grid, hidden, seed);
    }

    /**
     * Sets the size of the patches.
     *
     * @param patches along each side of the photo, at least 1
     * @return a new seeker
     */
    public HideAndSeek grid(int patches) {
        if (patches < 1) {
            throw new IllegalArgumentException("a grid of " + patches + " patches: give at least 1");
        }
        return new HideAndSeek(mapper, passes, patches, hidden, seed);
    }

    /**
     * Sets the share that is hidden.
     *
     * @param probability of each patch to be hidden, in [0, 1); 0 gives the plain map
     * @return a new seeker
     */
    public HideAndSeek hiding(double probability) {
        if (!(probability >= 0 && probability < 1)) {
            throw new IllegalArgumentException("hiding " + probability + ": give 0 or more, less than 1");
        }
        return new HideAndSeek(mapper, passes, grid, probability, seed);
    }

    /**
     * Sets the seed of the random choice of patches.
     *
     * @param number the seed
     * @return a new seeker
     */
    public HideAndSeek seed(long number) {
        return new HideAndSeek(mapper, passes, grid, hidden, number);
    }

    /**
     * Seeks a class in a photo.
     *
     * @param explanation the photo, as the seeker's mapper explained it
     * @param classIndex which class
     * @return the average of the passes' maps and how well they agree
     */
    public HideAndSeekMap seek(Explanation explanation, int classIndex) {
        Random random = new Random(seed);
        Color mean = meanColour(explanation.photo());
        List<float[]> maps = new ArrayList<>();
        while (maps.size() < passes) {
            int count = Math.min(BATCH, passes - maps.size());
            List<BufferedImage> pictures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                pictures.add(hidden(explanation.photo(), mean, random));
            }
            mapper.explain(pictures)
                    .forEach(pass -> maps.add(pass.map(classIndex).toArray()));
        }
        return average(explanation.map(classIndex), maps);
    }

    private BufferedImage hidden(BufferedImage photo, Color mean, Random random) {
        int width = photo.getWidth();
        int height = photo.getHeight();
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.drawImage(photo, 0, 0, null);
        graphics.setColor(mean);
        for (int row = 0; row < grid; row++) {
            int top = (int) ((long) row * height / grid);
            int bottom = (int) ((row + 1L) * height / grid);
            for (int column = 0; column < grid; column++) {
                int left = (int) ((long) column * width / grid);
                int right = (int) ((column + 1L) * width / grid);
                if (random.nextDouble() < hidden) {
                    graphics.fillRect(left, top, right - left, bottom - top);
                }
            }
        }
        graphics.dispose();
        return picture;
    }

    private static Color meanColour(BufferedImage photo) {
        long[] sums = new long[3];
        int[] row = new int[photo.getWidth()];
        for (int y = 0; y < photo.getHeight(); y++) {
            photo.getRGB(0, y, row.length, 1, row, 0, row.length);
            for (int pixel : row) {
                sums[0] += pixel >> 16 & 0xFF;
                sums[1] += pixel >> 8 & 0xFF;
                sums[2] += pixel & 0xFF;
            }
        }
        double pixels = (double) photo.getWidth() * photo.getHeight();
        return new Color((int) Math.round(sums[0] / pixels), (int) Math.round(sums[1] / pixels), (int)
                Math.round(sums[2] / pixels));
    }

    private static HideAndSeekMap average(ActivationMap plain, List<float[]> maps) {
        int cells = plain.height() * plain.width();
        float[] mean = new float[cells];
        float[] stability = new float[cells];
        for (int i = 0; i < cells; i++) {
            double sum = 0;
            double squares = 0;
            for (float[] map : maps) {
                sum += map[i];
                squares += (double) map[i] * map[i];
            }
            double average = sum / maps.size();
            double deviation = Math.sqrt(Math.max(squares / maps.size() - average * average, 0));
            mean[i] = (float) average;
            double magnitude = Math.abs(average) + deviation;
            stability[i] = magnitude == 0 ? 1 : (float) (Math.abs(average) / magnitude);
        }
        return new HideAndSeekMap(plain.withValues(mean), plain.withValues(stability), maps.size());
    }
}
