package org.cam4j.engine.cuda;

/** How numbers are stored and multiplied on the GPU; sums are float in all cases. */
public enum Precision {
    /** Floats, multiplied as floats: results differ from a CPU's by rounding only. */
    EXACT(4, 0),
    /** Floats, rounded to 10 bits of mantissa before convolutions and dense layers multiply them. */
    TF32(4, 0),
    /** IEEE halves: 10 bits of mantissa, up to 65,504. */
    FP16(2, 1),
    /** Bfloat16: 7 bits of mantissa, the range of floats. */
    BF16(2, 2);

    private final int bytes;
    private final int type;

    Precision(int bytes, int type) {
        this.bytes = bytes;
        this.type = type;
    }

    /** Bytes of a stored number. */
    int bytes() {
        return bytes;
    }

    /** The kernels' {@code TYPE}. */
    int type() {
        return type;
    }

    /** Whether numbers are stored as floats. */
    boolean storesFloats() {
        return type == 0;
    }
}
