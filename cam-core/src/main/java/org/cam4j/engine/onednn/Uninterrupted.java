package org.cam4j.engine.onednn;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for native code, which cannot be stopped half-way, and passes an interruption on afterwards. */
final class Uninterrupted {

    private Uninterrupted() {}

    static <T> T get(Future<T> future) throws ExecutionException {
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

    /** What a task threw, to be thrown again. */
    static RuntimeException unchecked(ExecutionException failure) {
        if (failure.getCause() instanceof Error error) {
            throw error;
        }
        return failure.getCause() instanceof RuntimeException cause
                ? cause
                : new IllegalStateException("the network could not be run", failure.getCause());
    }
}
