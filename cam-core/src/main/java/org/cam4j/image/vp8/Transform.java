package org.cam4j.image.vp8;

/** The two inverse transforms (RFC 6386, section 14), in its integer arithmetic. */
final class Transform {

    private static final int BLOCK = 16;

    private Transform() {}

    /**
     * The first coefficients of 16 luma blocks.
     *
     * @param in 16 coefficients
     * @param out [16, 16]; the first of each row is written
     */
    static void inverseWalshHadamard(short[] in, short[] out) {
        int[] columns = new int[BLOCK];
        for (int i = 0; i < 4; i++) {
            int a = in[i] + in[12 + i];
            int b = in[4 + i] + in[8 + i];
            int c = in[4 + i] - in[8 + i];
            int d = in[i] - in[12 + i];
            columns[i] = a + b;
            columns[4 + i] = d + c;
            columns[8 + i] = a - b;
            columns[12 + i] = d - c;
        }
        for (int row = 0; row < BLOCK; row += 4) {
            int rounded = columns[row] + 3;
            int a = rounded + columns[row + 3];
            int b = columns[row + 1] + columns[row + 2];
            int c = columns[row + 1] - columns[row + 2];
            int d = rounded - columns[row + 3];
            out[row * BLOCK] = (short) ((a + b) >> 3);
            out[(row + 1) * BLOCK] = (short) ((d + c) >> 3);
            out[(row + 2) * BLOCK] = (short) ((a - b) >> 3);
            out[(row + 3) * BLOCK] = (short) ((d - c) >> 3);
        }
    }

    /**
     * Adds the inverse cosine transform of one block to its prediction.
     *
     * @param in coefficients, from {@code start} on
     * @param work 16 numbers, overwritten
     * @param samples the plane, changed at {@code at} and 3 samples on and 3 rows below
     */
    static void addInverseCosine(short[] in, int start, int[] work, byte[] samples, int at, int stride) {
        for (int i = 0; i < 4; i++) {
            int a = in[start + i] + in[start + 8 + i];
            int b = in[start + i] - in[start + 8 + i];
            int c = small(in[start + 4 + i]) - large(in[start + 12 + i]);
            int d = large(in[start + 4 + i]) + small(in[start + 12 + i]);
            work[4 * i] = a + d;
            work[4 * i + 1] = b + c;
            work[4 * i + 2] = b - c;
            work[4 * i + 3] = a - d;
        }
        for (int y = 0; y < 4; y++) {
            int rounded = work[y] + 4;
            int a = rounded + work[8 + y];
            int b = rounded - work[8 + y];
            int c = small(work[4 + y]) - large(work[12 + y]);
            int d = large(work[4 + y]) + small(work[12 + y]);
            int to = at + y * stride;
            samples[to] = sum(samples[to], a + d);
            samples[to + 1] = sum(samples[to + 1], b + c);
            samples[to + 2] = sum(samples[to + 2], b - c);
            samples[to + 3] = sum(samples[to + 3], a - d);
        }
    }

    /** {@code value · √2 · cos(π/8)} in 16-bit fixed point. */
    private static int large(int value) {
        return ((value * 20091) >> 16) + value;
    }

    /** {@code value · √2 · sin(π/8)} in 16-bit fixed point. */
    private static int small(int value) {
        return (value * 35468) >> 16;
    }

    private static byte sum(byte predicted, int eighths) {
        return (byte) Math.max(0, Math.min(255, (predicted & 0xff) + (eighths >> 3)));
    }
}
