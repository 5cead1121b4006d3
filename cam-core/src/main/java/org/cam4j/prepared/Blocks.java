package org.cam4j.prepared;

import java.util.ArrayList;
import java.util.List;
import org.cam4j.engine.Packing;

/**
 * The places of blocks in a section, one after the other, each on a multiple of {@link Packing#ALIGNMENT}.
 *
 * @param <B> what a block is of
 */
final class Blocks<B> {

    /**
     * One block.
     *
     * @param content what it is of
     * @param offset bytes from the section's beginning
     * @param length bytes
     */
    record Placed<B>(B content, long offset, long length) {}

    private final List<Placed<B>> placed = new ArrayList<>();
    private long end;

    /** Gives a block the next place; the bytes from the section's beginning. */
    long add(B content, long length) {
        long offset = (end + Packing.ALIGNMENT - 1) / Packing.ALIGNMENT * Packing.ALIGNMENT;
        placed.add(new Placed<>(content, offset, length));
        end = offset + length;
        return offset;
    }

    List<Placed<B>> placed() {
        return placed;
    }
}
