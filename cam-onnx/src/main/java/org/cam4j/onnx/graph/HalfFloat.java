package org.cam4j.onnx.graph;

/** IEEE 754's binary16. */
final class HalfFloat {

    private static final int FRACTION_BITS = 10;
    private static final float SMALLEST = 0x1p-24f;

    private HalfFloat() {}

    /** Returns the number of 16 bits, which a float holds exactly. */
    static float decoded(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> FRACTION_BITS & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * SMALLEST));
        }
        int wide = exponent == 0x1f ? 0xff : exponent + 127 - 15;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << (23 - FRACTION_BITS));
    }
}
