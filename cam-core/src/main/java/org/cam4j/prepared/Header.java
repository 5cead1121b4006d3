package org.cam4j.prepared;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The first bytes of a prepared model: magic bytes, format, version of cam4j that prepared it, length, and offsets of the sections.
 * Little-endian. Magic bytes, format and, from format 2 on, the version have the same offsets in every format. So each version of cam4j
 * can tell which version reads a file.
 *
 * @param producer the version of cam4j that prepared the file
 * @param fileLength bytes of the whole file
 * @param sections the description, the plain weights, the packed weights
 */
record Header(String producer, long fileLength, List<Section> sections) {

    /** The format of header and sections. Add one when fields without their own number change. */
    static final int FORMAT = 2;

    /** The alignment of sections in bytes: a page, so that sections can be mapped. */
    static final int PAGE = 4096;

    static final int SECTIONS = 3;

    /** Magic bytes as in PNG: not a text in any encoding, and damaged by a transfer that changes line ends. */
    private static final byte[] MAGIC = "\u0089CAM4J\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private static final int PRODUCER_BYTES = 32;

    private static final int CHECKED =
            MAGIC.length + PRODUCER_BYTES + 2 * Integer.BYTES + Long.BYTES + SECTIONS * Section.BYTES;
    static final int BYTES = CHECKED + Integer.BYTES;

    /**
     * A part of the file.
     *
     * @param offset bytes from the file's beginning
     * @param length bytes; 0 if the section is absent
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
        byte[] name = producer.getBytes(StandardCharsets.US_ASCII);
        bytes.put(MAGIC).putInt(FORMAT).put(Arrays.copyOf(name, PRODUCER_BYTES));
        bytes.putInt(SECTIONS).putLong(fileLength);
        for (Section section : sections) {
            bytes.putLong(section.offset)
                    .putLong(section.length)
                    .putInt(section.checksum)
                    .putInt(0);
        }
        return bytes.putInt(checksum(bytes.array())).array();
    }

    /**
     * Reads and checks a header.
     *
     * @param head the file's first bytes
     * @param actualLength bytes of the file
     * @throws IllegalArgumentException if the file is of another kind or damaged, with a message for the user
     */
    static Header decoded(byte[] head, long actualLength) {
        if (!isMagic(head)) {
            throw new IllegalArgumentException("is of another kind");
        }
        if (head.length < BYTES) {
            throw new IllegalArgumentException("is cut short: it has " + actualLength + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).position(MAGIC.length);
        int format = bytes.getInt();
        byte[] name = new byte[PRODUCER_BYTES];
        bytes.get(name);
        String producer = producer(name);
        requireFormat(format, producer);
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
        return new Header(producer, fileLength, sections);
    }

    private static void requireFormat(int format, String producer) {
        String reads = "; this version of cam4j reads format " + FORMAT;
        if (format < FORMAT) {
            // Format 1 does not hold the version.
            String earlier = format > 1 ? "cam4j " + producer : "an earlier cam4j";
            throw new OtherFormatException("was prepared by " + earlier + " with format " + format + reads + ". "
                    + PreparedFile.PREPARE_AGAIN);
        }
        if (format > FORMAT) {
            throw new OtherFormatException("was prepared by cam4j " + producer + " with format " + format + reads
                    + ". It needs a newer cam4j: use one, or prepare the model again with this one.");
        }
    }

    /** Keeps only the characters of version names: a damaged header may hold any bytes. */
    private static String producer(byte[] name) {
        return new String(name, StandardCharsets.US_ASCII).replaceAll("[^\\w.+-]", "");
    }

    private static int checksum(byte[] header) {
        CRC32C checksum = new CRC32C();
        checksum.update(header, 0, CHECKED);
        return (int) checksum.getValue();
    }
}
