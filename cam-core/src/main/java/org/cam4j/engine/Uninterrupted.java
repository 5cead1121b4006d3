package org.cam4j.engine;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for native code, which cannot be stopped half-way, and passes an interruption on afterwards. */
public final class Uninterrupted {

    private Uninterrupted() {}

    /**
     * Waits for a task, however often the calling thread is interrupted; it is interrupted again afterwards.
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
     * What a task threw, to be thrown again; an error is thrown at once.
     *
     * @param failure as {@link #get} throws it
     * @return its cause, wrapped if it is checked
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
