package org.cam4j.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
 * One partition's photos in batches. While the task works on a batch, the next ones are decoded on another thread, as {@link
 * org.cam4j.PhotoExplainer#explainAll} does it, so that the network need not wait for photos. Rows are taken on the task's own thread.
 *
 * @param <P> a photo as it comes in
 */
final class PhotoBatches<P> {

    /** So many that the network does not wait for a PNG among JPEGs, which takes as long as four runs of a small network. */
    private static final int PHOTOS_AHEAD = 4;

    /** Beyond this many decoded pixels a single batch is ahead. */
    private static final long PIXELS_AHEAD = 4_000_000;

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

    /** Batches that are taken, decoded or not; the next one first. */
    private final Deque<Batch<P>> ahead = new ArrayDeque<>();

    /** Those that no decoder has begun with. */
    private final Deque<Batch<P>> undecoded = new ArrayDeque<>();

    private boolean isDecoding;

    /** Of the batch that was decoded last; nothing is known before. */
    private long expectedPixels = PIXELS_AHEAD;

    private record Batch<P>(List<Photo<P>> photos, FutureTask<Void> decoding) {

        /** Known when it is decoded. */
        long pixels() {
            return photos.stream().mapToLong(Photo::pixels).sum();
        }
    }

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

        private long pixels() {
            return decoded == null ? 0 : (long) decoded.width() * decoded.height();
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

    /** Returns the next batch, decoded, and begins with those after it. */
    List<Photo<P>> next() {
        Batch<P> batch = ahead.poll();
        if (batch == null) {
            batch = batch(taken());
            begin();
            batch.decoding().run();
        }
        awaitDecoding(batch);
        expectedPixels = batch.pixels();
        begin();
        batch.photos().forEach(this::decodeAloneIfMemoryLacked);
        return batch.photos();
    }

    private List<Photo<P>> taken() {
        List<Photo<P>> batch = new ArrayList<>();
        while (batch.size() < size && source.hasNext()) {
            P next = source.next();
            batch.add(new Photo<>(next, reading.name().apply(next)));
        }
        return batch;
    }

    private Batch<P> batch(List<Photo<P>> photos) {
        return new Batch<>(photos, new FutureTask<>(() -> photos.forEach(this::decode), null));
    }

    private void begin() {
        while (ahead.isEmpty() || ((ahead.size() + 1) * size <= PHOTOS_AHEAD && pixelsAhead() < PIXELS_AHEAD)) {
            List<Photo<P>> photos = taken();
            if (photos.isEmpty()) {
                return;
            }
            Batch<P> batch = batch(photos);
            ahead.add(batch);
            decodeLater(batch);
        }
    }

    private long pixelsAhead() {
        return ahead.stream()
                .mapToLong(batch -> batch.decoding().isDone() ? batch.pixels() : expectedPixels)
                .sum();
    }

    private void decodeLater(Batch<P> batch) {
        synchronized (undecoded) {
            undecoded.add(batch);
            if (!isDecoding) {
                isDecoding = true;
                DECODERS.execute(this::decodeWhatWaits);
            }
        }
    }

    private void decodeWhatWaits() {
        Batch<P> batch = nextUndecoded();
        while (batch != null) {
            batch.decoding().run();
            batch = nextUndecoded();
        }
    }

    /** Null if there is none: the decoder ends. */
    private Batch<P> nextUndecoded() {
        synchronized (undecoded) {
            Batch<P> batch = undecoded.poll();
            isDecoding = batch != null;
            return batch;
        }
    }

    private static void awaitDecoding(Batch<?> batch) {
        try {
            batch.decoding().get();
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
