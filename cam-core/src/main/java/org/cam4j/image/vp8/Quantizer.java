package org.cam4j.image.vp8;

/**
 * The factors of coefficients (RFC 6386, sections 9.6 and 14.1): the first of a block, and the others.
 *
 * @param lumaDc of 16 luma blocks whose first coefficients are not stored apart
 * @param lumaAc of luma
 * @param meanDc of the block that holds the first coefficients of a macroblock's luma
 * @param meanAc likewise
 * @param chromaDc of chroma
 * @param chromaAc of chroma
 */
record Quantizer(int lumaDc, int lumaAc, int meanDc, int meanAc, int chromaDc, int chromaAc) {

    private static final int LARGEST_CHROMA_DC = 117;

    /**
     * The steps of one segment.
     *
     * @param index into the tables, taken to their ends if it is beyond them
     * @param deltas added to the index for lumaDc, meanDc, meanAc, chromaDc, chromaAc
     */
    static Quantizer of(int index, int[] deltas) {
        return new Quantizer(
                Tables.DC_STEPS[within(index + deltas[0], Tables.STEPS - 1)],
                Tables.AC_STEPS[within(index, Tables.STEPS - 1)],
                2 * Tables.DC_STEPS[within(index + deltas[1], Tables.STEPS - 1)],
                Math.max(8, Tables.AC_STEPS[within(index + deltas[2], Tables.STEPS - 1)] * 155 / 100),
                Tables.DC_STEPS[within(index + deltas[3], LARGEST_CHROMA_DC)],
                Tables.AC_STEPS[within(index + deltas[4], Tables.STEPS - 1)]);
    }

    private static int within(int index, int last) {
        return Math.max(0, Math.min(last, index));
    }
}
