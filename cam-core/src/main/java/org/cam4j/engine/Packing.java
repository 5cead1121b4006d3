package org.cam4j.engine;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/**
 * A plan's weights in the layouts of one engine. Stored in a file, they need not be packed again. Only the engine knows the content of
 * the blocks.
 *
 * @param fits the machine and engine that can use the weights, compared as a whole: kernels and their version, instruction set,
 *     platform
 * @param summary what was packed and how, as text for readers
 * @param description the blocks' content in the engine's own encoding; shared, do not modify. May come from a file that is not
 *     trusted
 * @param blocks packed weights in direct memory, from position 0 to the limit, aligned to {@link #ALIGNMENT} bytes; not modified
 */
public record Packing(String fits, String summary, byte[] description, List<ByteBuffer> blocks) {

    /** The alignment of blocks in bytes, in memory and in files. */
    public static final int ALIGNMENT = 64;

    /** Copies the list. */
    public Packing {
        Objects.requireNonNull(fits, "fits");
        Objects.requireNonNull(summary, "summary");
        Objects.requireNonNull(description, "description");
        blocks = List.copyOf(blocks);
    }
}
