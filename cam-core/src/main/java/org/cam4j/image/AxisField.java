package org.cam4j.image;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.BinaryOperator;

/** The receptive fields of a value's cells along one axis of the network's input. */
sealed interface AxisField {

    /** Every cell sees all there is: the value is one vector for the whole map. */
    AxisField EVERYWHERE = new Everywhere();

    /** See {@link #EVERYWHERE}. */
    record Everywhere() implements AxisField {}

    /**
     * The cells follow no axis of the input.
     *
     * @param reason why, as a sentence's part
     */
    record Lost(String reason) implements AxisField {}

    /**
     * An axis with entries of no place that a reshape has joined with others.
     *
     * @param axis what it was before
     */
    record Nested(FollowedAxis axis) implements AxisField {}

    /**
     * The cells follow an axis of the input.
     *
     * <p>Cells are kept by two reckonings. By the <b>exact</b> one a cell lies at the centre of its receptive field, the pixels that it
     * depends on, borders included. By the <b>even</b> one convolutions and poolings cover evenly what they get, the convention of
     * those who enlarge maps to the input. Both apply crops, paddings and resizes alike.
     *
     * @param vertical whether that axis is the input's rows, from top to bottom
     * @param cells how many cells there are, without the border
     * @param exact where they lie by their receptive fields
     * @param even where they lie if windows cover evenly what they get
     * @param coarsest input pixels of one cell where they are largest on the way
     * @param before zeros in front of the first cell that the next window may take for its border
     * @param after zeros behind the last cell
     */
    record Along(boolean vertical, int cells, Extent exact, Extent even, double coarsest, int before, int after)
            implements AxisField {

        static Along input(boolean vertical, int pixels) {
            return new Along(vertical, pixels, Extent.whole(pixels), Extent.whole(pixels), 1, 0, 0);
        }

        /**
         * The positions of a kernel that moves over the cells.
         *
         * @param span cells that the kernel spans, holes included
         * @param first zeros in front of the cells that the first position sees
         */
        Along window(int span, int stride, int first, int positions) {
            int left = before + first;
            // More positions than cells for them: some see the border alone, and cover places beside the cells.
            boolean isWider = positions > (cells + stride - 1) / stride;
            return new Along(
                    vertical,
                    positions,
                    exact.covered(cells, span, stride, left, positions),
                    isWider ? even.covered(cells, span, stride, left, positions) : even,
                    Math.max(coarsest, exact.step(cells) * stride),
                    0,
                    0);
        }

        /** Zeros around the cells. */
        Along padded(int first, int last) {
            return new Along(vertical, cells, exact, even, coarsest, before + first, after + last);
        }

        /** Fewer cells; the border goes first. */
        Along cropped(int first, int last) {
            int ofBorder = Math.min(first, before);
            int ofEnd = Math.min(last, after);
            int left = first - ofBorder;
            int right = last - ofEnd;
            if (left + right >= cells) {
                return settled().cut(first, last);
            }
            return cut(left, right).padded(-ofBorder, -ofEnd);
        }

        private Along cut(int first, int last) {
            return new Along(
                    vertical,
                    cells - first - last,
                    exact.cropped(cells, first, last),
                    even.cropped(cells, first, last),
                    coarsest,
                    before,
                    after);
        }

        /** The same places in more or fewer cells. */
        Along resized(int count) {
            Along whole = settled();
            return new Along(
                    vertical, count, whole.exact, whole.even, Math.max(coarsest, whole.exact.step(count)), 0, 0);
        }

        /** The cells apart from each other, zeros between them. */
        Along spread(int step) {
            Along whole = settled();
            int count = (whole.cells - 1) * step + 1;
            return new Along(
                    vertical,
                    count,
                    narrowed(whole.exact, whole.cells, step),
                    narrowed(whole.even, whole.cells, step),
                    coarsest,
                    0,
                    0);
        }

        /** From the first cell's centre to the last one's, and half a new cell beyond on both sides. */
        private static Extent narrowed(Extent extent, int cells, int step) {
            double margin = (extent.step(cells) - extent.step(cells) / step) / 2;
            return new Extent(extent.from() + margin, extent.to() - margin, extent.seenFrom(), extent.seenTo());
        }

        /**
         * New cells at given places, if these are evenly apart, to less than the coarsest cell.
         *
         * @param exactly the new cells' centres by the exact reckoning
         * @param evenly and by the even one
         * @return empty if the places are in another order or unevenly apart
         */
        Optional<Along> moved(double[] exactly, double[] evenly) {
            return line(exactly).flatMap(there -> line(evenly).map(evenlyThere -> {
                double largest = Math.max(coarsest, there.step(exactly.length));
                return new Along(vertical, exactly.length, there, evenlyThere, largest, 0, 0);
            }));
        }

        /** The extent of cells on the line that is nearest to their centres. */
        private Optional<Extent> line(double[] centres) {
            int count = centres.length;
            double middle = Arrays.stream(centres).average().orElseThrow();
            double product = 0;
            double squares = 0;
            for (int i = 0; i < count; i++) {
                double at = i - (count - 1) / 2.0;
                product += at * (centres[i] - middle);
                squares += at * at;
            }
            // A single cell is as large as the old ones.
            double step = count == 1 ? exact.step(cells) : product / squares;
            for (int i = 0; i < count; i++) {
                if (!(Math.abs(middle + (i - (count - 1) / 2.0) * step - centres[i]) < coarsest)) {
                    return Optional.empty();
                }
            }
            double half = count * step / 2;
            return step > 0
                    ? Optional.of(new Extent(middle - half, middle + half, exact.seenFrom(), exact.seenTo()))
                    : Optional.empty();
        }

        /** The border as cells. */
        Along settled() {
            return new Along(
                    vertical,
                    cells + before + after,
                    exact.padded(cells, before, after),
                    even.padded(cells, before, after),
                    coarsest,
                    0,
                    0);
        }

        /**
         * Where the cells are placed: evenly where that is, averaged over the cells, within half of the coarsest cell of their
         * receptive fields' centres, otherwise at these.
         */
        Extent extent() {
            Along whole = settled();
            double apart = 0;
            for (int i = 0; i < whole.cells; i++) {
                apart += Math.abs(whole.exact.centre(i, whole.cells) - whole.even.centre(i, whole.cells));
            }
            return apart <= whole.cells * coarsest / 2 ? whole.even : whole.exact;
        }

        /** Whether the cells of two values that are joined see the same places, to less than the coarsest cell of either. */
        boolean agrees(Along other) {
            double most = Math.max(coarsest, other.coarsest);
            return vertical == other.vertical
                    && Math.abs(exact.centre(0, cells) - other.exact.centre(0, cells)) < most
                    && Math.abs(exact.centre(cells - 1, cells) - other.exact.centre(cells - 1, cells)) < most;
        }

        /** Both values in one: at the places of this one, having seen what either has. */
        Along joined(Along other) {
            return new Along(
                    vertical,
                    cells,
                    exact.seeingAlso(other.exact),
                    even.seeingAlso(other.even),
                    Math.max(coarsest, other.coarsest),
                    before,
                    after);
        }

        private boolean hasBorderOf(Along other) {
            return cells == other.cells && before == other.before && after == other.after;
        }
    }

    /** The receptive field of a value that combines two, cell by cell. */
    static BinaryOperator<AxisField> join(String step) {
        return (one, other) -> {
            if (one instanceof Lost || other instanceof Everywhere) {
                return one;
            }
            if (other instanceof Lost || one instanceof Everywhere) {
                return other;
            }
            Along first = (Along) one;
            Along second = (Along) other;
            if (!first.hasBorderOf(second)) {
                first = first.settled();
                second = second.settled();
            }
            if (first.agrees(second)) {
                return first.joined(second);
            }
            return new Lost("'" + step + "' joins " + seen(first) + " with " + seen(second) + " of the input");
        };
    }

    private static String seen(Along field) {
        return (field.vertical ? "rows " : "columns ") + Math.round(field.exact.from()) + " to "
                + Math.round(field.exact.to());
    }
}
