package org.cam4j.engine;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for native code, which cannot be interrupted, and restores the interruption afterwards. */
public final class Uninterrupted {

    private Uninterrupted() {}

    /**
     * Waits for a task even if the calling thread is interrupted; the thread's interrupt flag is set again afterwards.
     *
     * @param future the task
     * @param <T> its result
     * @return its result
     * @throws ExecutionException if the task threw
     */
    public static <T> T get(Future<T> future) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Returns a task's exception for the caller to throw; throws it directly if it is an {@link Error}.
     *
     * @param failure from {@link #get}
     * @return the failure's cause, wrapped if it is a checked exception
     */
    public static RuntimeException unchecked(ExecutionException failure) {
        if (failure.getCause() instanceof Error error) {
            throw error;
        }
        return failure.getCause() instanceof RuntimeException cause
                ? cause
                : new IllegalStateException("the network could not be run", failure.getCause());
    }
}
