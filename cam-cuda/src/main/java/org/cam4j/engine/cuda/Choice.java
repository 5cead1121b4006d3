package org.cam4j.engine.cuda;

import java.util.Locale;

/**
 * How a convolution or dense layer is computed.
 *
 * @param kind by which library, and what with it
 * @param algorithm cuDNN's number
 * @param mathType cuDNN's number
 * @param memory bytes of workspace
 */
record Choice(Kind kind, int algorithm, int mathType, long memory) {

    /** Ways to compute a convolution. */
    enum Kind {
        /** cuDNN, with bias, residual sum and activation. */
        FUSED,
        /** cuDNN, with a kernel of ours after it. */
        PLAIN,
        /** A matrix product of cuBLASLt, with bias, residual sum and activation. */
        FUSED_PRODUCT,
        /** A matrix product of cuBLAS, with a kernel of ours after it. */
        PRODUCT,
        /** A kernel of ours that can do any, slowly. */
        DIRECT
    }

    static Choice of(Kind kind) {
        return new Choice(kind, 0, 0, 0);
    }

    @Override
    public String toString() {
        boolean isCudnn = kind == Kind.FUSED || kind == Kind.PLAIN;
        return kind.name().toLowerCase(Locale.ROOT)
                + (isCudnn ? " " + algorithm + (mathType == 0 ? "" : "/" + mathType) : "");
    }
}
