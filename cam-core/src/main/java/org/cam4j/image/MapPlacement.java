package org.cam4j.image;

import java.util.Objects;

/**
 * The placement of a map's cells in the network's input, which the network's own layers decide: most cover the whole input evenly,
 * but a layer may crop, pad, resize or turn what it gets.
 */
public sealed interface MapPlacement {

    /**
     * Cells with a known place.
     *
     * @param rows what the cells cover along the input's rows, from top to bottom
     * @param columns what the cells cover along the input's columns, from left to right
     * @param transposed whether the network exchanges rows and columns: the map's rows then run along the input's columns
     */
    record Placed(Extent rows, Extent columns, boolean transposed) implements MapPlacement {

        /** @throws NullPointerException if an extent is missing */
        public Placed {
            Objects.requireNonNull(rows, "rows");
            Objects.requireNonNull(columns, "columns");
        }
    }

    /**
     * Cells that stand for no one place in the input.
     *
     * @param reason what the network does to its cells, as a sentence's part: {@code step 'add' joins ...}
     */
    record Unplaced(String reason) implements MapPlacement {

        /** @throws NullPointerException if there is no reason */
        public Unplaced {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * The map covers the whole input evenly.
     *
     * @param inputHeight rows of the input, positive
     * @param inputWidth columns of the input, positive
     * @return the placement of most networks
     */
    static Placed whole(int inputHeight, int inputWidth) {
        return new Placed(Extent.whole(inputHeight), Extent.whole(inputWidth), false);
    }
}
