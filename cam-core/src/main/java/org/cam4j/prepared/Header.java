package org.cam4j.prepared;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The first bytes of a prepared model: its kind, version and length, and where its sections are. Little-endian.
 *
 * @param fileLength bytes of the whole file
 * @param sections the description, the plain weights, the packed weights
 */
record Header(long fileLength, List<Section> sections) {

    /** The version of this layout; what a record is made of has a version of its own, its signature. */
    static final int VERSION = 1;

    /** Where the first section may begin, and every section's multiple: a page, so that it can be mapped. */
    static final int PAGE = 4096;

    static final int SECTIONS = 3;

    /** Not a text in any encoding, and broken by a transfer that changes line ends, as PNG's. */
    private static final byte[] MAGIC = "\u0089CAM4J\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private static final int CHECKED = MAGIC.length + 2 * Integer.BYTES + Long.BYTES + SECTIONS * Section.BYTES;
    static final int BYTES = CHECKED + Integer.BYTES;

    /**
     * A part of the file.
     *
     * @param offset bytes from the file's beginning
     * @param length bytes; 0 where there is none
     * @param checksum CRC-32C (RFC 3720) of its bytes
     */
    record Section(long offset, long length, int checksum) {

        static final int BYTES = 2 * Long.BYTES + 2 * Integer.BYTES;
    }

    static boolean isMagic(byte[] head) {
        return head.length >= MAGIC.length && Arrays.equals(MAGIC, Arrays.copyOf(head, MAGIC.length));
    }

    byte[] encoded() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC).putInt(VERSION).putInt(SECTIONS).putLong(fileLength);
        for (Section section : sections) {
            bytes.putLong(section.offset)
                    .putLong(section.length)
                    .putInt(section.checksum)
                    .putInt(0);
        }
        return bytes.putInt(checksum(bytes.array())).array();
    }

    /**
     * Reads and checks.
     *
     * @param head the file's first bytes
     * @param actualLength bytes of the file
     * @throws IllegalArgumentException if it is another file or damaged, in words for people
     */
    static Header decoded(byte[] head, long actualLength) {
        if (!isMagic(head)) {
            throw new IllegalArgumentException("is of another kind");
        }
        ByteBuffer bytes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).position(MAGIC.length);
        if (head.length < BYTES) {
            throw new IllegalArgumentException("is cut short: it has " + actualLength + " bytes");
        }
        int version = bytes.getInt();
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "is of format version " + version + ", this version of cam4j reads " + VERSION);
        }
        if (checksum(head) != bytes.getInt(CHECKED) || bytes.getInt() != SECTIONS) {
            throw new IllegalArgumentException("is damaged in its header");
        }
        long fileLength = bytes.getLong();
        if (fileLength != actualLength) {
            throw new IllegalArgumentException((actualLength < fileLength ? "is cut short" : "has something appended")
                    + ": it has " + actualLength + " bytes where " + fileLength + " belong");
        }
        List<Section> sections = new ArrayList<>();
        long end = BYTES;
        for (int i = 0; i < SECTIONS; i++) {
            Section section = new Section(bytes.getLong(), bytes.getLong(), bytes.getInt());
            bytes.getInt();
            if (section.offset < end
                    || section.offset % PAGE != 0
                    || section.length < 0
                    || section.length > Integer.MAX_VALUE
                    || section.offset > fileLength - section.length) {
                throw new IllegalArgumentException("is damaged: section " + i + " of " + section.length + " bytes at "
                        + section.offset + " does not lie inside its " + fileLength + " bytes");
            }
            end = section.offset + section.length;
            sections.add(section);
        }
        return new Header(fileLength, sections);
    }

    private static int checksum(byte[] header) {
        CRC32C checksum = new CRC32C();
        checksum.update(header, 0, CHECKED);
        return (int) checksum.getValue();
    }
}
