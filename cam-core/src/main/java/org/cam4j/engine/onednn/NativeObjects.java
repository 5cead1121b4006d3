package org.cam4j.engine.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/** Native objects that live until they are freed together, last made first, whatever scope they were made in. */
final class NativeObjects implements AutoCloseable {

    /** oneDNN's kernels are fastest on whole cache lines. */
    private static final int ALIGNMENT = 64;

    private final List<Pointer> owned = new ArrayList<>();

    /** A scope that frees what the calling thread makes until it is closed, except what is owned. */
    @SuppressWarnings("unchecked") // JavaCPP's array of classes, empty here.
    static PointerScope temporaries() {
        return new PointerScope();
    }

    /** Whether JavaCPP lets so much more be allocated. */
    static boolean isRoomFor(long bytes) {
        return isWithin(Pointer.totalBytes() + bytes, Pointer.maxBytes())
                && isWithin(Pointer.physicalBytes() + bytes, Pointer.maxPhysicalBytes());
    }

    /** No limit is 0. */
    private static boolean isWithin(long bytes, long limit) {
        return limit <= 0 || bytes <= limit;
    }

    <P extends Pointer> P own(P pointer) {
        pointer.retainReference();
        owned.add(pointer);
        return pointer;
    }

    /** Memory of that many bytes on a cache line, with arbitrary content. */
    BytePointer allocate(long bytes) {
        BytePointer block = own(new BytePointer(Math.addExact(Math.max(bytes, 1), ALIGNMENT)));
        long beyond = block.address() % ALIGNMENT;
        return block.getPointer(beyond == 0 ? 0 : ALIGNMENT - beyond);
    }

    @Override
    public void close() {
        for (int i = owned.size() - 1; i >= 0; i--) {
            owned.get(i).releaseReference();
        }
        owned.clear();
    }
}
