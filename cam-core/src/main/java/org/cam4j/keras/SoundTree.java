package org.cam4j.keras;

import io.jhdf.AbstractNode;
import io.jhdf.ObjectHeader;
import io.jhdf.Utils;
import io.jhdf.api.Group;
import io.jhdf.object.message.SymbolTableMessage;
import io.jhdf.storage.HdfBackingStorage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.cam4j.exception.ModelFileException;

/**
 * Checks the B-tree of a group's names before jHDF walks it (HDF5 File Format Specification 3.0, III.A.1): every node has one
 * parent. A handcrafted tree whose nodes share children would be walked once for every way through it, which are as many as one likes.
 */
final class SoundTree {

    private static final int LEVEL = 5;
    private static final int USED = 6;
    private static final int FIRST = 8;

    private SoundTree() {}

    /**
     * Walks the tree of a group once.
     *
     * @throws ModelFileException if a node has two parents
     */
    static void check(Group group, HdfBackingStorage storage) {
        ObjectHeader header = group instanceof AbstractNode node
                ? node.getHeader()
                : ObjectHeader.readObjectHeader(storage, group.getAddress());
        if (!header.hasMessageOfType(SymbolTableMessage.class)) {
            return; // Newer groups keep their names otherwise.
        }
        Set<Long> seen = new HashSet<>();
        Deque<Long> open = new ArrayDeque<>();
        open.push(header.getMessageOfType(SymbolTableMessage.class).getBTreeAddress());
        while (!open.isEmpty()) {
            long address = open.pop();
            if (!seen.add(address)) {
                throw new ModelFileException("the group " + Quoted.of(group.getPath())
                        + " has a tree of names whose branches meet again: it is damaged or hostile.");
            }
            ByteBuffer node = storage.readBufferFromAddress(address, FIRST);
            int level = Byte.toUnsignedInt(node.get(LEVEL));
            int used = Short.toUnsignedInt(node.getShort(USED));
            if (level > 0) {
                pushChildren(storage, address, used, open);
            }
        }
    }

    /** Keys and children take turns after the header and the addresses of both neighbours. */
    private static void pushChildren(HdfBackingStorage storage, long address, int used, Deque<Long> open) {
        int key = storage.getSizeOfLengths();
        int child = storage.getSizeOfOffsets();
        ByteBuffer entries =
                storage.readBufferFromAddress(address + FIRST + 2L * child, Math.multiplyExact(used, key + child));
        for (int i = 0; i < used; i++) {
            entries.position(i * (key + child) + key);
            open.push(Utils.readBytesAsUnsignedLong(entries, child));
        }
    }
}
