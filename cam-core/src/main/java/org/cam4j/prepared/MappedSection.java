package org.cam4j.prepared;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.cam4j.engine.Packing;

/**
 * A section of a file, mapped into memory. Read on first use, and then checked completely, once.
 */
final class MappedSection {

    /** Bytes per checksum call: the garbage collector can stop the thread only between two calls. */
    private static final int STRIDE = 4 << 20;

    private final ByteBuffer bytes;
    private final int checksum;
    private boolean isWhole;

    MappedSection(FileChannel channel, Header.Section section) throws IOException {
        this.bytes = channel.map(FileChannel.MapMode.READ_ONLY, section.offset(), section.length())
                .order(ByteOrder.LITTLE_ENDIAN);
        this.checksum = section.checksum();
    }

    /**
     * Returns all bytes after comparing them with their checksum.
     *
     * @throws IllegalArgumentException if the checksum is wrong, with a message for the user
     */
    synchronized ByteBuffer checked() {
        if (!isWhole) {
            CRC32C sum = new CRC32C();
            for (int start = 0; start < bytes.limit(); start += STRIDE) {
                sum.update(bytes.slice(start, Math.min(STRIDE, bytes.limit() - start)));
            }
            if ((int) sum.getValue() != checksum) {
                throw new IllegalArgumentException("is damaged: the checksum of " + bytes.limit() + " bytes is wrong");
            }
            isWhole = true;
        }
        return bytes;
    }

    /**
     * Returns a block without checking its content.
     *
     * @throws IllegalArgumentException if the block is not inside the section or its offset is not a multiple of {@link
     *     Packing#ALIGNMENT}
     */
    ByteBuffer block(long offset, long length) {
        if (offset < 0
                || offset % Packing.ALIGNMENT != 0
                || length < 0
                || offset > bytes.limit()
                || length > bytes.limit() - offset) {
            throw new IllegalArgumentException("is damaged: " + length + " bytes at " + offset + " do not lie inside a"
                    + " section of " + bytes.limit());
        }
        return bytes.slice((int) offset, (int) length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
