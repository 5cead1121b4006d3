package org.cam4j.engine.java;

/** Runs a loop of independent passes: as a whole, or in ranges on several threads. */
@FunctionalInterface
interface Ranges {

    /** A part of a loop. */
    @FunctionalInterface
    interface Loop {
        void run(int from, int to);
    }

    /** Runs the whole loop on the calling thread. */
    Ranges SEQUENTIAL = (count, work, loop) -> loop.run(0, count);

    /**
     * Runs a loop and returns when all of it is done.
     *
     * @param count passes
     * @param work multiplications or similar steps of all passes together; a small amount stays on one thread
     * @param loop called with disjoint ranges, possibly on several threads
     */
    void each(int count, long work, Loop loop);
}
