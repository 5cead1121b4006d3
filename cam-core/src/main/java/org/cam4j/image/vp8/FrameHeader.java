package org.cam4j.image.vp8;

import javax.imageio.IIOException;

/** The header of a key frame (RFC 6386, sections 9.2 to 9.11 and 19.2). */
final class FrameHeader {

    static final int SEGMENTS = 4;

    private static final int SIZE = 10;
    private static final int START_CODE = 0x2a019d;

    final int width;
    final int height;
    /** The first partition, read up to the macroblocks' modes. */
    final BoolDecoder first;

    final BoolDecoder[] partitions;
    final boolean hasSegmentMap;
    /** The tree of segments. */
    final int[] segmentProbabilities = {255, 255, 255};

    final Quantizer[] quantizers = new Quantizer[SEGMENTS];
    final LoopFilter filter;
    /** Probabilities of coefficients, as {@link Tables#COEFFICIENTS}. */
    final int[] coefficients = Tables.COEFFICIENTS.clone();
    /** The probability that a macroblock has coefficients, -1 if all are said to have some. */
    final int skipProbability;

    private final int[] segmentQuantizer = new int[SEGMENTS];
    private final int[] segmentFilter = new int[SEGMENTS];

    /**
     * Reads a header.
     *
     * @param file the whole file
     * @param start the frame's first byte
     * @param end the byte after its last
     */
    FrameHeader(byte[] file, int start, int end) throws IIOException {
        if (end - start < SIZE) {
            throw new IIOException("the VP8 frame has no header");
        }
        int tag = little(file, start, 3);
        if ((tag & 1) != 0 || (tag >> 1 & 7) > 3 || (tag >> 4 & 1) == 0 || little(file, start + 3, 3) != START_CODE) {
            throw new IIOException("the VP8 data do not begin with a key frame");
        }
        width = little(file, start + 6, 2) & 0x3fff;
        height = little(file, start + 8, 2) & 0x3fff;
        int firstEnd = start + SIZE + (tag >> 5);
        if (width == 0 || height == 0 || firstEnd > end) {
            throw new IIOException("the VP8 header is damaged");
        }
        first = new BoolDecoder(file, start + SIZE, firstEnd);
        // Colour space and clamping: every decoder clamps.
        first.number(2);
        boolean hasSegments = first.flag();
        boolean absolute = false;
        boolean map = false;
        if (hasSegments) {
            map = first.flag();
            absolute = readSegments(map);
        }
        hasSegmentMap = map;
        filter = readFilter(hasSegments, absolute);
        partitions = readPartitions(file, firstEnd, end);
        readQuantizers(hasSegments, absolute);
        // Whether the probabilities are kept for the next frame, which there is none of.
        first.flag();
        readCoefficients();
        skipProbability = first.flag() ? first.number(8) : -1;
        if (first.isPastEnd()) {
            throw new IIOException("the VP8 header ends too early");
        }
    }

    private static int little(byte[] file, int at, int count) {
        int value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = (value << 8) | (file[at + i] & 0xff);
        }
        return value;
    }

    /** Reads what differs between segments; returns whether they replace the frame's values, and do not add to them. */
    private boolean readSegments(boolean map) {
        boolean absolute = true;
        if (first.flag()) {
            absolute = first.flag();
            for (int i = 0; i < SEGMENTS; i++) {
                segmentQuantizer[i] = first.optional(7);
            }
            for (int i = 0; i < SEGMENTS; i++) {
                segmentFilter[i] = first.optional(6);
            }
        }
        if (map) {
            for (int i = 0; i < segmentProbabilities.length; i++) {
                segmentProbabilities[i] = first.flag() ? first.number(8) : 255;
            }
        }
        return absolute;
    }

    private LoopFilter readFilter(boolean hasSegments, boolean absolute) {
        boolean simple = first.flag();
        int level = first.number(6);
        int sharpness = first.number(3);
        int intra = 0;
        int blockwise = 0;
        boolean adjusted = first.flag();
        if (adjusted && first.flag()) {
            // By reference frame, of which a key frame has the first, then by mode: the first is 4x4 prediction.
            int[] deltas = new int[8];
            for (int i = 0; i < deltas.length; i++) {
                deltas[i] = first.optional(6);
            }
            intra = deltas[0];
            blockwise = deltas[4];
        }
        int[] levels = new int[SEGMENTS];
        for (int i = 0; i < SEGMENTS; i++) {
            levels[i] = hasSegments ? segmentFilter[i] + (absolute ? 0 : level) : level;
        }
        return new LoopFilter(
                level == 0 ? LoopFilter.Kind.NONE : LoopFilter.Kind.of(simple), levels, sharpness, intra, blockwise);
    }

    /** The partitions of coefficients; all but the last say how long they are. */
    private BoolDecoder[] readPartitions(byte[] file, int sizes, int end) throws IIOException {
        BoolDecoder[] found = new BoolDecoder[1 << first.number(2)];
        int start = sizes + 3 * (found.length - 1);
        if (start > end) {
            throw new IIOException("the VP8 partitions are missing");
        }
        for (int i = 0; i < found.length; i++) {
            int length = i == found.length - 1 ? end - start : Math.min(little(file, sizes + 3 * i, 3), end - start);
            found[i] = new BoolDecoder(file, start, start + length);
            start += length;
        }
        return found;
    }

    private void readQuantizers(boolean hasSegments, boolean absolute) {
        int base = first.number(7);
        int[] deltas = new int[5];
        for (int i = 0; i < deltas.length; i++) {
            deltas[i] = first.optional(4);
        }
        for (int i = 0; i < SEGMENTS; i++) {
            int index = hasSegments ? segmentQuantizer[i] + (absolute ? 0 : base) : base;
            quantizers[i] = Quantizer.of(index, deltas);
        }
    }

    private void readCoefficients() {
        for (int i = 0; i < coefficients.length; i++) {
            if (first.bit(Tables.COEFFICIENT_UPDATES[i]) != 0) {
                coefficients[i] = first.number(8);
            }
        }
    }
}
