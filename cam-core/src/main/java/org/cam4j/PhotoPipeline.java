package org.cam4j;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.cam4j.exception.CamException;
import org.cam4j.exception.PhotoException;

/**
 * A pipeline of many photos through one network. Decoding and the network run on separate threads, at most {@link #AHEAD} photos ahead
 * of the caller, and the results come in the photos' order.
 *
 * @param <S> a photo as it is given
 * @param <P> a photo ready for the network
 */
final class PhotoPipeline<S, P> extends Spliterators.AbstractSpliterator<PhotoResult> {

    /** At most 4: decoded photos are large, and more threads would fill the heap without making the network faster. */
    private static final int READERS = Math.min(4, Runtime.getRuntime().availableProcessors());

    /** Two, so that the network runs the next photo while the last result is handed over. */
    private static final int CALLERS = 2;

    private static final int AHEAD = READERS + CALLERS + 2;

    private final Stream<S> source;
    private final Iterator<S> photos;
    private final Function<S, Path> path;
    private final Function<S, P> read;
    private final Function<P, Explanation> run;
    private final ExecutorService readers = threads("cam4j-photos", READERS);
    private final ExecutorService callers = threads("cam4j-network", CALLERS);
    private final Deque<UnderWay<S>> underWay = new ArrayDeque<>();
    private boolean closed;

    private PhotoPipeline(Stream<S> source, Function<S, Path> path, Function<S, P> read, Function<P, Explanation> run) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.source = source;
        this.photos = source.iterator();
        this.path = path;
        this.read = read;
        this.run = run;
    }

    /**
     * Returns the results as a stream. Work starts when the first result is asked for and stops when the stream is closed.
     *
     * @param photos closed with the results
     * @param path what the result calls the photo
     * @param read decodes and prepares a photo; may throw {@link CamException}
     * @param run runs the network; may throw {@link CamException}
     */
    static <S, P> Stream<PhotoResult> results(
            Stream<S> photos, Function<S, Path> path, Function<S, P> read, Function<P, Explanation> run) {
        PhotoPipeline<S, P> pipeline = new PhotoPipeline<>(photos, path, read, run);
        return StreamSupport.stream(pipeline, false).onClose(pipeline::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super PhotoResult> action) {
        UnderWay<S> next = next();
        if (next == null) {
            close();
            return false;
        }
        action.accept(finished(next));
        return true;
    }

    /** Starts photos up to {@link #AHEAD} and returns the oldest one under way; null after the last. */
    private synchronized UnderWay<S> next() {
        while (!closed && underWay.size() < AHEAD && photos.hasNext()) {
            underWay.add(start(photos.next()));
        }
        return underWay.peek();
    }

    private UnderWay<S> start(S given) {
        Path photo = path.apply(given);
        return new UnderWay<>(
                given,
                photo,
                CompletableFuture.supplyAsync(() -> Timed.of(() -> read.apply(given)), readers)
                        .thenApplyAsync(ready -> explained(photo, ready), callers)
                        .exceptionally(failure -> failed(photo, failure)));
    }

    private PhotoResult explained(Path photo, Timed<P> ready) {
        Timed<Explanation> done = Timed.of(() -> run.apply(ready.result()));
        return new PhotoResult.Explained(photo, done.result(), ready.took().plus(done.took()));
    }

    /**
     * Returns the failure of one photo as its result, and throws the failure of the run. An {@link Error} belongs to the photo: a decoder
     * that does not fit the other libraries fails for one file format only, and one large photo may fill the memory.
     */
    private static PhotoResult failed(Path photo, Throwable failure) {
        Throwable reason =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (reason instanceof CamException known) {
            return new PhotoResult.Failed(photo, known);
        }
        if (reason instanceof IllegalStateException || reason instanceof CancellationException) {
            throw (RuntimeException) reason;
        }
        return new PhotoResult.Failed(
                photo,
                reason instanceof OutOfMemoryError
                        ? new PhotoException(
                                "photo '" + photo + "' needs more memory than the heap of "
                                        + (Runtime.getRuntime().maxMemory() >> 20)
                                        + " MiB has left: shrink it, or give Java more with -Xmx.",
                                reason)
                        : new PhotoException(
                                "photo '" + photo + "' cannot be explained because of an unexpected " + reason
                                        + ": try it as a plain JPEG or PNG, and report what it was.",
                                reason));
    }

    /** A photo and its future result. */
    private record UnderWay<S>(S given, Path photo, CompletableFuture<PhotoResult> result) {}

    /** A step's result and its working time. */
    private record Timed<T>(T result, Duration took) {

        static <T> Timed<T> of(Supplier<T> step) {
            long start = System.nanoTime();
            T result = step.get();
            return new Timed<>(result, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private PhotoResult finished(UnderWay<S> next) {
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while the last result was taken");
            }
            PhotoResult result = next.result().get();
            if (ranOutOfMemory(result)) {
                result = triedAlone(next);
            }
            synchronized (this) {
                underWay.poll();
            }
            return result;
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException(
                    "interrupted before all photos were explained: those that were not taken are lost");
            cancelled.initCause(e);
            throw cancelled;
        } catch (ExecutionException e) {
            close();
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("a photo could not be explained", e.getCause());
        }
    }

    private static boolean ranOutOfMemory(PhotoResult result) {
        return result instanceof PhotoResult.Failed failed && failed.reason().getCause() instanceof OutOfMemoryError;
    }

    /** Tries a photo again while nothing else is decoded, because another photo may have filled the memory. */
    private PhotoResult triedAlone(UnderWay<S> again) throws InterruptedException, ExecutionException {
        Path photo = again.photo();
        List<UnderWay<S>> others;
        synchronized (this) {
            others = List.copyOf(underWay);
        }
        for (UnderWay<S> other : others) {
            other.result().get();
        }
        try {
            return explained(photo, Timed.of(() -> read.apply(again.given())));
        } catch (RuntimeException | Error e) {
            return failed(photo, e);
        }
    }

    /** Stops the pipeline: no new photo starts, and the running steps have ended when this method returns. */
    private void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            underWay.forEach(photo -> photo.result().cancel(false));
            underWay.clear();
            readers.shutdownNow();
            callers.shutdownNow();
        }
        source.close();
        try {
            readers.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            callers.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // An interrupted caller does not wait for the running steps: no new photo starts in any case.
            Thread.currentThread().interrupt();
        }
    }

    /** Daemon threads, started on demand; end after 10 s idle even if the stream is never closed. */
    private static ExecutorService threads(String name, int count) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(count, count, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
