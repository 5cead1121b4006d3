package org.cam4j.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.imageio.IIOException;

/**
 * The first frame in a WebP file and its place on the canvas (RFC 9649). Alpha, profile and further frames are passed over.
 *
 * @param width columns of the canvas
 * @param height rows of the canvas
 * @param frame the first frame
 */
record WebpContainer(int width, int height, Frame frame) {

    private static final int RIFF_HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int EXTENDED_CHUNK = 10;
    private static final int FRAME_HEADER = 16;
    private static final int ANIMATED = 0x02;

    /**
     * A compressed picture.
     *
     * @param x its first column on the canvas
     * @param y its first row on the canvas
     * @param width columns
     * @param height rows
     * @param data the chunk that holds it: {@code VP8 } or {@code VP8L}
     */
    record Frame(int x, int y, int width, int height, Chunk data) {}

    /** A chunk's name and where its content lies in the file. */
    record Chunk(String name, int start, int length) {

        private int end() {
            return start + length + (length & 1);
        }

        boolean isLossless() {
            return name.equals("VP8L");
        }

        private boolean isPicture() {
            return isLossless() || name.equals("VP8 ");
        }
    }

    static boolean isWebp(byte[] encoded) {
        ByteBuffer file = ByteBuffer.wrap(encoded);
        return encoded.length > RIFF_HEADER
                && name(file, 0).equals("RIFF")
                && name(file, 8).equals("WEBP");
    }

    /**
     * Finds the first frame.
     *
     * @param encoded a file for which {@link #isWebp} holds
     * @throws IIOException if the file is cut short, or a chunk or a frame does not fit where it belongs
     */
    static WebpContainer read(byte[] encoded) throws IIOException {
        ByteBuffer file = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        long declared = CHUNK_HEADER + Integer.toUnsignedLong(file.getInt(4));
        if (encoded.length < declared) {
            throw new IIOException("the WebP header promises " + declared + " bytes, the file has " + encoded.length);
        }
        int end = (int) declared;
        Chunk first = chunk(file, RIFF_HEADER, end).orElseThrow(() -> new IIOException("there is no chunk"));
        if (!first.name().equals("VP8X")) {
            Frame frame = frame(file, first, 0, 0);
            return new WebpContainer(frame.width(), frame.height(), frame);
        }
        if (first.length() < EXTENDED_CHUNK) {
            throw new IIOException("the chunk 'VP8X' has " + first.length() + " bytes instead of " + EXTENDED_CHUNK);
        }
        int width = 1 + unsigned24(file, first.start() + 4);
        int height = 1 + unsigned24(file, first.start() + 7);
        Frame frame = (file.get(first.start()) & ANIMATED) != 0
                ? animated(file, first.end(), end)
                : frame(file, picture(file, first.end(), end), 0, 0);
        if ((long) frame.x() + frame.width() > width || (long) frame.y() + frame.height() > height) {
            throw new IIOException("a frame of " + frame.width() + "x" + frame.height() + " at " + frame.x() + ", "
                    + frame.y() + " is not within the canvas of " + width + "x" + height);
        }
        return new WebpContainer(width, height, frame);
    }

    private static Frame animated(ByteBuffer file, int from, int end) throws IIOException {
        Chunk animation = find(file, from, end, "ANMF");
        if (animation.length() < FRAME_HEADER) {
            throw new IIOException("the chunk 'ANMF' has " + animation.length() + " bytes, fewer than its header");
        }
        Frame frame = frame(
                file,
                picture(file, animation.start() + FRAME_HEADER, animation.start() + animation.length()),
                2 * unsigned24(file, animation.start()),
                2 * unsigned24(file, animation.start() + 3));
        int width = 1 + unsigned24(file, animation.start() + 6);
        int height = 1 + unsigned24(file, animation.start() + 9);
        if (width != frame.width() || height != frame.height()) {
            throw new IIOException("the frame is said to have " + width + "x" + height + " pixels and has "
                    + frame.width() + "x" + frame.height());
        }
        return frame;
    }

    private static Chunk picture(ByteBuffer file, int from, int end) throws IIOException {
        for (int at = from; ; ) {
            Chunk chunk = chunk(file, at, end).orElseThrow(() -> new IIOException("there is no chunk with a picture"));
            if (chunk.isPicture()) {
                return chunk;
            }
            at = chunk.end();
        }
    }

    private static Chunk find(ByteBuffer file, int from, int end, String name) throws IIOException {
        for (int at = from; ; ) {
            Chunk chunk = chunk(file, at, end).orElseThrow(() -> new IIOException("there is no chunk '" + name + "'"));
            if (chunk.name().equals(name)) {
                return chunk;
            }
            at = chunk.end();
        }
    }

    /** The chunk at a place, empty if there is none. */
    private static Optional<Chunk> chunk(ByteBuffer file, int at, int end) throws IIOException {
        if (at > end - CHUNK_HEADER) {
            return Optional.empty();
        }
        long length = Integer.toUnsignedLong(file.getInt(at + 4));
        if (length > end - at - CHUNK_HEADER) {
            throw new IIOException("a chunk of " + length + " bytes reaches past the end");
        }
        return Optional.of(new Chunk(name(file, at), at + CHUNK_HEADER, (int) length));
    }

    /** The size of a picture is in the first bytes of its chunk: RFC 6386, 9.1, and RFC 9649, 3.4. */
    private static Frame frame(ByteBuffer file, Chunk chunk, int x, int y) throws IIOException {
        if (!chunk.isPicture()) {
            throw new IIOException("the chunk '" + chunk.name() + "' holds no picture");
        }
        if (chunk.length() < 10) {
            throw new IIOException("the chunk '" + chunk.name() + "' has no header");
        }
        if (chunk.isLossless()) {
            int bits = file.getInt(chunk.start() + 1);
            return new Frame(x, y, 1 + (bits & 0x3fff), 1 + (bits >>> 14 & 0x3fff), chunk);
        }
        int width = file.getShort(chunk.start() + 6) & 0x3fff;
        int height = file.getShort(chunk.start() + 8) & 0x3fff;
        if (width == 0 || height == 0) {
            throw new IIOException("the picture has " + width + "x" + height + " pixels");
        }
        return new Frame(x, y, width, height, chunk);
    }

    private static int unsigned24(ByteBuffer file, int at) {
        return (file.getShort(at) & 0xffff) | (file.get(at + 2) & 0xff) << 16;
    }

    private static String name(ByteBuffer file, int at) {
        byte[] letters = new byte[4];
        file.get(at, letters);
        return new String(letters, StandardCharsets.ISO_8859_1);
    }
}
