package org.cam4j.engine.onednn;

import org.bytedeco.dnnl.memory;

/** A value's place: its layout, the kernels between which it must be kept, and where in the arena it lies. */
final class Tensor {

    private final memory.desc layout;
    private final long bytes;
    private final Tensor whole;
    private final long offsetInWhole;
    private boolean hasParts;
    private int firstUse = Integer.MAX_VALUE;
    private int lastUse = -1;
    private long offset = -1;

    /** A place of its own. */
    Tensor(memory.desc layout) {
        this(layout, null, 0);
    }

    private Tensor(memory.desc layout, Tensor whole, long offsetInWhole) {
        this.layout = layout;
        this.bytes = layout.get_size();
        this.whole = whole;
        this.offsetInWhole = offsetInWhole;
    }

    /** A place inside this one. */
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

    /** Whether its memory belongs to other values too. */
    boolean isShared() {
        return whole != null || hasParts;
    }

    boolean isPart() {
        return whole != null;
    }

    /** Notes that a kernel reads or writes it, or the place that it is part of. */
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

    /** Bytes from the arena's start. */
    long offset() {
        return whole == null ? offset : whole.offset() + offsetInWhole;
    }
}
