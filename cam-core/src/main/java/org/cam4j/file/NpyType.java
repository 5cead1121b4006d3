package org.cam4j.file;

import java.nio.ByteBuffer;
import java.util.Locale;

/** The types of numbers in NumPy files that become float32. */
enum NpyType {
    FLOAT32("f4", 4) {
        @Override
        float read(ByteBuffer bytes, int at) {
            return bytes.getFloat(at);
        }
    },
    FLOAT64("f8", 8) {
        @Override
        float read(ByteBuffer bytes, int at) {
            return (float) bytes.getDouble(at);
        }
    },
    FLOAT16("f2", 2) {
        @Override
        float read(ByteBuffer bytes, int at) {
            return half(bytes.getShort(at));
        }
    },
    UINT8("u1", 1) {
        @Override
        float read(ByteBuffer bytes, int at) {
            return Byte.toUnsignedInt(bytes.get(at));
        }
    };

    private final String code;
    private final int bytes;

    NpyType(String code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** NumPy's code without the byte order. */
    String code() {
        return code;
    }

    /** The size of a number. */
    int bytes() {
        return bytes;
    }

    /** Reads the number at a byte, in the buffer's byte order. */
    abstract float read(ByteBuffer bytes, int at);

    /** IEEE 754 half precision: a sign, five bits of exponent, ten of fraction. */
    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float size;
        if (exponent == 0x1f) {
            size = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else if (exponent == 0) {
            size = Math.scalb((float) fraction, -24);
        } else {
            size = Math.scalb((float) (fraction | 0x400), exponent - 25);
        }
        return bits < 0 ? -size : size;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
