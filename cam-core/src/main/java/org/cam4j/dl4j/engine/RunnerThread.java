package org.cam4j.dl4j.engine;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.cam4j.exception.BackendException;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The one thread on which an engine uses ND4J: DL4J keeps workspaces for every thread that ever ran a graph, and a CUDA backend
 * gives every thread its device.
 */
final class RunnerThread {

    private final ExecutorService thread;
    /** Read and written on the thread alone, so that no run comes after the memory is freed. */
    private boolean closed;

    RunnerThread(String name) {
        thread = Executors.newSingleThreadExecutor(task -> {
            Thread runner = new Thread(task, name);
            runner.setDaemon(true);
            return runner;
        });
    }

    /** Runs something on the thread, after everything that was asked for before. */
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
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    // A run cannot be stopped half-way; the interruption is passed on after it.
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unchecked(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof LinkageError natives) {
            return new BackendException(
                    "ND4J's libraries do not fit each other (" + natives
                            + "): use one version of nd4j-native or nd4j-cuda, the one that cam4j declares.",
                    natives);
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException runtime
                ? runtime
                : new IllegalStateException("the network could not be run", failure);
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("the mapper is closed: build a new one");
    }

    /** Frees memory after the last run; what is asked for afterwards is refused. */
    synchronized void close(Runnable free) {
        if (thread.isShutdown()) {
            return;
        }
        await(() -> {
            closed = true;
            free.run();
            Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
            return null;
        });
        thread.shutdown();
    }
}
