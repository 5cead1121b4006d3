package org.cam4j.engine.onednn;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.cam4j.engine.EngineGroup;
import org.cam4j.engine.Uninterrupted;
import org.cam4j.process.Affinity;
import org.cam4j.process.OpenMp;

/**
 * The threads that run all networks of a group of engines: one that uses all cores for one image, and one for each core.
 *
 * <p>OpenMP keeps settings and helper threads for every thread that calls it. Only these threads call it, so any number of callers changes
 * nothing. With threads of their own, a mapper's engines would disturb each other: while one computes, the other's helpers spin, and
 * OpenMP, which counts more threads than cores, soon lets all of them sleep between kernels.
 *
 * <p>Thread-safe. The threads end when the last engine has left.
 */
final class Team {

    /** Compared by hand: Java writes the methods of a record when they are first called, in 6 ms of a program's start. */
    private record Key(int threads) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.threads == threads;
        }

        @Override
        public int hashCode() {
            return threads;
        }
    }

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final int threads;
    private final Semaphore cores;
    private int engines;
    private Workers together;

    /** Null until the first image that runs on one core. */
    private Workers apart;

    private Team(int threads) {
        this.threads = threads;
        this.cores = new Semaphore(threads, true);
    }

    /**
     * Returns the group's team of a size, which is the same for all its engines.
     *
     * @param threads cores to use at most
     */
    static Team of(EngineGroup group, int threads) {
        return group.shared(new Key(threads), () -> new Team(threads));
    }

    /** Counts one more engine. */
    synchronized void join() {
        if (engines++ == 0) {
            together = new Workers(1, threads);
        }
    }

    /** Counts one engine less; call only if none of its tasks is running. */
    synchronized void leave() {
        if (--engines == 0) {
            together.end();
            if (apart != null) {
                apart.end();
                apart = null;
            }
        }
    }

    /** The cores that are free; whoever runs an image takes some, and gives them back. */
    Semaphore cores() {
        return cores;
    }

    int size() {
        return threads;
    }

    /** The thread that uses all cores. */
    synchronized Workers together() {
        return together;
    }

    /** Threads of one core each. */
    synchronized Workers apart() {
        if (apart == null) {
            apart = new Workers(threads, 1);
        }
        return apart;
    }

    /** Threads with the same number of cores each. */
    static final class Workers {

        private final AtomicInteger started = new AtomicInteger();
        private final int size;
        private final int coresEach;
        private final ExecutorService threads;

        /** The failure of a thread's start; null if none. */
        private volatile Throwable unprepared;

        Workers(int size, int coresEach) {
            this.size = size;
            this.coresEach = coresEach;
            this.threads = Executors.newFixedThreadPool(size, this::thread);
        }

        private Thread thread(Runnable task) {
            int number = started.getAndIncrement();
            return named(() -> {
                try {
                    prepare(number, size, coresEach);
                } catch (RuntimeException | Error e) {
                    // If the thread ended here, its first task would wait for ever: the task throws the failure
                    // instead.
                    unprepared = e;
                }
                task.run();
            });
        }

        ExecutorService threads() {
            return threads;
        }

        void requirePrepared() {
            Throwable failure = unprepared;
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure != null) {
                throw (RuntimeException) failure;
            }
        }

        /** Runs a task on a thread of its own with as many OpenMP threads as these have: running networks do not wait for it. */
        <T> T aside(Callable<T> task) throws ExecutionException {
            ThreadFactory factory = work -> named(work);
            ExecutorService single = Executors.newSingleThreadExecutor(factory);
            try {
                return Uninterrupted.get(single.submit(() -> {
                    prepare(0, 1, coresEach);
                    return task.call();
                }));
            } finally {
                single.shutdown();
            }
        }

        private void end() {
            threads.shutdown();
        }

        private static Thread named(Runnable work) {
            Thread thread = new Thread(work, "cam4j-onednn-" + NUMBER.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        }

        private static void prepare(int number, int size, int cores) {
            if (OpenMp.canSetThreads()) {
                OpenMp.setThreads(cores);
                if (cores == 2) {
                    Affinity.separatePair();
                } else if (size == 2) {
                    Affinity.takeOneOfTwo(number % 2);
                }
            }
        }
    }
}
