package org.cam4j.engine.onednn;

import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Shape;

/**
 * Decides where Winograd's minimal filtering (Lavin and Gray, CVPR 2016) is used instead of direct convolution.
 *
 * <p>Measured on Xeons with AVX-512: 0.38 to 0.86 of the direct time from 14x14 cells and 64 channels up, 1.5 of it for 32 channels
 * of 147x147 cells, 0.7 to 1.6 at 8x8 and below, where the transformed weights, 16/9 of the original size, are most of the memory
 * traffic. A fixed rule, not a measurement at run time, so that the same network always gives the same bits.
 */
final class Winograd {

    /** oneDNN's name of the code with tiles of 4x4 cells; it has another one with 2x2. */
    static final String LARGE_TILES = "jit_wino_4x3";

    private static final int FEWEST_INPUTS = 64;
    private static final int FEWEST_OUTPUTS = 32;
    private static final int FEWEST_CELLS = 65;

    private static final int FEWEST_CELLS_OF_LARGE_TILES = 28 * 28;

    private Winograd() {}

    /** Whether oneDNN can compute a convolution this way; also checked if a file of packed weights demands it. */
    static boolean isPossible(Convolution convolution) {
        return Layouts.hasBlocks()
                && convolution.groups() == 1
                // Comparing records would make Java generate code at every start: 10 ms.
                && convolution.window().isPlain(3, 3);
    }

    static boolean isFaster(Convolution convolution, Shape output) {
        return isPossible(convolution)
                && convolution.inputs() >= FEWEST_INPUTS
                && convolution.outputs() >= FEWEST_OUTPUTS
                && output.height() * output.width() >= FEWEST_CELLS;
    }

    /**
     * Whether tiles of 4x4 cells, with a fourth of the multiplications, beat 2x2, with four ninths: 0.63 to 0.75 of the time at
     * 112x112 and 224x224, where oneDNN takes 2x2 by itself; 1.6 to 1.8 at 14x14, where few tiles share large weights.
     */
    static boolean needsLargeTiles(Shape output) {
        return output.height() * output.width() >= FEWEST_CELLS_OF_LARGE_TILES;
    }
}
