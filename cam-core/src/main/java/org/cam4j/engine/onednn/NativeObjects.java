package org.cam4j.engine.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/** Owns native objects and frees them together, in reverse order of creation, independent of JavaCPP scopes. */
final class NativeObjects implements AutoCloseable {

    /** oneDNN's kernels are fastest on whole cache lines. */
    private static final int ALIGNMENT = 64;

    private final List<Pointer> owned = new ArrayList<>();
    private final List<Runnable> endings = new ArrayList<>();

    /** Opens a scope; closing it frees the native objects that the calling thread created in it, except owned ones. */
    @SuppressWarnings("unchecked") // JavaCPP's array of classes, empty here.
    static PointerScope temporaries() {
        return new PointerScope();
    }

    /** Whether JavaCPP's limits allow that many more bytes. */
    static boolean isRoomFor(long bytes) {
        return isWithin(Pointer.totalBytes() + bytes, Pointer.maxBytes())
                && isWithin(Pointer.physicalBytes() + bytes, Pointer.maxPhysicalBytes());
    }

    /** Compares with a limit; 0 means no limit. */
    private static boolean isWithin(long bytes, long limit) {
        return limit <= 0 || bytes <= limit;
    }

    <P extends Pointer> P own(P pointer) {
        pointer.retainReference();
        owned.add(pointer);
        return pointer;
    }

    /** Adds what is done when the owned objects are freed. */
    void atEnd(Runnable ending) {
        endings.add(ending);
    }

    /** Allocates memory aligned to a cache line, not initialised. */
    BytePointer allocate(long bytes) {
        BytePointer block = own(block(Math.addExact(Math.max(bytes, 1), ALIGNMENT)));
        long beyond = block.address() % ALIGNMENT;
        return block.getPointer(beyond == 0 ? 0 : ALIGNMENT - beyond);
    }

    /**
     * Allocates memory, not initialised, that the caller closes.
     *
     * @throws OutOfMemoryError if there is none, or JavaCPP allows no more; the message says what to do
     */
    static BytePointer block(long bytes) {
        try {
            return new BytePointer(bytes);
        } catch (OutOfMemoryError e) {
            OutOfMemoryError said = new OutOfMemoryError(
                    "a network needs " + bytes + " more bytes outside Java's heap, where JavaCPP allows "
                            + Pointer.maxBytes() + " (by default as much as -Xmx) and " + Pointer.totalBytes()
                            + " are in use: give Java a larger -Xmx, or raise -Dorg.bytedeco.javacpp.maxBytes");
            said.initCause(e);
            throw said;
        }
    }

    @Override
    public void close() {
        for (int i = owned.size() - 1; i >= 0; i--) {
            owned.get(i).releaseReference();
        }
        owned.clear();
        endings.forEach(Runnable::run);
        endings.clear();
    }
}
