package org.cam4j.keras.hdf5;

import io.jhdf.HdfFile;
import io.jhdf.Superblock;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Link;
import io.jhdf.api.Node;
import io.jhdf.checksum.ChecksumUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.process.QuietLibraries;

/**
 * An HDF5 file in memory or mapped: groups, datasets and texts by name. Links are never followed.
 *
 * <p>Sizes in the file cannot make the reader allocate more than the file holds.
 */
public final class Hdf5File implements AutoCloseable {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    private static final long SMALLEST_USER_BLOCK = 512;
    private static final int SUPERBLOCK_VERSION = 8;
    private static final int MOST_TEXTS = 100_000;

    static {
        QuietLibraries.begin();
    }

    private final HdfFile file;

    private Hdf5File(HdfFile file) {
        this.file = file;
    }

    /** Opens bytes that {@link #begin begin} as HDF5. */
    public static Hdf5File open(ByteBuffer bytes) {
        return GuardedReading.of("the HDF5 header", () -> new Hdf5File(complete(bytes)));
    }

    /**
     * Finds the part of a file that begins as HDF5: the whole file, or the part behind a user block of 512 · 2^n bytes (HDF5 File Format
     * Specification 3.0, II.A).
     *
     * @return a view; empty if the file is no HDF5
     */
    public static Optional<ByteBuffer> begin(ByteBuffer bytes) {
        for (long at = 0; at + SIGNATURE.length <= bytes.limit(); at = at == 0 ? SMALLEST_USER_BLOCK : 2 * at) {
            byte[] head = new byte[SIGNATURE.length];
            bytes.get((int) at, head);
            if (Arrays.equals(head, SIGNATURE)) {
                return Optional.of(bytes.slice((int) at, bytes.limit() - (int) at));
            }
        }
        return Optional.empty();
    }

    private static HdfFile complete(ByteBuffer bytes) {
        Superblock superblock = Superblock.readSuperblock(bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        // Counted from the file's first byte, as the base address, which is the size of the user block.
        long base = superblock.getBaseAddressByte();
        long expected = superblock.getEndOfFileAddress() - base;
        if (expected > bytes.capacity()) {
            throw new ModelFileException("it is cut short: " + bytes.capacity() + " bytes, expected " + expected
                    + ". Copy or download it again.");
        }
        return HdfFile.fromByteBuffer(base == 0 ? bytes.duplicate() : withoutBase(bytes));
    }

    /** Copies the bytes with base address 0, which jHDF needs to read buffers; other addresses are relative to the base anyway. */
    private static ByteBuffer withoutBase(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.limit())
                .put(bytes.duplicate().rewind())
                .flip()
                .order(ByteOrder.LITTLE_ENDIAN);
        int version = copy.get(SUPERBLOCK_VERSION);
        if (version < 2) {
            copy.putLong(version == 0 ? 24 : 28, 0);
        } else {
            copy.putLong(12, 0).putInt(44, ChecksumUtils.checksum(copy.slice(0, 44)));
        }
        return copy.order(ByteOrder.BIG_ENDIAN);
    }

    public Group root() {
        return file;
    }

    /** Returns the texts of an attribute, one or many; none if the attribute is missing. */
    public static List<String> texts(Node node, String name) {
        BTreeCheck.checkAttributes(node);
        Attribute attribute = node.getAttribute(name);
        if (attribute == null || attribute.isEmpty()) {
            return List.of();
        }
        long count = IntStream.of(attribute.getDimensions()).asLongStream().reduce(1, Math::multiplyExact);
        if (count > MOST_TEXTS) {
            throw new ModelFileException(
                    "the attribute '" + attribute.getName() + "' has " + count + " entries: the file is damaged.");
        }
        Object data = Utf8Texts.data(attribute, node.getHdfFile().getHdfBackingStorage());
        if (data instanceof String text) {
            return List.of(text);
        }
        if (data instanceof String[] texts) {
            return List.of(texts);
        }
        throw new ModelFileException("the attribute '" + attribute.getName() + "' is no text: the file is damaged.");
    }

    /** Returns the first text of an attribute of the file. */
    public Optional<String> text(String attribute) {
        return GuardedReading.of("the attribute '" + attribute + "'", () -> {
            List<String> texts = texts(file, attribute);
            return texts.isEmpty() ? Optional.empty() : Optional.of(texts.get(0));
        });
    }

    public static Group group(Group parent, String path) {
        if (descend(parent, path) instanceof Group group) {
            return group;
        }
        throw new ModelFileException("there is no group " + Quoted.of(path)
                + " in it: the file is damaged or was not written by model.save(...).");
    }

    public static Dataset dataset(Group parent, String path) {
        if (descend(parent, path) instanceof Dataset dataset) {
            return dataset;
        }
        throw new ModelFileException("there is no dataset " + Quoted.of(path) + " in '" + parent.getPath()
                + "': the file is damaged or was not written by model.save(...).");
    }

    /** Whether a group has a child of that name. */
    public static boolean has(Group parent, String name) {
        return child(parent, name) != null;
    }

    /** Returns the number of a group's children. */
    public static int size(Group group) {
        BTreeCheck.checkNames(group);
        return group.getChildren().size();
    }

    /** Returns the names of a group's children, quoted for messages. */
    public static List<String> names(Group group) {
        BTreeCheck.checkNames(group);
        return group.getChildren().keySet().stream().map(Quoted::of).toList();
    }

    private static Node child(Group group, String name) {
        BTreeCheck.checkNames(group);
        return group.getChild(name);
    }

    /** Looks a path up step by step, because jHDF's own lookup follows links, also to other files. */
    private static Node descend(Group parent, String path) {
        Node node = parent;
        for (String step : path.split("/", -1)) {
            node = node instanceof Group group ? child(group, step) : null;
            if (node instanceof Link) {
                throw new ModelFileException(
                        Quoted.of(node.getPath()) + " is a link: Keras writes none, and none is followed.");
            }
        }
        return node;
    }

    @Override
    public void close() {
        file.close();
    }
}
