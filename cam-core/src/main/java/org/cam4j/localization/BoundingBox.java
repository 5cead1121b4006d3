package org.cam4j.localization;

import java.util.Optional;

/**
 * A rectangle of whole pixels in a photo: columns {@code [x0, x1)} and rows {@code [y0, y1)}, counted from the top left.
 *
 * <p>The ends are exclusive, so a box of one pixel is {@code (x, y, x + 1, y + 1)}. A box is never empty; it may reach beyond
 * the photo, as drawn annotations do.
 *
 * @param x0 the leftmost column
 * @param y0 the topmost row
 * @param x1 the column after the rightmost, more than {@code x0}
 * @param y1 the row after the lowest, more than {@code y0}
 */
public record BoundingBox(int x0, int y0, int x1, int y1) {

    /** @throws IllegalArgumentException if the box is empty or too large */
    public BoundingBox {
        if (x0 >= x1 || y0 >= y1) {
            throw new IllegalArgumentException("a box of columns [" + x0 + ", " + x1 + ") and rows [" + y0 + ", " + y1
                    + ") is empty: give x0 < x1 and y0 < y1, the ends exclusive");
        }
        if ((long) x1 - x0 > Integer.MAX_VALUE || (long) y1 - y0 > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a box of columns [" + x0 + ", " + x1 + ") and rows [" + y0 + ", " + y1
                    + ") is larger than any photo");
        }
    }

    /**
     * A box from a corner and its size, as COCO's annotations give it.
     *
     * @param x the leftmost column
     * @param y the topmost row
     * @param width columns, positive
     * @param height rows, positive
     * @return the box
     */
    public static BoundingBox ofSize(int x, int y, int width, int height) {
        return new BoundingBox(x, y, Math.addExact(x, width), Math.addExact(y, height));
    }

    /**
     * The width of the box.
     *
     * @return columns, at least 1
     */
    public int width() {
        return x1 - x0;
    }

    /**
     * The height of the box.
     *
     * @return rows, at least 1
     */
    public int height() {
        return y1 - y0;
    }

    /**
     * The area of the box.
     *
     * @return pixels, at least 1
     */
    public long area() {
        return (long) width() * height();
    }

    /**
     * Whether a pixel lies in the box.
     *
     * @param x the pixel's column
     * @param y the pixel's row
     * @return true from (x0, y0) to (x1 - 1, y1 - 1)
     */
    public boolean contains(int x, int y) {
        return x0 <= x && x < x1 && y0 <= y && y < y1;
    }

    /**
     * Whether all of another box lies in this one.
     *
     * @param other the other box
     * @return true also for equal boxes
     */
    public boolean contains(BoundingBox other) {
        return x0 <= other.x0 && other.x1 <= x1 && y0 <= other.y0 && other.y1 <= y1;
    }

    /**
     * The pixels in both boxes.
     *
     * @param other the other box
     * @return their common part; empty where they have no pixel in common
     */
    public Optional<BoundingBox> intersection(BoundingBox other) {
        int left = Math.max(x0, other.x0);
        int top = Math.max(y0, other.y0);
        int right = Math.min(x1, other.x1);
        int bottom = Math.min(y1, other.y1);
        return left < right && top < bottom ? Optional.of(new BoundingBox(left, top, right, bottom)) : Optional.empty();
    }

    /**
     * The area of the intersection of two boxes.
     *
     * @param other the other box
     * @return pixels, 0 where they have none in common
     */
    public long intersectionArea(BoundingBox other) {
        return intersection(other).map(BoundingBox::area).orElse(0L);
    }

    /**
     * The intersection over union of two boxes (IoU, Jaccard index): the pixels in both over the pixels in either.
     *
     * @param other the other box
     * @return in [0, 1]: 0 where they have no pixel in common, 1 only for equal boxes
     */
    public double intersectionOverUnion(BoundingBox other) {
        long common = intersectionArea(other);
        return (double) common / (area() + other.area() - common);
    }

    /**
     * The intersection over union where {@code x1} and {@code y1} are the last pixels rather than those after them: every side is
     * one pixel longer. ILSVRC's development kit and code that follows it, wsolevaluation for one, count so.
     *
     * @param other the other box
     * @return in [0, 1]; boxes that touch have a pixel in common
     */
    public double inclusiveIntersectionOverUnion(BoundingBox other) {
        return new BoundingBox(x0, y0, x1 + 1, y1 + 1)
                .intersectionOverUnion(new BoundingBox(other.x0, other.y0, other.x1 + 1, other.y1 + 1));
    }

    /**
     * The smallest box around both.
     *
     * @param other the other box
     * @return a box that contains this one and the other
     */
    public BoundingBox union(BoundingBox other) {
        return new BoundingBox(
                Math.min(x0, other.x0), Math.min(y0, other.y0), Math.max(x1, other.x1), Math.max(y1, other.y1));
    }

    /**
     * The same box in a photo that was resized.
     *
     * @param factorX new width over old width, positive
     * @param factorY new height over old height, positive
     * @return edges rounded to the nearest pixel; never less than a pixel wide and high
     */
    public BoundingBox scale(double factorX, double factorY) {
        if (!(factorX > 0 && factorY > 0)) {
            throw new IllegalArgumentException(
                    "a box cannot be scaled by " + factorX + " and " + factorY + ": give positive factors");
        }
        int left = Math.toIntExact(Math.round(x0 * factorX));
        int top = Math.toIntExact(Math.round(y0 * factorY));
        int right = Math.toIntExact(Math.round(x1 * factorX));
        int bottom = Math.toIntExact(Math.round(y1 * factorY));
        return new BoundingBox(left, top, Math.max(right, left + 1), Math.max(bottom, top + 1));
    }

    /**
     * The smallest box around the same box in a photo that was resized.
     *
     * @param factorX new width over old width, positive
     * @param factorY new height over old height, positive
     * @return edges rounded outwards to whole pixels
     */
    public BoundingBox enclosing(double factorX, double factorY) {
        return new BoundingBox(
                (int) Math.floor(x0 * factorX), (int) Math.floor(y0 * factorY), (int) Math.ceil(x1 * factorX), (int)
                        Math.ceil(y1 * factorY));
    }

    /**
     * The box with a margin around it; clip it where it must stay in the photo.
     *
     * @param margin on each side, as a fraction of the box's own width and height; 0 or more
     * @return the larger box
     */
    public BoundingBox withMargin(double margin) {
        if (!(margin >= 0)) {
            throw new IllegalArgumentException("a margin of " + margin + ": give 0 or more");
        }
        int across = Math.toIntExact(Math.round(width() * margin));
        int down = Math.toIntExact(Math.round(height() * margin));
        return new BoundingBox(x0 - across, y0 - down, x1 + across, y1 + down);
    }

    /**
     * The part of the box that lies in a photo.
     *
     * @param photoWidth the photo's columns, positive
     * @param photoHeight the photo's rows, positive
     * @return the box cut at the photo's edges; empty where it lies beside the photo
     */
    public Optional<BoundingBox> clip(int photoWidth, int photoHeight) {
        return intersection(new BoundingBox(0, 0, photoWidth, photoHeight));
    }

    /** For a log line: {@code [134, 531) x [34, 373)}. */
    @Override
    public String toString() {
        return "[" + x0 + ", " + x1 + ") x [" + y0 + ", " + y1 + ")";
    }
}
