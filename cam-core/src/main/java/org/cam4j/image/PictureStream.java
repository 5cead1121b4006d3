package org.cam4j.image;

import java.io.IOException;
import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * An encoded picture in memory as ImageIO's decoders want it.
 *
 * <p>No cache, whatever {@code ImageIO.setUseCache} says for the rest of the application. And patience with an end: some decoders
 * catch the end of a damaged file and go on for seconds, asking again for every bit.
 */
final class PictureStream extends ImageInputStreamImpl {

    private static final int PATIENCE = 4096;

    private final byte[] encoded;
    private int readsPastEnd;

    PictureStream(byte[] encoded) {
        this.encoded = encoded;
    }

    @Override
    public int read() throws IOException {
        checkClosed();
        bitOffset = 0;
        return atEnd() ? -1 : encoded[(int) streamPos++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        checkClosed();
        bitOffset = 0;
        if (length == 0) {
            return 0;
        }
        if (atEnd()) {
            return -1;
        }
        int count = (int) Math.min(length, encoded.length - streamPos);
        System.arraycopy(encoded, (int) streamPos, target, offset, count);
        streamPos += count;
        return count;
    }

    private boolean atEnd() throws IIOException {
        if (streamPos < encoded.length) {
            return false;
        }
        if (++readsPastEnd > PATIENCE) {
            throw new IIOException("the file ends after " + encoded.length + " bytes, the picture does not");
        }
        return true;
    }

    @Override
    public long length() {
        return encoded.length;
    }
}
