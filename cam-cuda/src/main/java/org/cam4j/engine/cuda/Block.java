package org.cam4j.engine.cuda;

/** A part of an execution's memory, needed from the task that fills it to the last one that reads it. Not thread-safe. */
final class Block {

    private final long bytes;
    private int first = Integer.MAX_VALUE;
    private int last = -1;
    private long address = -1;

    Block(long bytes) {
        this.bytes = bytes;
    }

    long bytes() {
        return bytes;
    }

    /** Says that a task uses the block. */
    void use(int task) {
        first = Math.min(first, task);
        last = Math.max(last, task);
    }

    int first() {
        return first;
    }

    boolean meets(Block other) {
        return first <= other.last && other.first <= last;
    }

    void lieAt(long place) {
        address = place;
    }

    long address() {
        if (address < 0) {
            throw new IllegalStateException("a block of " + bytes + " bytes has no place yet");
        }
        return address;
    }
}
