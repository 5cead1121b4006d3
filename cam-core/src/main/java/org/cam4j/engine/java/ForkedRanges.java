package org.cam4j.engine.java;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinTask;

/**
 * Runs ranges as tasks of the calling thread's fork-join pool.
 *
 * @param threads of the pool
 */
record ForkedRanges(int threads) implements Ranges {

    /** Steps of about 50 µs, a few times the cost of handing a range to another thread. */
    private static final long LEAST_WORK = 50_000;

    /** Ranges per thread: several, so that no thread waits long for the slowest. */
    private static final int SHARES = 4;

    @Override
    public void each(int count, long work, Loop loop) {
        int pieces = (int) Math.min(Math.min(count, (long) threads * SHARES), work / LEAST_WORK);
        if (threads == 1 || pieces <= 1) {
            loop.run(0, count);
            return;
        }
        List<ForkJoinTask<?>> tasks = new ArrayList<>();
        for (int i = 0; i < pieces; i++) {
            int from = (int) ((long) count * i / pieces);
            int to = (int) ((long) count * (i + 1) / pieces);
            tasks.add(ForkJoinTask.adapt(() -> loop.run(from, to)));
        }
        ForkJoinTask.invokeAll(tasks);
    }
}
