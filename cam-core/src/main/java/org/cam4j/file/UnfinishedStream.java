package org.cam4j.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;

/**
 * A stream to a file that is thrown away once a byte of it is lost: from then on nothing can be written, whatever becomes of the
 * exception, and what was written gives its room back to a disk that is perhaps full.
 */
final class UnfinishedStream extends OutputStream {

    private final SeekableByteChannel channel;
    private final OutputStream out;
    private IOException failure;

    /** @param channel closed by its owner */
    UnfinishedStream(SeekableByteChannel channel) {
        this.channel = channel;
        this.out = Channels.newOutputStream(channel);
    }

    /** Throws what was thrown when a byte was lost. */
    void requireWhole() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int start, int count) throws IOException {
        requireWhole();
        try {
            out.write(bytes, start, count);
        } catch (IOException e) {
            failure = e;
            giveBack();
            throw e;
        }
    }

    private void giveBack() {
        try {
            channel.truncate(0);
        } catch (IOException e) {
            // As of a channel that an interrupt has closed; the file is deleted later.
            failure.addSuppressed(e);
        }
    }
}
