package org.cam4j.image.vp8;

/** The arithmetic decoder of RFC 6386, section 7: reads one bit of a given probability at a time. */
final class BoolDecoder {

    private static final int HALF = 128;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int value;
    /** Bits of {@code value} below the eight that are compared. */
    private int bits = -8;
    /** One less than the range of section 7.3: 127 to 254. */
    private int range = 254;

    private boolean pastEnd;

    /**
     * Reads a partition.
     *
     * @param bytes the whole file, not copied
     * @param start the partition's first byte
     * @param end the byte after its last
     */
    BoolDecoder(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
        load();
    }

    /** Whether more was read than the partition holds. One byte more is read as 0, as libwebp does. */
    boolean isPastEnd() {
        return pastEnd;
    }

    /**
     * Reads one bit.
     *
     * @param probability that it is 0, in 256ths
     */
    int bit(int probability) {
        if (bits < 0) {
            load();
        }
        int split = (range * probability) >> 8;
        int left;
        int bit;
        if ((value >> bits) > split) {
            value -= (split + 1) << bits;
            left = range - split;
            bit = 1;
        } else {
            left = split + 1;
            bit = 0;
        }
        int shift = Integer.numberOfLeadingZeros(left) - 24;
        bits -= shift;
        range = (left << shift) - 1;
        return bit;
    }

    boolean flag() {
        return bit(HALF) != 0;
    }

    /** An unsigned number, its highest bit first. */
    int number(int count) {
        int number = 0;
        for (int i = 0; i < count; i++) {
            number = number << 1 | bit(HALF);
        }
        return number;
    }

    /** A number, then its sign. */
    int signed(int count) {
        int number = number(count);
        return flag() ? -number : number;
    }

    /** A flag, then a signed number if it is set, else 0. */
    int optional(int count) {
        return flag() ? signed(count) : 0;
    }

    private void load() {
        if (at < end) {
            value = (value << 8) | (bytes[at++] & 0xff);
            bits += 8;
        } else if (!pastEnd) {
            value <<= 8;
            bits += 8;
            pastEnd = true;
        } else {
            // Keeps the arithmetic in its range; what is read from here on is dropped.
            bits = 0;
        }
    }
}
