package org.cam4j.plan.operation;

/**
 * Cells around an image, added by padding or taken off by cropping.
 *
 * @param top rows above
 * @param bottom rows below
 * @param left columns before
 * @param right columns after
 */
public record Padding(int top, int bottom, int left, int right) {

    /** No padding. */
    public static final Padding NONE = new Padding(0, 0, 0, 0);

    /** Checks that nothing is negative. */
    public Padding {
        if (top < 0 || bottom < 0 || left < 0 || right < 0) {
            throw new IllegalArgumentException("a padding of " + top + ", " + bottom + ", " + left + ", " + right
                    + " (top, bottom, left, right): none may be negative");
        }
    }

    /**
     * Whether there is no padding.
     *
     * @return true if all sides are 0
     */
    public boolean isNone() {
        return (top | bottom | left | right) == 0;
    }

    /**
     * Adds two paddings, side by side.
     *
     * @param other padding around this one
     * @return a new padding, each side the sum of both
     */
    public Padding plus(Padding other) {
        return new Padding(
                Math.addExact(top, other.top),
                Math.addExact(bottom, other.bottom),
                Math.addExact(left, other.left),
                Math.addExact(right, other.right));
    }

    /** For a plan's listing: {@code 1,1,1,1} (top, bottom, left, right). */
    @Override
    public String toString() {
        return top + "," + bottom + "," + left + "," + right;
    }
}
