package org.cam4j.serve;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Places for requests that are under way. A request takes its place before its body is read, with the bytes that the body may have, so
 * that uploads cannot fill the memory. While all places are taken, a client that has sent its photo, or taken its answer, too slowly loses
 * its place to the next one.
 */
final class Admission {

    private final int requests;
    private final long bytes;
    private final Duration patience;
    /** The places of requests whose clients the server waits for, those first that began first. */
    private final Set<Place> awaited = new LinkedHashSet<>();

    private int takenRequests;
    private long takenBytes;
    private boolean closed;
    private long closedSince;

    /**
     * Creates empty places.
     *
     * @param requests at the same time
     * @param bytes of all their bodies; a single request may have more
     * @param patience how long a client is waited for while others find no place
     */
    Admission(int requests, long bytes, Duration patience) {
        this.requests = requests;
        this.bytes = bytes;
        this.patience = patience;
    }

    /** Takes a place, perhaps that of a slow client; empty if there is none. */
    Optional<Place> enter(long size) {
        Optional<Place> place = enterNow(size);
        if (place.isEmpty() && !isClosed()) {
            Optional<Place> slow = slowest();
            if (slow.isPresent()) {
                slow.get().loss.run();
                return enterNow(size);
            }
        }
        return place;
    }

    private synchronized Optional<Place> slowest() {
        return awaited.stream()
                .findFirst()
                .filter(place -> System.nanoTime() - place.awaitedSince >= patience.toNanos());
    }

    private synchronized Optional<Place> enterNow(long size) {
        if (closed || takenRequests == requests || (takenRequests > 0 && takenBytes + size > bytes)) {
            return Optional.empty();
        }
        takenRequests++;
        takenBytes += size;
        return Optional.of(new Place(size));
    }

    /** Lets no further request in. */
    synchronized void close() {
        if (!closed) {
            closed = true;
            closedSince = System.nanoTime();
        }
    }

    /** Ends the requests whose clients have been waited for since the places were closed, or longer: uploads and answers that take too long. */
    void endAwaited() {
        List<Place> late;
        synchronized (this) {
            late = awaited.stream()
                    .filter(place -> place.awaitedSince - closedSince <= 0)
                    .toList();
        }
        late.forEach(place -> place.loss.run());
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

    private synchronized void leave(Place place) {
        takenRequests--;
        takenBytes -= place.size;
        awaited.remove(place);
        notifyAll();
    }

    /** The place of one request; leaving twice does nothing. */
    final class Place {

        private final long size;
        private final AtomicBoolean left = new AtomicBoolean();
        private long awaitedSince;
        private Runnable loss;

        private Place(long size) {
            this.size = size;
        }

        /**
         * Says that the server waits for the request's client from now on.
         *
         * @param onLoss ends the request, if its place is given to another one
         */
        void awaitClient(Runnable onLoss) {
            synchronized (Admission.this) {
                if (!left.get()) {
                    awaitedSince = System.nanoTime();
                    loss = onLoss;
                    awaited.add(this);
                }
            }
        }

        /** Says that the client waits for the server. */
        void serve() {
            synchronized (Admission.this) {
                awaited.remove(this);
            }
        }

        /** The bytes of all other requests' bodies. */
        long bytesOfOthers() {
            synchronized (Admission.this) {
                return takenBytes - size;
            }
        }

        void leave() {
            if (left.compareAndSet(false, true)) {
                Admission.this.leave(this);
            }
        }
    }
}
