package org.cam4j.image.vp8;

import java.util.Arrays;

/** Predicts blocks from the samples above and to the left (RFC 6386, section 12), before the loop filter. Not thread-safe. */
final class Prediction {

    /** The value of pixels above the first row and before the first column. */
    private static final byte ABOVE = 127;

    private static final byte LEFT = (byte) 129;
    private static final int MIDDLE = 128;

    /** Around a block of 4x4: four to the left from below, the corner, eight above. */
    private final int[] around = new int[13];

    /**
     * Predicts a macroblock's luma or chroma as a whole.
     *
     * @param at the first sample
     * @param size 16 or 8
     * @param hasAbove whether there is a row above
     * @param hasLeft whether there is a column to the left
     */
    void whole(byte[] s, int at, int stride, int size, int mode, boolean hasAbove, boolean hasLeft) {
        switch (mode) {
            case Modes.DC -> fill(s, at, stride, size, mean(s, at, stride, size, hasAbove, hasLeft));
            case Modes.VERTICAL -> {
                for (int y = 0; y < size; y++) {
                    if (hasAbove) {
                        System.arraycopy(s, at - stride, s, at + y * stride, size);
                    } else {
                        Arrays.fill(s, at + y * stride, at + y * stride + size, ABOVE);
                    }
                }
            }
            case Modes.HORIZONTAL -> {
                for (int y = 0; y < size; y++) {
                    int row = at + y * stride;
                    Arrays.fill(s, row, row + size, hasLeft ? s[row - 1] : LEFT);
                }
            }
            default -> trueMotion(s, at, stride, size, hasAbove, hasLeft);
        }
    }

    private static void fill(byte[] s, int at, int stride, int size, int value) {
        for (int y = 0; y < size; y++) {
            Arrays.fill(s, at + y * stride, at + y * stride + size, (byte) value);
        }
    }

    private static int mean(byte[] s, int at, int stride, int size, boolean hasAbove, boolean hasLeft) {
        if (!hasAbove && !hasLeft) {
            return MIDDLE;
        }
        int sum = 0;
        int count = 0;
        if (hasAbove) {
            for (int x = 0; x < size; x++) {
                sum += s[at - stride + x] & 0xff;
            }
            count += size;
        }
        if (hasLeft) {
            for (int y = 0; y < size; y++) {
                sum += s[at + y * stride - 1] & 0xff;
            }
            count += size;
        }
        return (sum + count / 2) / count;
    }

    private static int corner(byte[] s, int at, int stride, boolean hasAbove, boolean hasLeft) {
        return (hasAbove ? hasLeft ? s[at - stride - 1] : LEFT : ABOVE) & 0xff;
    }

    private static void trueMotion(byte[] s, int at, int stride, int size, boolean hasAbove, boolean hasLeft) {
        int corner = corner(s, at, stride, hasAbove, hasLeft);
        for (int y = 0; y < size; y++) {
            int row = at + y * stride;
            int difference = ((hasLeft ? s[row - 1] : LEFT) & 0xff) - corner;
            for (int x = 0; x < size; x++) {
                s[row + x] = clamp(((hasAbove ? s[at - stride + x] : ABOVE) & 0xff) + difference);
            }
        }
    }

    /**
     * Predicts a block of 4x4.
     *
     * @param at its first sample
     * @param aboveRight the four samples above and to the right, null to take them from the plane
     */
    void block(byte[] s, int at, int stride, int mode, boolean hasAbove, boolean hasLeft, int[] aboveRight) {
        for (int i = 0; i < 4; i++) {
            around[3 - i] = (hasLeft ? s[at + i * stride - 1] : LEFT) & 0xff;
            around[5 + i] = (hasAbove ? s[at - stride + i] : ABOVE) & 0xff;
            around[9 + i] = aboveRight != null ? aboveRight[i] : (hasAbove ? s[at - stride + 4 + i] : ABOVE) & 0xff;
        }
        around[4] = corner(s, at, stride, hasAbove, hasLeft);
        switch (mode) {
            case Modes.DC -> {
                int sum = 4;
                for (int i = 0; i < 4; i++) {
                    sum += around[i] + around[5 + i];
                }
                fill(s, at, stride, 4, sum >> 3);
            }
            case Modes.TRUE_MOTION -> {
                for (int y = 0; y < 4; y++) {
                    for (int x = 0; x < 4; x++) {
                        s[at + y * stride + x] = clamp(around[3 - y] + around[5 + x] - around[4]);
                    }
                }
            }
            default -> directed(s, at, stride, mode);
        }
    }

    /** The modes in which each sample continues a line through the samples around. */
    private void directed(byte[] s, int at, int stride, int mode) {
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 4; x++) {
                s[at + y * stride + x] = (byte) sample(mode, x, y);
            }
        }
    }

    private int sample(int mode, int x, int y) {
        return switch (mode) {
            case Modes.VERTICAL -> three(5 + x);
            case Modes.HORIZONTAL -> y == 3 ? (around[1] + 3 * around[0] + 2) >> 2 : three(3 - y);
            case Modes.DOWN_LEFT -> x + y == 6 ? (around[11] + 3 * around[12] + 2) >> 2 : three(6 + x + y);
            case Modes.DOWN_RIGHT -> three(4 + x - y);
            case Modes.VERTICAL_RIGHT -> verticalRight(x, y);
            case Modes.VERTICAL_LEFT -> verticalLeft(x, y);
            case Modes.HORIZONTAL_DOWN -> horizontalDown(x, y);
            default -> horizontalUp(x, y);
        };
    }

    private int verticalRight(int x, int y) {
        int along = 2 * x - y;
        if (along < -1) {
            return three(5 - y);
        }
        return (along & 1) == 0 ? two(4 + along / 2) : three(4 + (along + 1) / 2);
    }

    private int verticalLeft(int x, int y) {
        // The last two of the last column leave the line.
        if (x == 3 && y >= 2) {
            return three(y == 2 ? 10 : 11);
        }
        int start = 5 + x + y / 2;
        return (y & 1) == 0 ? two(start) : three(start + 1);
    }

    private int horizontalDown(int x, int y) {
        int along = 2 * y - x;
        if (along < -1) {
            return three(3 + x);
        }
        return (along & 1) == 0 ? two(3 - along / 2) : three(4 - (along + 1) / 2);
    }

    private int horizontalUp(int x, int y) {
        int along = x + 2 * y;
        if (along > 5) {
            return around[0];
        }
        if (along == 5) {
            return (around[1] + 3 * around[0] + 2) >> 2;
        }
        return (along & 1) == 0 ? two(2 - along / 2) : three(2 - along / 2);
    }

    /** The weighted mean of three neighbours around a place. */
    private int three(int at) {
        return (around[at - 1] + 2 * around[at] + around[at + 1] + 2) >> 2;
    }

    /** The mean of a place and the next one. */
    private int two(int at) {
        return (around[at] + around[at + 1] + 1) >> 1;
    }

    private static byte clamp(int value) {
        return (byte) Math.max(0, Math.min(255, value));
    }
}
