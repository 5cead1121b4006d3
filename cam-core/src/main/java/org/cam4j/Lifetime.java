package org.cam4j;

/** Whether a mapper is open. */
final class Lifetime {

    private volatile boolean isOver;

    /** Refuses calls to a closed mapper. */
    void requireOpen() {
        if (isOver) {
            throw new IllegalStateException("the mapper is closed: build a new one");
        }
    }

    /** Marks the mapper as closed. */
    void end() {
        isOver = true;
    }
}
