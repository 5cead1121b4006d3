package org.cam4j.dl4j.graph;

import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Runs work on threads that end with it, the parallel streams in it too.
 *
 * <p>OpenMP keeps helpers for every thread that it ran loops for, ND4J's among them, as long as that thread lives; and with more
 * helpers than cores it lets all of them sleep between two loops instead of waiting awake, which makes small networks slower by
 * half. What loads a model uses ND4J; what explains photos with it afterwards should not pay for that.
 */
public final class TemporaryThreads {

    private TemporaryThreads() {}

    /**
     * Runs something and waits for it, also when the calling thread is interrupted.
     *
     * @param work what to do; sees the calling thread's context class loader
     * @return what it gives
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
            // As it is: a task's own way to throw it would wrap it.
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
