package org.cam4j.engine.cuda;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Calls that are run together where they queue: while batches run, further calls wait, and the caller who finds a batch finished runs as
 * many of them as are alike, the oldest first. No call waits for others to come. Thread-safe.
 *
 * @param <C> a call
 */
final class JoinedCalls<C extends JoinedCalls.Waiting> {

    /** Batches at a time: one is copied while another is computed. */
    private static final int MOST_AT_ONCE = 2;

    /** A call that others can join. */
    abstract static class Waiting {
        private boolean isDone;
        private RuntimeException failure;

        /** Whether both can be run in one batch. */
        abstract boolean isLike(Waiting other);
    }

    private final int largest;
    private final Consumer<List<C>> runner;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition finished = lock.newCondition();
    private final Deque<C> queue = new ArrayDeque<>();
    private int running;

    /**
     * Starts without calls.
     *
     * @param largest calls of a batch, at most
     * @param runner runs calls that are alike
     */
    JoinedCalls(int largest, Consumer<List<C>> runner) {
        this.largest = largest;
        this.runner = runner;
    }

    /** Runs a call, possibly with others and possibly by another caller's thread; throws what its batch threw. */
    void run(C call) {
        lock.lock();
        try {
            queue.add(call);
            while (!state(call).isDone) {
                if (running < MOST_AT_ONCE && !queue.isEmpty()) {
                    runNext();
                } else {
                    finished.awaitUninterruptibly();
                }
            }
        } finally {
            lock.unlock();
        }
        if (state(call).failure != null) {
            throw state(call).failure;
        }
    }

    /** Calls that wait for their batch. */
    int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    private static Waiting state(Waiting call) {
        return call;
    }

    /** Runs the oldest call and those like it, without the lock. */
    private void runNext() {
        List<C> together = new ArrayList<>();
        C oldest = queue.element();
        queue.removeIf(call -> {
            boolean joins = together.size() < largest && call.isLike(oldest);
            if (joins) {
                together.add(call);
            }
            return joins;
        });
        running++;
        lock.unlock();
        RuntimeException failure = null;
        try {
            runner.accept(together);
        } catch (RuntimeException e) {
            failure = e;
        } catch (Error e) {
            failure = new IllegalStateException("a call that was run together with others failed", e);
            throw e;
        } finally {
            lock.lock();
            running--;
            for (C call : together) {
                state(call).isDone = true;
                state(call).failure = failure;
            }
            finished.signalAll();
        }
    }
}
