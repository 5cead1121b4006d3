package org.cam4j.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;

/**
 * A stream to a file that is discarded after its first failed write. After the failure nothing more can be written, even if the caller
 * ignores the exception, and the file is truncated to free space on a disk that may be full.
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

    /** Throws the exception of the first failed write, if any. */
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
            // For example if an interrupt has closed the channel; the file is deleted later.
            failure.addSuppressed(e);
        }
    }
}
