package org.cam4j.keras.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.keras.hdf5.GuardedReading;

/**
 * The entries of a zip archive in memory or mapped (PKWARE's APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16). Nothing is unpacked to a
 * file, so names of entries cannot point outside. Stored entries are not copied.
 *
 * <p>{@code java.util.zip} is not used, because it reads archives only from files and copies every entry.
 */
final class KerasZip {

    private static final int END = 0x06054b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int LOCAL = 0x04034b50;
    private static final int END_SIZE = 22;
    private static final int CENTRAL_SIZE = 46;
    private static final int LOCAL_SIZE = 30;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int ENCRYPTED = 1;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    /** Far more than Keras needs: it writes three entries, and possibly assets. */
    private static final int MOST_ENTRIES = 10_000;

    private final ByteBuffer bytes;
    private final FileLimits limits;
    private final Map<String, Entry> entries = new HashMap<>();

    private KerasZip(ByteBuffer bytes, FileLimits limits) {
        this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.limits = limits;
    }

    private record Entry(String name, int flags, int method, int crc, long packed, long size, long header) {}

    /** Whether bytes begin as a zip archive. */
    static boolean begins(ByteBuffer bytes) {
        return bytes.limit() >= Integer.BYTES
                && bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(0) == LOCAL;
    }

    /**
     * Reads the archive's directory.
     *
     * @throws ModelFileException if the directory is damaged
     */
    static KerasZip open(ByteBuffer bytes, FileLimits limits) {
        KerasZip zip = new KerasZip(bytes, limits);
        GuardedReading.of("the zip archive's directory", () -> {
            zip.readDirectory();
            return zip;
        });
        return zip;
    }

    private void readDirectory() {
        int end = endOfDirectory();
        int count = unsigned16(end + 10);
        long at = unsigned32(end + 16);
        if (count > MOST_ENTRIES) {
            throw damaged("has " + count + " entries");
        }
        for (int i = 0; i < count; i++) {
            int header = position(at, CENTRAL_SIZE);
            if (bytes.getInt(header) != CENTRAL) {
                throw damaged("has no directory entry where entry " + i + " should be");
            }
            int length = unsigned16(header + 28);
            byte[] name = new byte[length];
            bytes.get(position(at + CENTRAL_SIZE, length), name);
            Entry entry = new Entry(
                    new String(name, StandardCharsets.UTF_8),
                    unsigned16(header + 8),
                    unsigned16(header + 10),
                    bytes.getInt(header + 16),
                    unsigned32(header + 20),
                    unsigned32(header + 24),
                    unsigned32(header + 42));
            if (entries.put(entry.name, entry) != null) {
                throw damaged("has the entry " + Quoted.of(entry.name) + " twice");
            }
            at += CENTRAL_SIZE + length + unsigned16(header + 30) + unsigned16(header + 32);
        }
    }

    /** Finds the end record: at the end of the file, before a comment of any length. */
    private int endOfDirectory() {
        int last = bytes.limit() - END_SIZE;
        for (int at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
            if (bytes.getInt(at) == END && unsigned16(at + 20) == last - at) {
                return at;
            }
        }
        throw new ModelFileException(
                "it begins as a zip archive, as a .keras file does, but is cut short: copy or download it again.");
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    /** Returns the names of all entries. */
    Set<String> names() {
        return Set.copyOf(entries.keySet());
    }

    /**
     * Returns the content of an entry.
     *
     * @return a view or a copy; empty if the archive has no such entry
     * @throws ModelFileException if the entry is damaged or beyond the limits
     */
    Optional<ByteBuffer> entry(String name, long largest) {
        return Optional.ofNullable(entries.get(name))
                .map(entry -> GuardedReading.of("the entry " + Quoted.of(name), () -> content(entry, largest)));
    }

    private ByteBuffer content(Entry entry, long largest) {
        long most = Math.min(largest, limits.entryBytes());
        if (entry.size > most) {
            throw new ModelFileException("the entry " + Quoted.of(entry.name) + " has " + entry.size
                    + " bytes, more than the " + most + " that are read. If the file is sound, raise the limit.");
        }
        if (entry.size / limits.entryRatio() > entry.packed) {
            throw new ModelFileException("the entry " + Quoted.of(entry.name) + " unpacks from " + entry.packed + " to "
                    + entry.size + " bytes, more than " + limits.entryRatio() + " times its size. If the file is"
                    + " sound, raise the limit.");
        }
        if ((entry.flags & ENCRYPTED) != 0) {
            throw new ModelFileException("the entry " + Quoted.of(entry.name) + " is encrypted: unpack the archive and"
                    + " pack it again without a password.");
        }
        int header = position(entry.header, LOCAL_SIZE);
        if (bytes.getInt(header) != LOCAL) {
            throw damaged("has no entry where " + Quoted.of(entry.name) + " should be");
        }
        long start = entry.header + LOCAL_SIZE + unsigned16(header + 26) + unsigned16(header + 28);
        ByteBuffer packed = bytes.slice(position(start, entry.packed), (int) entry.packed);
        ByteBuffer content =
                switch (entry.method) {
                    case STORED -> packed;
                    case DEFLATED -> inflated(entry, packed);
                    default -> throw damaged("packs " + Quoted.of(entry.name) + " by method " + entry.method);
                };
        CRC32 crc = new CRC32();
        crc.update(content.duplicate());
        if (content.remaining() != entry.size || (int) crc.getValue() != entry.crc) {
            throw damaged("holds " + Quoted.of(entry.name) + " with another checksum or size than it says");
        }
        return content;
    }

    private static ByteBuffer inflated(Entry entry, ByteBuffer packed) {
        ByteBuffer content = ByteBuffer.allocate((int) entry.size);
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            while (content.hasRemaining() && inflater.inflate(content) > 0) {
                // Inflates until the content is full or the input ends.
            }
            return content.flip();
        } catch (DataFormatException e) {
            throw new ModelFileException(
                    "the entry " + Quoted.of(entry.name) + " cannot be unpacked, " + e.getMessage()
                            + ". The file is damaged: copy or save it again.",
                    e);
        } finally {
            inflater.end();
        }
    }

    private int unsigned16(int at) {
        return Short.toUnsignedInt(bytes.getShort(at));
    }

    private long unsigned32(int at) {
        return Integer.toUnsignedLong(bytes.getInt(at));
    }

    /** Checks that the archive has enough bytes at an offset. */
    private int position(long at, long length) {
        if (at < 0 || at + length > bytes.limit()) {
            throw damaged("refers to byte " + (at + length) + " where it has only " + bytes.limit());
        }
        return (int) at;
    }

    private static ModelFileException damaged(String found) {
        return new ModelFileException("the zip archive " + found + ": it is damaged. Copy or save it again.");
    }
}
