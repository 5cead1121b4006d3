package org.cam4j.engine.cuda;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds the bytes that all engines of this process hold on one GPU together. Thread-safe. */
final class MemoryLimit {

    /** Bytes held, by the GPU's number. */
    private static final Map<Integer, AtomicLong> HELD = new ConcurrentHashMap<>();

    private final int device;
    private final AtomicLong held;
    private final long most;

    /**
     * Creates the limit of one engine.
     *
     * @param device the GPU's number
     * @param most bytes up to which this engine may allocate; counts what other engines hold
     */
    MemoryLimit(int device, long most) {
        this.device = device;
        this.held = HELD.computeIfAbsent(device, key -> new AtomicLong());
        this.most = most;
    }

    /** The GPU's number. */
    int device() {
        return device;
    }

    long most() {
        return most;
    }

    /** Counts an allocation before it is made; throws if it would exceed the limit. */
    void take(long size) {
        long before = held.getAndAdd(size);
        if (before + size > most) {
            giveBack(size);
            throw new GpuFailure(
                    "allocating " + size + " bytes failed: cam4j holds " + before + " of the " + most + " bytes that "
                            + CudaSettings.MEMORY + " allows",
                    true);
        }
    }

    void giveBack(long size) {
        held.addAndGet(-size);
    }
}
