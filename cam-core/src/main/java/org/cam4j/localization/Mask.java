package org.cam4j.localization;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * Some of a photo's pixels: an object's outline as a map or a person drew it. Immutable.
 */
public final class Mask {

    private final int width;
    private final int height;
    private final boolean[] pixels;

    /**
     * A mask from its pixels.
     *
     * @param width columns, positive
     * @param height rows, positive
     * @param pixels [height, width], row-major; true belongs to the mask; copied
     */
    public Mask(int width, int height, boolean[] pixels) {
        if (width < 1 || height < 1 || pixels.length != (long) width * height) {
            throw new IllegalArgumentException(
                    "a mask of " + width + "x" + height + " pixels cannot have " + pixels.length + " of them");
        }
        this.width = width;
        this.height = height;
        this.pixels = pixels.clone();
    }

    /**
     * The pixels of boxes.
     *
     * @param width columns of the photo
     * @param height rows of the photo
     * @param boxes what belongs to the mask; parts beyond the photo are left out
     * @return the mask
     */
    public static Mask of(int width, int height, Iterable<BoundingBox> boxes) {
        boolean[] pixels = new boolean[Math.multiplyExact(width, height)];
        for (BoundingBox box : boxes) {
            box.clip(width, height).ifPresent(inside -> {
                for (int y = inside.y0(); y < inside.y1(); y++) {
                    Arrays.fill(pixels, y * width + inside.x0(), y * width + inside.x1(), true);
                }
            });
        }
        return new Mask(width, height, pixels);
    }

    /**
     * The width of the photo.
     *
     * @return columns
     */
    public int width() {
        return width;
    }

    /**
     * The height of the photo.
     *
     * @return rows
     */
    public int height() {
        return height;
    }

    /**
     * Whether a pixel belongs to the mask.
     *
     * @param x column in [0, width)
     * @param y row in [0, height)
     * @return true if it does
     */
    public boolean contains(int x, int y) {
        return pixels[Objects.checkIndex(y, height) * width + Objects.checkIndex(x, width)];
    }

    /**
     * The pixels.
     *
     * @return a copy [height, width], row-major
     */
    public boolean[] toArray() {
        return pixels.clone();
    }

    /**
     * The area of the mask.
     *
     * @return pixels, 0 or more
     */
    public long area() {
        long area = 0;
        for (boolean pixel : pixels) {
            area += pixel ? 1 : 0;
        }
        return area;
    }

    /**
     * The area of the intersection of two masks.
     *
     * @param other of the same size
     * @return pixels
     */
    public long intersectionArea(Mask other) {
        if (other.width != width || other.height != height) {
            throw new IllegalArgumentException("masks of " + width + "x" + height + " and " + other.width + "x"
                    + other.height + " are not of one photo");
        }
        long common = 0;
        for (int i = 0; i < pixels.length; i++) {
            common += pixels[i] && other.pixels[i] ? 1 : 0;
        }
        return common;
    }

    /**
     * The intersection over union of two masks: the pixels in both over the pixels in either.
     *
     * @param other of the same size
     * @return in [0, 1]; 0 for two empty masks
     */
    public double intersectionOverUnion(Mask other) {
        long common = intersectionArea(other);
        long either = area() + other.area() - common;
        return either == 0 ? 0 : (double) common / either;
    }

    /**
     * The smallest box around the mask.
     *
     * @return empty for an empty mask
     */
    public Optional<BoundingBox> box() {
        int left = width;
        int right = 0;
        int top = height;
        int bottom = 0;
        for (int y = 0, i = 0; y < height; y++) {
            for (int x = 0; x < width; x++, i++) {
                if (pixels[i]) {
                    left = Math.min(left, x);
                    right = Math.max(right, x + 1);
                    top = Math.min(top, y);
                    bottom = y + 1;
                }
            }
        }
        return left < right ? Optional.of(new BoundingBox(left, top, right, bottom)) : Optional.empty();
    }
}
