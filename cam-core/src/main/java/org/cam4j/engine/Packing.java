package org.cam4j.engine;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/**
 * What an engine made of a plan's weights before it could run: kept in a file, it need not be made again. What the blocks are is the
 * engine's affair alone.
 *
 * @param fits where it can be used again, in words that are compared as a whole: kernels and their version, instruction set,
 *     platform
 * @param summary what was packed how, in words for people
 * @param description what the blocks are, in the engine's own encoding; shared, so leave it alone. It may come from a file that is not
 *     trusted
 * @param blocks packed weights, each in direct memory from position 0 to the limit, on a multiple of {@link #ALIGNMENT}; not modified
 */
public record Packing(String fits, String summary, byte[] description, List<ByteBuffer> blocks) {

    /** Blocks begin at multiples of so many bytes, in memory and in files. */
    public static final int ALIGNMENT = 64;

    /** Copies the list. */
    public Packing {
        Objects.requireNonNull(fits, "fits");
        Objects.requireNonNull(summary, "summary");
        Objects.requireNonNull(description, "description");
        blocks = List.copyOf(blocks);
    }
}
