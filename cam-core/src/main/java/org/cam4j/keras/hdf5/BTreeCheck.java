package org.cam4j.keras.hdf5;

import io.jhdf.AbstractNode;
import io.jhdf.Constants;
import io.jhdf.FractalHeap;
import io.jhdf.ObjectHeader;
import io.jhdf.Utils;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.object.message.AttributeInfoMessage;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessageV4;
import io.jhdf.object.message.LinkInfoMessage;
import io.jhdf.object.message.SymbolTableMessage;
import io.jhdf.storage.HdfBackingStorage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;

/**
 * Checks the B-trees in an HDF5 file before jHDF walks them. In a handcrafted tree nodes may share children; jHDF would walk every path
 * through it, and the number of paths has no bound.
 *
 * <p>Trees of version 1 (HDF5 File Format Specification 3.0, III.A.1) are walked here, and every node must have one parent. Trees of
 * version 2 (III.A.2), in which newer files keep many names, must be small enough for any walk.
 */
final class BTreeCheck {

    private static final int LEVEL = 5;
    private static final int USED = 6;
    private static final int FIRST = 8;

    private static final int NODE_SIZE = 6;
    private static final int RECORD_SIZE = 10;
    private static final int DEPTH = 12;
    private static final int ROOT = 16;

    /** Most records in a tree of version 2. With HDF5's default sizes more than 20,000 names fit. */
    private static final double MOST_RECORDS = 1e6;

    /** Largest chunk index type whose size follows from the dataset; weights never grow (IV.A.2.i). */
    private static final int FIXED_ARRAY = 3;

    private final HdfBackingStorage storage;
    private final ObjectHeader header;
    private final String what;

    private BTreeCheck(Node node, String kind) {
        storage = node.getHdfFile().getHdfBackingStorage();
        header = node instanceof AbstractNode known
                ? known.getHeader()
                : ObjectHeader.readObjectHeader(storage, node.getAddress());
        what = "the " + kind + " " + Quoted.of(node.getPath());
    }

    /**
     * Checks the tree of a group's names.
     *
     * @throws ModelFileException if the tree is damaged or hostile
     */
    static void checkNames(Node group) {
        BTreeCheck tree = new BTreeCheck(group, "group");
        if (tree.header.hasMessageOfType(SymbolTableMessage.class)) {
            tree.requireOneParent(
                    tree.header.getMessageOfType(SymbolTableMessage.class).getBTreeAddress(),
                    tree.storage.getSizeOfLengths());
        } else if (tree.header.hasMessageOfType(LinkInfoMessage.class)) {
            LinkInfoMessage links = tree.header.getMessageOfType(LinkInfoMessage.class);
            tree.requireFewRecords(links.getBTreeNameIndexAddress(), links.getFractalHeapAddress());
        }
    }

    /**
     * Checks the tree of the names of a group's or dataset's attributes.
     *
     * @throws ModelFileException if the tree is damaged or hostile
     */
    static void checkAttributes(Node node) {
        BTreeCheck tree = new BTreeCheck(node, "object");
        if (tree.header.hasMessageOfType(AttributeInfoMessage.class)) {
            AttributeInfoMessage attributes = tree.header.getMessageOfType(AttributeInfoMessage.class);
            tree.requireFewRecords(attributes.getAttributeNameBTreeAddress(), attributes.getFractalHeapAddress());
        }
    }

    /**
     * Checks the tree of a dataset's chunks.
     *
     * @throws ModelFileException if the tree is damaged or hostile
     */
    static void checkChunks(ChunkedDataset dataset) {
        BTreeCheck tree = new BTreeCheck(dataset, "dataset");
        if (tree.header.hasMessageOfType(ChunkedDataLayoutMessage.class)) {
            int axes = dataset.getDimensions().length;
            tree.requireOneParent(
                    tree.header.getMessageOfType(ChunkedDataLayoutMessage.class).getBTreeAddress(),
                    2 * Integer.BYTES + (axes + 1) * Long.BYTES);
        } else if (tree.header
                        .getMessageOfType(ChunkedDataLayoutMessageV4.class)
                        .getIndexingType()
                > FIXED_ARRAY) {
            throw new ModelFileException(
                    tree.what + " can grow, which no weights of Keras do: save the model with model.save(...).");
        }
    }

    /** Walks a tree of version 1 once. */
    private void requireOneParent(long root, int keySize) {
        Set<Long> seen = new HashSet<>();
        Deque<Long> open = new ArrayDeque<>();
        if (root != Constants.UNDEFINED_ADDRESS) {
            open.push(root);
        }
        while (!open.isEmpty()) {
            long address = open.pop();
            if (!seen.add(address)) {
                throw new ModelFileException(what + " has a tree whose branches meet again: it is damaged or hostile.");
            }
            ByteBuffer node = storage.readBufferFromAddress(address, FIRST);
            int level = Byte.toUnsignedInt(node.get(LEVEL));
            int used = Short.toUnsignedInt(node.getShort(USED));
            if (level > 0) {
                pushChildren(address, used, keySize, open);
            }
        }
    }

    /** Adds a node's children to the open nodes: after the header and both neighbours' addresses, keys and children alternate. */
    private void pushChildren(long address, int used, int key, Deque<Long> open) {
        int child = storage.getSizeOfOffsets();
        ByteBuffer entries =
                storage.readBufferFromAddress(address + FIRST + 2L * child, Math.multiplyExact(used, key + child));
        for (int i = 0; i < used; i++) {
            entries.position(i * (key + child) + key);
            open.push(Utils.readBytesAsUnsignedLong(entries, child));
        }
    }

    /** Checks the tree of names, and the tree of objects that are too large for the names' heap. */
    private void requireFewRecords(long names, long heap) {
        if (names != Constants.UNDEFINED_ADDRESS) {
            requireFewRecords(names);
            long large = new FractalHeap(storage, heap).getBTreeAddressOfHugeObjects();
            if (large > 0) {
                requireFewRecords(large);
            }
        }
    }

    /** Checks the header of a tree of version 2, which bounds the number of records. */
    private void requireFewRecords(long address) {
        ByteBuffer tree = storage.readBufferFromAddress(address, ROOT);
        long inNode = Integer.toUnsignedLong(tree.getInt(NODE_SIZE))
                / Math.max(1, Short.toUnsignedInt(tree.getShort(RECORD_SIZE)));
        int depth = Short.toUnsignedInt(tree.getShort(DEPTH));
        if (Math.pow(inNode + 1.0, depth + 1.0) > MOST_RECORDS) {
            throw new ModelFileException(what + " has a tree of names that is " + depth + " deep with " + inNode
                    + " names in a node: it is damaged or hostile. Save the model with model.save(...).");
        }
    }
}
