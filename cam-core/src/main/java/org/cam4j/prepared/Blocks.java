package org.cam4j.prepared;

import java.util.ArrayList;
import java.util.List;
import org.cam4j.engine.Packing;

/**
 * The offsets of blocks in a section, one after the other, each a multiple of {@link Packing#ALIGNMENT} bytes.
 *
 * @param <B> the content of a block
 */
final class Blocks<B> {

    /**
     * One block.
     *
     * @param content the block's content
     * @param offset bytes from the section's beginning
     * @param length bytes of the block
     */
    record Placed<B>(B content, long offset, long length) {}

    private final List<Placed<B>> placed = new ArrayList<>();
    private long end;

    /** Places a block behind the last one and returns its offset in bytes from the section's beginning. */
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
