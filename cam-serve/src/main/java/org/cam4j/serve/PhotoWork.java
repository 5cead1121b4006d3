package org.cam4j.serve;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The threads that explain photos, and the clock that ends requests in time. */
final class PhotoWork implements AutoCloseable {

    private final ExecutorService workers;
    private final ScheduledExecutorService clock;
    private final int size;
    private final Metrics metrics;
    private volatile boolean isClosed;

    /**
     * Starts no thread yet.
     *
     * @param size photos that are worked on at the same time
     * @param metrics hears of times
     */
    PhotoWork(int size, Metrics metrics) {
        this.size = size;
        this.metrics = metrics;
        AtomicInteger number = new AtomicInteger();
        workers = Executors.newFixedThreadPool(size, task -> daemon(task, "cam4j-serve-" + number.incrementAndGet()));
        clock = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "cam4j-serve-clock"));
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Works on a photo when its turn comes, and hands over the answer.
     *
     * @return interrupts the work if it goes on; if it has not begun, it never does once an answer is given
     */
    Runnable submit(Supplier<Answer> work, PendingAnswer pending) {
        long asked = System.nanoTime();
        Turn turn = new Turn();
        try {
            workers.execute(() -> {
                long begun = System.nanoTime();
                turn.begin();
                try {
                    if (isClosed) {
                        pending.give(Problem.stopping().answer());
                    } else if (!pending.isGiven()) {
                        pending.give(work);
                        metrics.worked(begun - asked, System.nanoTime() - begun);
                    }
                } finally {
                    turn.end();
                    pending.workEnded();
                }
            });
        } catch (RejectedExecutionException e) {
            pending.give(Problem.stopping().answer());
            pending.workEnded();
        }
        return turn::interrupt;
    }

    /** The time in which a worker has one photo: interruptions meant for this photo hit no other. */
    private static final class Turn {

        private Thread worker;

        synchronized void begin() {
            worker = Thread.currentThread();
        }

        synchronized void interrupt() {
            if (worker != null) {
                worker.interrupt();
            }
        }

        synchronized void end() {
            worker = null;
            Thread.interrupted();
        }
    }

    /** Runs a task later, unless it is cancelled. */
    ScheduledFuture<?> later(Runnable task, long milliseconds) {
        return clock.schedule(task, milliseconds, TimeUnit.MILLISECONDS);
    }

    /** When a place becomes free, roughly: 1 to 60 seconds. */
    long retrySeconds(int waiting) {
        return Math.round(Math.min(60, Math.max(1, Math.ceil(metrics.meanWorkSeconds() * waiting / size))));
    }

    /** Interrupts what is still worked on, waits for it to end, and refuses what waits. */
    @Override
    public void close() {
        isClosed = true;
        workers.shutdownNow().forEach(Runnable::run);
        clock.shutdownNow();
        boolean isInterrupted = false;
        try {
            // Engines end the image that they are at; their mapper may be closed then.
            while (!workers.awaitTermination(1, TimeUnit.MINUTES)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            isInterrupted = true;
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
