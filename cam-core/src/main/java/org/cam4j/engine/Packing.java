package org.cam4j.engine;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/**
 * What an engine made of a plan's weights before it could run: kept in a file, it need not be made again.
 *
 * @param fits where it can be used again, in words that are compared as a whole: kernels and their version, instruction set,
 *     platform
 * @param winograd the convolutions, by the number of the value that they make, that are computed by Winograd's algorithm
 * @param blocks the convolutions' weights in the engine's layouts
 */
public record Packing(String fits, Set<Integer> winograd, List<Block> blocks) {

    /** Blocks begin at multiples of so many bytes, in memory and in files. */
    public static final int ALIGNMENT = 64;

    /** Copies the collections. */
    public Packing {
        winograd = Set.copyOf(winograd);
        blocks = List.copyOf(blocks);
    }

    /**
     * The weights of one convolution in one layout.
     *
     * @param value the number of the value that the convolution makes
     * @param layout the engine's description of the layout, compared byte by byte; shared, so leave it alone
     * @param content direct memory from position 0 to the limit, on a multiple of {@link #ALIGNMENT}; not modified
     */
    public record Block(int value, byte[] layout, ByteBuffer content) {}
}
