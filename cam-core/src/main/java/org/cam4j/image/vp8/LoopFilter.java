package org.cam4j.image.vp8;

/** Smooths the borders of blocks and macroblocks (RFC 6386, section 15). */
final class LoopFilter {

    /** The kind of filter. */
    enum Kind {
        NONE,
        SIMPLE,
        NORMAL;

        static Kind of(boolean simple) {
            return simple ? SIMPLE : NORMAL;
        }
    }

    private final Kind kind;
    /** By segment and, second, by whether blocks of 4x4 are predicted. */
    private final Strength[][] strengths = new Strength[FrameHeader.SEGMENTS][2];

    /**
     * A filter.
     *
     * @param levels of the segments
     * @param intra added to all levels
     * @param blockwise added to those of macroblocks whose blocks of 4x4 are predicted
     */
    LoopFilter(Kind kind, int[] levels, int sharpness, int intra, int blockwise) {
        this.kind = kind;
        for (int segment = 0; segment < levels.length; segment++) {
            strengths[segment][0] = Strength.of(levels[segment] + intra, sharpness);
            strengths[segment][1] = Strength.of(levels[segment] + intra + blockwise, sharpness);
        }
    }

    /**
     * Thresholds.
     *
     * @param edge of differences over borders of blocks; 0 if nothing is filtered
     * @param interior of differences beside a border
     * @param highVariance of differences that are an edge of the picture
     */
    private record Strength(int edge, int interior, int highVariance) {

        static Strength of(int wanted, int sharpness) {
            int level = Math.max(0, Math.min(63, wanted));
            if (level == 0) {
                return new Strength(0, 0, 0);
            }
            int interior = level;
            if (sharpness > 0) {
                interior = Math.min(interior >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
            }
            interior = Math.max(1, interior);
            return new Strength(2 * level + interior, interior, level >= 40 ? 2 : level >= 15 ? 1 : 0);
        }
    }

    /**
     * Filters a macroblock, whose left and upper neighbours are filtered.
     *
     * @param planes changed in the macroblock and three samples to the left and above
     * @param inside whether the borders between its blocks are filtered as well
     */
    void apply(Planes planes, int column, int row, int segment, boolean blockwise, boolean inside) {
        Strength strength = strengths[segment][blockwise ? 1 : 0];
        if (kind == Kind.NONE || strength.edge() == 0) {
            return;
        }
        int luma = planes.lumaAt(column, row);
        int chroma = planes.chromaAt(column, row);
        if (column > 0) {
            edge(planes.luma, luma, 1, planes.lumaStride, 16, strength, true);
            chroma(planes, chroma, 1, planes.chromaStride, strength, true);
        }
        if (inside) {
            for (int x = 4; x < 16; x += 4) {
                edge(planes.luma, luma + x, 1, planes.lumaStride, 16, strength, false);
            }
            chroma(planes, chroma + 4, 1, planes.chromaStride, strength, false);
        }
        if (row > 0) {
            edge(planes.luma, luma, planes.lumaStride, 1, 16, strength, true);
            chroma(planes, chroma, planes.chromaStride, 1, strength, true);
        }
        if (inside) {
            for (int y = 4; y < 16; y += 4) {
                edge(planes.luma, luma + y * planes.lumaStride, planes.lumaStride, 1, 16, strength, false);
            }
            chroma(planes, chroma + 4 * planes.chromaStride, planes.chromaStride, 1, strength, false);
        }
    }

    private void chroma(Planes planes, int at, int across, int along, Strength strength, boolean outer) {
        if (kind == Kind.NORMAL) {
            edge(planes.u, at, across, along, 8, strength, outer);
            edge(planes.v, at, across, along, 8, strength, outer);
        }
    }

    /** Filters a border: {@code across} leads over it, {@code along} to its next sample; outer ones are macroblocks'. */
    private void edge(byte[] s, int start, int across, int along, int length, Strength strength, boolean outer) {
        int limit = 2 * (strength.edge() + (outer ? 4 : 0)) + 1;
        for (int i = 0, at = start; i < length; i++, at += along) {
            int p1 = s[at - 2 * across] & 0xff;
            int p0 = s[at - across] & 0xff;
            int q0 = s[at] & 0xff;
            int q1 = s[at + across] & 0xff;
            if (4 * Math.abs(p0 - q0) + Math.abs(p1 - q1) > limit) {
                continue;
            }
            if (kind == Kind.SIMPLE) {
                two(s, at, across, p1, p0, q0, q1);
                continue;
            }
            int p3 = s[at - 4 * across] & 0xff;
            int p2 = s[at - 3 * across] & 0xff;
            int q2 = s[at + 2 * across] & 0xff;
            int q3 = s[at + 3 * across] & 0xff;
            int most = strength.interior();
            if (far(p3, p2, most)
                    || far(p2, p1, most)
                    || far(p1, p0, most)
                    || far(q3, q2, most)
                    || far(q2, q1, most)
                    || far(q1, q0, most)) {
                continue;
            }
            if (far(p1, p0, strength.highVariance()) || far(q1, q0, strength.highVariance())) {
                two(s, at, across, p1, p0, q0, q1);
            } else if (outer) {
                six(s, at, across, p2, p1, p0, q0, q1, q2);
            } else {
                four(s, at, across, p1, p0, q0, q1);
            }
        }
    }

    private static boolean far(int a, int b, int most) {
        return Math.abs(a - b) > most;
    }

    /** Changes the two samples at the border. */
    private static void two(byte[] s, int at, int across, int p1, int p0, int q0, int q1) {
        int a = 3 * (q0 - p0) + signed8(p1 - q1);
        s[at - across] = unsigned8(p0 + signed5((a + 3) >> 3));
        s[at] = unsigned8(q0 - signed5((a + 4) >> 3));
    }

    /** Changes two samples on either side. */
    private static void four(byte[] s, int at, int across, int p1, int p0, int q0, int q1) {
        int a = 3 * (q0 - p0);
        int inner = signed5((a + 4) >> 3);
        int outer = (inner + 1) >> 1;
        s[at - 2 * across] = unsigned8(p1 + outer);
        s[at - across] = unsigned8(p0 + signed5((a + 3) >> 3));
        s[at] = unsigned8(q0 - inner);
        s[at + across] = unsigned8(q1 - outer);
    }

    /** Changes three samples on either side. */
    private static void six(byte[] s, int at, int across, int p2, int p1, int p0, int q0, int q1, int q2) {
        int a = signed8(3 * (q0 - p0) + signed8(p1 - q1));
        int near = (27 * a + 63) >> 7;
        int second = (18 * a + 63) >> 7;
        int third = (9 * a + 63) >> 7;
        s[at - 3 * across] = unsigned8(p2 + third);
        s[at - 2 * across] = unsigned8(p1 + second);
        s[at - across] = unsigned8(p0 + near);
        s[at] = unsigned8(q0 - near);
        s[at + across] = unsigned8(q1 - second);
        s[at + 2 * across] = unsigned8(q2 - third);
    }

    private static int signed8(int value) {
        return Math.max(-128, Math.min(127, value));
    }

    private static int signed5(int value) {
        return Math.max(-16, Math.min(15, value));
    }

    private static byte unsigned8(int value) {
        return (byte) Math.max(0, Math.min(255, value));
    }
}
