package org.cam4j.dl4j.graph;

import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Runs work, including its parallel streams, on threads that end with the work.
 *
 * <p>OpenMP keeps helper threads for every thread that it ran loops for, ND4J's included, until that thread ends. With more helper
 * threads than cores, all of them sleep between two loops instead of waiting actively, which makes small networks slower by half.
 * Loading a model uses ND4J; explaining photos afterwards must not become slower by it.
 */
public final class TemporaryThreads {

    private TemporaryThreads() {}

    /**
     * Runs work and waits for it, even if the calling thread is interrupted.
     *
     * @param work runs with the calling thread's context class loader
     * @return the work's result
     */
    public static <T> T run(Supplier<T> work) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        ForkJoinPool threads =
                new ForkJoinPool(Runtime.getRuntime().availableProcessors(), pool -> thread(pool, loader), null, false);
        try {
            AtomicReference<T> result = new AtomicReference<>();
            Optional<Throwable> failure =
                    threads.submit(() -> failure(() -> result.set(work.get()))).join();
            if (failure.isEmpty()) {
                return result.get();
            }
            // Throws the original exception: the task itself would wrap it.
            if (failure.get() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure.get();
        } finally {
            threads.shutdown();
        }
    }

    private static Optional<Throwable> failure(Runnable work) {
        try {
            work.run();
            return Optional.empty();
        } catch (RuntimeException | Error e) {
            return Optional.of(e);
        }
    }

    private static ForkJoinWorkerThread thread(ForkJoinPool pool, ClassLoader loader) {
        ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        thread.setName("cam4j-loading-" + thread.getPoolIndex());
        thread.setContextClassLoader(loader);
        return thread;
    }
}
