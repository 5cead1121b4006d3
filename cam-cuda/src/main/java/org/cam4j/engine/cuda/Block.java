package org.cam4j.engine.cuda;

/** A part of an execution's memory, needed from the task that fills it to the last one that reads it. Not thread-safe. */
final class Block {

    private final long bytes;
    /** The block that this one lies in, or itself. */
    private final Block whole;
    /** Numbers from the start of the whole. */
    private final long start;

    private final long offset;
    private int first = Integer.MAX_VALUE;
    private int last = -1;
    private long address = -1;

    Block(long bytes) {
        this.bytes = bytes;
        this.whole = this;
        this.start = 0;
        this.offset = 0;
    }

    private Block(Block whole, long start, int bytesEach) {
        this.bytes = whole.bytes - start * bytesEach;
        this.whole = whole.whole;
        this.start = whole.start + start;
        this.offset = whole.offset + start * bytesEach;
    }

    /** This block's memory from a number on; a use of it is a use of this block. */
    Block from(long number, int bytesEach) {
        return number == 0 ? this : new Block(this, number, bytesEach);
    }

    /** Numbers before this block in the one that it lies in. */
    long start() {
        return start;
    }

    /** Whether it begins at a multiple of so many bytes. */
    boolean isAligned(long alignment) {
        return offset % alignment == 0;
    }

    long bytes() {
        return bytes;
    }

    /** Says that a task uses the block. */
    void use(int task) {
        if (whole != this) {
            whole.use(task);
            return;
        }
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
        if (whole != this) {
            return whole.address() + offset;
        }
        if (address < 0) {
            throw new IllegalStateException("a block of " + bytes + " bytes has no place yet");
        }
        return address;
    }
}
