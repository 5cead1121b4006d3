package org.cam4j.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.cam4j.exception.PhotoException;
import org.cam4j.image.DecodedPhoto;
import org.cam4j.image.PhotoMemory;
import org.cam4j.image.PhotoReader;

/**
 * One partition's photos in batches. While the task works on a batch, the next one is read and decoded on another thread, as {@link
 * org.cam4j.PhotoExplainer#explainAll} does it, so that the network need not wait for photos. Rows are taken on the task's own thread.
 *
 * @param <P> a photo as it comes in
 */
final class PhotoBatches<P> {

    private static final int IDLE_SECONDS = 10;

    /** Daemon threads of this executor, started on demand: at most one for each task. */
    private static final ExecutorService DECODERS = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "cam4j-spark-decoder");
                thread.setDaemon(true);
                return thread;
            });

    /** Photos for which the memory did not suffice beside others are read again one after the other. */
    private static final Object ALONE = new Object();

    private final Iterator<P> source;
    private final Reading<P> reading;
    private final PhotoReader reader;
    private final int size;

    /** Empty if nothing is read ahead. */
    private List<Photo<P>> ahead = List.of();

    private FutureTask<Void> decoding;

    /**
     * How photos are read.
     *
     * @param name what messages call a photo
     * @param decoding reads and decodes a photo
     * @param <P> a photo as it comes in
     */
    record Reading<P>(Function<P, String> name, Decoding<P> decoding) {}

    /**
     * Decodes a photo.
     *
     * @param <P> a photo as it comes in
     */
    @FunctionalInterface
    interface Decoding<P> {

        /**
         * Decodes a photo.
         *
         * @throws PhotoException if it cannot be read
         */
        DecodedPhoto decode(P from, String name, PhotoReader reader);
    }

    /**
     * A photo of a batch: decoded, or refused.
     *
     * @param <P> a photo as it comes in
     */
    static final class Photo<P> {

        private final P from;
        private final String name;
        private DecodedPhoto decoded;
        private PhotoException refused;
        private long nanoseconds;

        private Photo(P from, String name) {
            this.from = from;
            this.name = name;
        }

        P from() {
            return from;
        }

        String name() {
            return name;
        }

        /** The photo; null if it is refused. */
        DecodedPhoto decoded() {
            return decoded;
        }

        /** Why the photo cannot be explained; null so far. */
        PhotoException refused() {
            return refused;
        }

        /** The time of all steps. */
        long nanoseconds() {
            return nanoseconds;
        }

        void addTime(long nanos) {
            nanoseconds += nanos;
        }

        /** Runs a step; a refusal is kept. */
        void timed(Runnable step) {
            long start = System.nanoTime();
            try {
                step.run();
            } catch (PhotoException e) {
                refused = e;
            } finally {
                addTime(System.nanoTime() - start);
            }
        }
    }

    /**
     * Creates batches; nothing is read yet.
     *
     * @param reader decides how much is kept of photos
     * @param size photos in each batch
     */
    PhotoBatches(Iterator<P> source, Reading<P> reading, PhotoReader reader, int size) {
        this.source = source;
        this.reading = reading;
        this.reader = reader;
        this.size = size;
    }

    boolean hasNext() {
        return !ahead.isEmpty() || source.hasNext();
    }

    /** Returns the next batch, decoded, and begins with the one after it. */
    List<Photo<P>> next() {
        List<Photo<P>> batch = ahead;
        if (batch.isEmpty()) {
            batch = taken();
            begin();
            batch.forEach(this::decode);
        } else {
            awaitDecoding();
            begin();
        }
        batch.forEach(this::decodeAloneIfMemoryLacked);
        return batch;
    }

    private List<Photo<P>> taken() {
        List<Photo<P>> batch = new ArrayList<>();
        while (batch.size() < size && source.hasNext()) {
            P next = source.next();
            batch.add(new Photo<>(next, reading.name().apply(next)));
        }
        return batch;
    }

    private void begin() {
        List<Photo<P>> batch = taken();
        ahead = batch;
        if (!batch.isEmpty()) {
            decoding = new FutureTask<>(() -> batch.forEach(this::decode), null);
            DECODERS.execute(decoding);
        }
    }

    private void awaitDecoding() {
        try {
            decoding.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException("the task was interrupted");
            cancelled.initCause(e);
            throw cancelled;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("a photo could not be decoded", e.getCause());
        }
    }

    private void decode(Photo<P> photo) {
        photo.timed(() -> photo.decoded = reading.decoding().decode(photo.from, photo.name, reader));
    }

    private void decodeAloneIfMemoryLacked(Photo<P> photo) {
        if (photo.refused != null && PhotoMemory.isLack(photo.refused)) {
            synchronized (ALONE) {
                photo.refused = null;
                decode(photo);
            }
        }
    }
}
