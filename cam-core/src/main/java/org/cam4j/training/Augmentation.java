package org.cam4j.training;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Other views of a photo to train on: mirrored left to right, and cut out. The first view is always the photo itself.
 *
 * @param flip whether the mirrored photo is a view, and every second crop mirrored
 * @param crops how many crops, at least 0; each at a random place
 * @param leastShare how much of each side a crop keeps at least, in (0, 1]
 */
public record Augmentation(boolean flip, int crops, double leastShare) {

    /** The photo alone. */
    public static final Augmentation NONE = new Augmentation(false, 0, 1);

    /** The photo, its mirror image, and four crops of 70 to 100 % of each side. */
    public static final Augmentation STANDARD = new Augmentation(true, 4, 0.7);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the crops are negative, or the least share is not in (0, 1]
     */
    public Augmentation {
        if (crops < 0 || !(leastShare > 0 && leastShare <= 1)) {
            throw new IllegalArgumentException(
                    crops + " crops of at least " + leastShare + ": give 0 or more crops and a share in (0, 1]");
        }
    }

    /**
     * The number of views of a photo.
     *
     * @return at least 1
     */
    public int views() {
        return 1 + (flip ? 1 : 0) + crops;
    }

    /** The views of a photo; the same seed gives the same crops. */
    List<BufferedImage> of(BufferedImage photo, long seed) {
        List<BufferedImage> views = new ArrayList<>(List.of(photo));
        if (flip) {
            views.add(drawn(photo, 0, 0, photo.getWidth(), photo.getHeight(), true));
        }
        Random random = new Random(seed);
        for (int i = 0; i < crops; i++) {
            int width = side(photo.getWidth(), random);
            int height = side(photo.getHeight(), random);
            int x = random.nextInt(photo.getWidth() - width + 1);
            int y = random.nextInt(photo.getHeight() - height + 1);
            views.add(drawn(photo, x, y, width, height, flip && i % 2 == 1));
        }
        return views;
    }

    private int side(int whole, Random random) {
        return (int) Math.max(1, Math.round(whole * (leastShare + (1 - leastShare) * random.nextDouble())));
    }

    private static BufferedImage drawn(BufferedImage photo, int x, int y, int width, int height, boolean mirrored) {
        BufferedImage view = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = view.createGraphics();
        int left = mirrored ? x + width : x;
        int right = mirrored ? x : x + width;
        graphics.drawImage(photo, 0, 0, width, height, left, y, right, y + height, null);
        graphics.dispose();
        return view;
    }
}
