package org.cam4j.serve;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Places for requests that are under way. A request takes its place before its body is read, with the bytes that the body may have, so
 * that uploads cannot fill the memory.
 */
final class Admission {

    private final int requests;
    private final long bytes;
    private int takenRequests;
    private long takenBytes;
    private boolean closed;

    /**
     * Creates empty places.
     *
     * @param requests at the same time
     * @param bytes of all their bodies; a single request may have more
     */
    Admission(int requests, long bytes) {
        this.requests = requests;
        this.bytes = bytes;
    }

    /** Takes a place; empty if there is none. */
    synchronized Optional<Place> enter(long size) {
        if (closed || takenRequests == requests || (takenRequests > 0 && takenBytes + size > bytes)) {
            return Optional.empty();
        }
        takenRequests++;
        takenBytes += size;
        return Optional.of(new Place(size));
    }

    /** Lets no further request in. */
    synchronized void close() {
        closed = true;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** The number of requests under way. */
    synchronized int taken() {
        return takenRequests;
    }

    /**
     * Waits until no request is under way.
     *
     * @param patience how long at most
     * @throws InterruptedException if the thread is interrupted
     */
    synchronized void awaitEmpty(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (takenRequests > 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    private synchronized void leave(long size) {
        takenRequests--;
        takenBytes -= size;
        notifyAll();
    }

    /** The place of one request; leaving twice does nothing. */
    final class Place {

        private final long size;
        private final AtomicBoolean left = new AtomicBoolean();

        private Place(long size) {
            this.size = size;
        }

        void leave() {
            if (left.compareAndSet(false, true)) {
                Admission.this.leave(size);
            }
        }
    }
}
