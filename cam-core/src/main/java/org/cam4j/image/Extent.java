package org.cam4j.image;

/**
 * The extent of a map's cells along one axis of the network's input: {@code [from, to)} in equal parts, so that cell {@code i} of
 * {@code n} has its centre at {@code from + (i + 0.5) · (to - from) / n}.
 *
 * <p>Coordinates are continuous, pixel {@code i} covers {@code [i, i + 1)}. A network that pads its input has cells beyond the
 * input; one that crops it leaves pixels without a cell.
 *
 * @param from where the first cell begins; negative where the network looks beyond the input
 * @param to where the last cell ends, more than {@code from}
 * @param seenFrom the first pixel that the network does not crop away
 * @param seenTo the end of what it does not crop away, more than {@code seenFrom}; beyond the outermost centres the outermost cells
 *     speak for what is seen
 */
public record Extent(double from, double to, double seenFrom, double seenTo) {

    /** @throws IllegalArgumentException if something is not finite or empty */
    public Extent {
        if (!(from < to && seenFrom < seenTo)
                || !Double.isFinite(from)
                || !Double.isFinite(to)
                || !Double.isFinite(seenFrom)
                || !Double.isFinite(seenTo)) {
            throw new IllegalArgumentException("a map cannot cover " + from + " to " + to + " of an input seen from "
                    + seenFrom + " to " + seenTo + ": all must be finite, and each end after its beginning");
        }
    }

    /**
     * The whole input.
     *
     * @param pixels rows or columns of the input, positive
     * @return [0, pixels), all of it seen
     */
    public static Extent whole(int pixels) {
        return new Extent(0, pixels, 0, pixels);
    }

    /**
     * The position of a cell's centre.
     *
     * @param cell in [0, cells)
     * @param cells how many cells the map has along this axis
     * @return continuous coordinate in the input
     */
    public double centre(int cell, int cells) {
        return from + (cell + 0.5) * (to - from) / cells;
    }

    /**
     * The position of a place between the cells' centres.
     *
     * @param position continuous coordinate in the input
     * @param cells how many cells the map has along this axis
     * @return 0 at the first cell's centre, {@code cells - 1} at the last one's, less and more beyond
     */
    public double cell(double position, int cells) {
        return (position - from) * cells / (to - from) - 0.5;
    }

    /**
     * Whether the network saw a place.
     *
     * @param position continuous coordinate in the input
     * @return false for what was cropped away
     */
    public boolean sees(double position) {
        return position >= seenFrom && position < seenTo;
    }

    /** Input pixels of one cell. */
    double step(int cells) {
        return (to - from) / cells;
    }

    /** The extent without some of its {@code cells}: the network does not see what they stood for. */
    Extent cropped(int cells, int before, int after) {
        double step = step(cells);
        double first = from + before * step;
        double end = to - after * step;
        return new Extent(
                first,
                end,
                before > 0 ? Math.max(seenFrom, Math.min(first, seenTo - step)) : seenFrom,
                after > 0 ? Math.min(seenTo, Math.max(end, seenFrom + step)) : seenTo);
    }

    /** The extent with cells added that stand for nothing in the input. */
    Extent padded(int cells, int before, int after) {
        double step = step(cells);
        return new Extent(from - before * step, to + after * step, seenFrom, seenTo);
    }

    /**
     * The extent of a kernel's positions, each around the kernel's centre.
     *
     * @param span cells that the kernel spans
     * @param first zeros in front of the cells that the first position sees
     */
    Extent covered(int cells, int span, int stride, int first, int positions) {
        double step = step(cells);
        double start = from + step * ((span - stride) / 2.0 - first);
        return new Extent(start, start + step * stride * positions, seenFrom, seenTo);
    }

    /** The extent of the same places, of which more was seen. */
    Extent seeingAlso(Extent other) {
        return new Extent(from, to, Math.min(seenFrom, other.seenFrom), Math.max(seenTo, other.seenTo));
    }
}
