package org.cam4j.image.vp8;

import java.util.Arrays;

/** Reads the coefficients of macroblocks (RFC 6386, section 13). Not thread-safe. */
final class Coefficients {

    private static final int BLOCKS = 24;
    private static final int BLOCK = 16;
    private static final int LUMA_WITHOUT_DC = 0;
    private static final int MEANS = 1;
    private static final int CHROMA = 2;
    private static final int LUMA = 3;
    private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};
    /** Of a coefficient's place; one more than there are, for the place after the last. */
    private static final int[] BAND = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};

    private static final int[][] LARGE = {
        {173, 148, 140},
        {176, 155, 140, 135},
        {180, 157, 141, 134, 130},
        {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
    };
    /** Bits of blocks beside each other: four of luma, then two of U, then two of V. */
    private static final int U_BIT = 4;

    private static final int V_BIT = 6;

    /** The macroblock's coefficients [24, 16], dequantized: 16 blocks of luma, four of U, four of V. */
    final short[] values = new short[BLOCKS * BLOCK];

    private final int[] probabilities;
    private final short[] means = new short[BLOCK];
    /** Which blocks at the lower border of the macroblocks above have coefficients, and whether their means have. */
    private final int[] above;

    private final int[] meansAbove;
    private int left;
    private int meansLeft;

    Coefficients(int[] probabilities, int columns) {
        this.probabilities = probabilities;
        this.above = new int[columns];
        this.meansAbove = new int[columns];
    }

    void startRow() {
        left = 0;
        meansLeft = 0;
    }

    /** Passes over a macroblock without coefficients. */
    void skip(int column, boolean hasMeans) {
        left = 0;
        above[column] = 0;
        if (hasMeans) {
            meansLeft = 0;
            meansAbove[column] = 0;
        }
        Arrays.fill(values, (short) 0);
    }

    /**
     * Reads a macroblock.
     *
     * @param hasMeans whether the first coefficients of luma are stored apart, as for modes of 16x16
     * @return whether a coefficient is stored
     */
    boolean read(BoolDecoder in, Quantizer quantizer, int column, boolean hasMeans) {
        Arrays.fill(values, (short) 0);
        if (hasMeans) {
            readMeans(in, quantizer, column);
        }
        int first = hasMeans ? 1 : 0;
        int kind = hasMeans ? LUMA_WITHOUT_DC : LUMA;
        boolean any = blocks(in, kind, first, 4, 0, 0, column, quantizer.lumaDc(), quantizer.lumaAc());
        any |= blocks(in, CHROMA, 0, 2, U_BIT, 16, column, quantizer.chromaDc(), quantizer.chromaAc());
        any |= blocks(in, CHROMA, 0, 2, V_BIT, 20, column, quantizer.chromaDc(), quantizer.chromaAc());
        return any || (hasMeans && hasLumaDc());
    }

    private boolean hasLumaDc() {
        for (int block = 0; block < 16; block++) {
            if (values[block * BLOCK] != 0) {
                return true;
            }
        }
        return false;
    }

    private void readMeans(BoolDecoder in, Quantizer quantizer, int column) {
        Arrays.fill(means, (short) 0);
        int count =
                block(in, MEANS, meansAbove[column] + meansLeft, quantizer.meanDc(), quantizer.meanAc(), 0, means, 0);
        meansLeft = count > 0 ? 1 : 0;
        meansAbove[column] = meansLeft;
        Transform.inverseWalshHadamard(means, values);
    }

    /** Reads a square of blocks; returns whether one of them has coefficients. */
    private boolean blocks(
            BoolDecoder in, int kind, int first, int side, int bit, int at, int column, int dcStep, int acStep) {
        boolean any = false;
        for (int y = 0; y < side; y++) {
            int leftBit = 1 << (bit + y);
            for (int x = 0; x < side; x++) {
                int aboveBit = 1 << (bit + x);
                int context = ((left & leftBit) != 0 ? 1 : 0) + ((above[column] & aboveBit) != 0 ? 1 : 0);
                int count = block(in, kind, context, dcStep, acStep, first, values, (at + y * side + x) * BLOCK);
                boolean some = count > first;
                left = some ? left | leftBit : left & ~leftBit;
                above[column] = some ? above[column] | aboveBit : above[column] & ~aboveBit;
                any |= some;
            }
        }
        return any;
    }

    /** Reads one block; returns the place after its last coefficient, 0 if it is empty. */
    private int block(BoolDecoder in, int kind, int context, int dcStep, int acStep, int first, short[] to, int start) {
        int p = at(kind, first, context);
        for (int n = first; n < BLOCK; n++) {
            if (in.bit(probabilities[p]) == 0) {
                return n;
            }
            while (in.bit(probabilities[p + 1]) == 0) {
                if (++n == BLOCK) {
                    return BLOCK;
                }
                p = at(kind, n, 0);
            }
            int value = in.bit(probabilities[p + 2]) == 0 ? 1 : large(in, p);
            p = at(kind, n + 1, value == 1 ? 1 : 2);
            int step = n > 0 ? acStep : dcStep;
            to[start + ZIGZAG[n]] = (short) (in.flag() ? -value * step : value * step);
        }
        return BLOCK;
    }

    private static int at(int kind, int place, int context) {
        return ((kind * Tables.BANDS + BAND[place]) * Tables.CONTEXTS + context) * Tables.COEFFICIENT_PROBABILITIES;
    }

    /** A coefficient of two and more (section 13.2). */
    private int large(BoolDecoder in, int p) {
        if (in.bit(probabilities[p + 3]) == 0) {
            return in.bit(probabilities[p + 4]) == 0 ? 2 : 3 + in.bit(probabilities[p + 5]);
        }
        if (in.bit(probabilities[p + 6]) == 0) {
            return in.bit(probabilities[p + 7]) == 0 ? 5 + in.bit(159) : 7 + 2 * in.bit(165) + in.bit(145);
        }
        int high = in.bit(probabilities[p + 8]);
        int category = 2 * high + in.bit(probabilities[p + 9 + high]);
        int extra = 0;
        for (int probability : LARGE[category]) {
            extra = 2 * extra + in.bit(probability);
        }
        return 3 + (8 << category) + extra;
    }
}
