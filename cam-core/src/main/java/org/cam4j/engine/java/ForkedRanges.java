package org.cam4j.engine.java;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinTask;

/**
 * Ranges as tasks of the fork-join pool whose thread calls.
 *
 * @param threads of the pool
 */
record ForkedRanges(int threads) implements Ranges {

    /** So many steps take about 50 µs, a few times what handing over a range takes. */
    private static final long LEAST_WORK = 50_000;

    /** Ranges a thread, so that none waits long for the slowest. */
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
