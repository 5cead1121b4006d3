package org.cam4j.dl4j.engine;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.cam4j.engine.Uninterrupted;
import org.cam4j.exception.BackendException;

/**
 * The single thread on which an engine uses ND4J: DL4J keeps workspaces for every thread that ever ran a graph, and a CUDA backend
 * assigns a device to every thread.
 */
final class RunnerThread {

    private final ExecutorService thread;
    /** Read and written only on the thread, so that no run follows the freeing of memory. */
    private boolean closed;

    RunnerThread(String name) {
        thread = Executors.newSingleThreadExecutor(task -> {
            Thread runner = new Thread(task, name);
            runner.setDaemon(true);
            return runner;
        });
    }

    /** Runs a task on the thread, after all tasks submitted before it. */
    <T> T run(Callable<T> task) {
        return await(() -> {
            if (closed) {
                throw closed();
            }
            return task.call();
        });
    }

    private <T> T await(Callable<T> task) {
        Future<T> future;
        try {
            future = thread.submit(task);
        } catch (RejectedExecutionException afterClose) {
            throw closed();
        }
        try {
            return Uninterrupted.get(future);
        } catch (ExecutionException e) {
            throw unchecked(e);
        }
    }

    private static RuntimeException unchecked(ExecutionException failure) {
        if (failure.getCause() instanceof LinkageError natives) {
            return new BackendException(
                    "ND4J's libraries do not fit each other (" + natives
                            + "): use one version of nd4j-native or nd4j-cuda, the one that cam4j declares.",
                    natives);
        }
        return Uninterrupted.unchecked(failure);
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("the mapper is closed: build a new one");
    }

    /** Frees memory after the last run; later tasks are refused. */
    synchronized void close(Runnable free) {
        if (thread.isShutdown()) {
            return;
        }
        await(() -> {
            closed = true;
            free.run();
            return null;
        });
        thread.shutdown();
    }
}
