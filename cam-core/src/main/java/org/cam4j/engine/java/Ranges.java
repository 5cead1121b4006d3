package org.cam4j.engine.java;

/** Runs a loop whose passes do not depend on each other: in one piece, or in ranges on several threads. */
@FunctionalInterface
interface Ranges {

    /** A part of a loop. */
    @FunctionalInterface
    interface Loop {
        void run(int from, int to);
    }

    /** In one piece, on the calling thread. */
    Ranges SEQUENTIAL = (count, work, loop) -> loop.run(0, count);

    /**
     * Runs a loop and returns when all of it is done.
     *
     * @param count passes
     * @param work multiplications or similar steps of all passes together, by which little work stays on one thread
     * @param loop called with ranges that do not overlap
     */
    void each(int count, long work, Loop loop);
}
