package org.cam4j.engine.onednn;

import org.bytedeco.dnnl.memory;

/** A value's place: its layout, its first and last kernel, and its offset in the arena. */
final class Tensor {

    private final memory.desc layout;
    private final long bytes;
    private final Tensor whole;
    private final long offsetInWhole;
    private boolean hasParts;
    private int firstUse = Integer.MAX_VALUE;
    private int lastUse = -1;
    private long offset = -1;

    /** Creates an independent place. */
    Tensor(memory.desc layout) {
        this(layout, null, 0);
    }

    private Tensor(memory.desc layout, Tensor whole, long offsetInWhole) {
        this.layout = layout;
        this.bytes = layout.get_size();
        this.whole = whole;
        this.offsetInWhole = offsetInWhole;
    }

    /** Creates a place inside this one. */
    Tensor part(memory.desc partLayout, long offsetInThis) {
        Tensor part = new Tensor(partLayout, this, offsetInThis);
        if (offsetInThis < 0 || offsetInThis + part.bytes > bytes) {
            throw new IllegalArgumentException(
                    "a part of " + part.bytes + " bytes at " + offsetInThis + " reaches out of its whole of " + bytes);
        }
        hasParts = true;
        return part;
    }

    memory.desc layout() {
        return layout;
    }

    long bytes() {
        return bytes;
    }

    /** Whether the place shares its memory with other values. */
    boolean isShared() {
        return whole != null || hasParts;
    }

    boolean isPart() {
        return whole != null;
    }

    /** Records that a kernel reads or writes the place, and with it the place that contains it. */
    void usedBy(int kernel) {
        firstUse = Math.min(firstUse, kernel);
        lastUse = Math.max(lastUse, kernel);
        if (whole != null) {
            whole.usedBy(kernel);
        }
    }

    boolean isUsed() {
        return lastUse >= 0;
    }

    int firstUse() {
        return firstUse;
    }

    int lastUse() {
        return lastUse;
    }

    void placeAt(long bytesFromStart) {
        offset = bytesFromStart;
    }

    /** Returns the offset from the arena's start, in bytes. */
    long offset() {
        return whole == null ? offset : whole.offset() + offsetInWhole;
    }
}
