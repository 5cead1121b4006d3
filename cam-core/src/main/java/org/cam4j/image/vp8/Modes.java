package org.cam4j.image.vp8;

import java.util.Arrays;

/** Reads how macroblocks are predicted (RFC 6386, sections 10, 11 and 19.3), row by row. Not thread-safe. */
final class Modes {

    // The modes of blocks of any size; those of 4x4 go on with DOWN_LEFT.
    static final int DC = 0;
    static final int TRUE_MOTION = 1;
    static final int VERTICAL = 2;
    static final int HORIZONTAL = 3;
    static final int DOWN_LEFT = 4;
    static final int DOWN_RIGHT = 5;
    static final int VERTICAL_RIGHT = 6;
    static final int VERTICAL_LEFT = 7;
    static final int HORIZONTAL_DOWN = 8;
    static final int HORIZONTAL_UP = 9;

    /** The tree of modes of 4x4: two numbers a node, the place of the next node or the complement of a mode. */
    private static final int[] TREE = {
        ~DC,
        2,
        ~TRUE_MOTION,
        4,
        ~VERTICAL,
        6,
        8,
        12,
        ~HORIZONTAL,
        10,
        ~DOWN_RIGHT,
        ~VERTICAL_RIGHT,
        ~DOWN_LEFT,
        14,
        ~VERTICAL_LEFT,
        16,
        ~HORIZONTAL_DOWN,
        ~HORIZONTAL_UP
    };

    /** The segment of the macroblock that was read last. */
    int segment;
    /** Whether it is said to have no coefficients. */
    boolean skipped;
    /** Whether its blocks of 4x4 are predicted one by one. */
    boolean blockwise;
    /** The mode of its luma, unless blockwise. */
    int luma;
    /** The modes of its blocks of 4x4 [16]. */
    final int[] blocks = new int[16];

    int chroma;

    private final FrameHeader header;
    private final BoolDecoder in;
    private final int[] above;
    private final int[] left = new int[4];

    Modes(FrameHeader header, int columns) {
        this.header = header;
        this.in = header.first;
        this.above = new int[4 * columns];
    }

    void startRow() {
        Arrays.fill(left, DC);
    }

    /** Reads the next macroblock. */
    void read(int column) {
        segment = header.hasSegmentMap ? segment() : 0;
        skipped = header.skipProbability >= 0 && in.bit(header.skipProbability) != 0;
        blockwise = in.bit(145) == 0;
        if (blockwise) {
            readBlocks(column);
        } else {
            luma = in.bit(156) != 0 ? in.bit(128) != 0 ? TRUE_MOTION : HORIZONTAL : in.bit(163) != 0 ? VERTICAL : DC;
            Arrays.fill(left, luma);
            Arrays.fill(above, 4 * column, 4 * column + 4, luma);
        }
        chroma = in.bit(142) == 0 ? DC : in.bit(114) == 0 ? VERTICAL : in.bit(183) != 0 ? TRUE_MOTION : HORIZONTAL;
    }

    private int segment() {
        int[] p = header.segmentProbabilities;
        return in.bit(p[0]) == 0 ? in.bit(p[1]) : 2 + in.bit(p[2]);
    }

    private void readBlocks(int column) {
        for (int y = 0; y < 4; y++) {
            int mode = left[y];
            for (int x = 0; x < 4; x++) {
                int p = (above[4 * column + x] * Tables.MODES + mode) * Tables.MODE_PROBABILITIES;
                int node = 0;
                do {
                    node = TREE[node + in.bit(Tables.BLOCK_MODES[p + node / 2])];
                } while (node >= 0);
                mode = ~node;
                blocks[4 * y + x] = mode;
                above[4 * column + x] = mode;
            }
            left[y] = mode;
        }
    }
}
