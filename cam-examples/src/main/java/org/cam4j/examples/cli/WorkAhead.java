package org.cam4j.examples.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Work on threads of its own, a few steps ahead of the caller, whose results are taken in order. For one caller.
 */
final class WorkAhead implements AutoCloseable {

    private final int threads;
    private final ExecutorService workers;
    private final Deque<Runnable> inOrder = new ArrayDeque<>();

    /** @param threads as many steps are under way at most; 0 to work on the caller's thread */
    WorkAhead(int threads) {
        this.threads = threads;
        AtomicInteger number = new AtomicInteger();
        // No thread starts before the first task.
        this.workers = Executors.newFixedThreadPool(Math.max(1, threads), task -> {
            Thread thread = new Thread(task, "cam4j-pictures-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Starts work.
     *
     * @param taken on the caller's thread, after everything before; gets what the work returned, or throws what it threw
     */
    <T> void start(Supplier<T> work, Consumer<Supplier<T>> taken) {
        if (threads == 0) {
            taken.accept(work);
            return;
        }
        Future<T> result = workers.submit(work::get);
        inOrder(() -> taken.accept(() -> result(result)));
    }

    /** Does something on the caller's thread after everything before. */
    void inOrder(Runnable step) {
        inOrder.add(step);
        while (inOrder.size() > threads) {
            inOrder.remove().run();
        }
    }

    /** Does what is left. */
    void finish() {
        while (!inOrder.isEmpty()) {
            inOrder.remove().run();
        }
    }

    private static <T> T result(Future<T> result) {
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException("interrupted before the work was done");
            cancelled.initCause(e);
            throw cancelled;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("the work failed", e.getCause());
        }
    }

    /** Interrupts work under way, and waits until it has deleted its unfinished files. */
    @Override
    public void close() {
        workers.shutdownNow();
        boolean isInterrupted = Thread.interrupted();
        try {
            workers.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            isInterrupted = true;
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
