package org.cam4j.plan.operation;

/**
 * Cells around an image, added by padding or taken off by cropping.
 *
 * @param top rows above
 * @param bottom rows below
 * @param left columns before
 * @param right columns after
 */
public record Border(int top, int bottom, int left, int right) {

    /** No cells. */
    public static final Border NONE = new Border(0, 0, 0, 0);

    /** Checks that nothing is negative. */
    public Border {
        if (top < 0 || bottom < 0 || left < 0 || right < 0) {
            throw new IllegalArgumentException("a border of " + top + ", " + bottom + ", " + left + ", " + right
                    + " (top, bottom, left, right): none may be negative");
        }
    }

    /**
     * Whether there is no border.
     *
     * @return true if all sides are 0
     */
    public boolean isNone() {
        return (top | bottom | left | right) == 0;
    }

    /**
     * Both borders, one around the other.
     *
     * @param other the other one
     * @return the sum side by side
     */
    public Border plus(Border other) {
        return new Border(
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
