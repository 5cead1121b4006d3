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
 * Many photos through one network: decoding and the network work on threads of their own, a bounded number of photos ahead of
 * the caller, and the results come in the photos' order.
 *
 * @param <P> a photo ready for the network
 */
final class PhotoPipeline<P> extends Spliterators.AbstractSpliterator<PhotoResult> {

    /** Decoded photos are large: more threads would not make the network faster, but the heap full. */
    private static final int READERS = Math.min(4, Runtime.getRuntime().availableProcessors());

    /** Two, so that the network goes on with the next photo while the last one's result is handed over. */
    private static final int CALLERS = 2;

    private static final int AHEAD = READERS + CALLERS + 2;

    private final Stream<Path> source;
    private final Iterator<Path> photos;
    private final Function<Path, P> read;
    private final Function<P, Explanation> run;
    private final ExecutorService readers = threads("cam4j-photos", READERS);
    private final ExecutorService callers = threads("cam4j-network", CALLERS);
    private final Deque<UnderWay> underWay = new ArrayDeque<>();
    private boolean closed;

    private PhotoPipeline(Stream<Path> source, Function<Path, P> read, Function<P, Explanation> run) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.source = source;
        this.photos = source.iterator();
        this.read = read;
        this.run = run;
    }

    /**
     * The results as a stream. Work starts when the first is asked for and stops when the stream is closed.
     *
     * @param photos closed with the results
     * @param read decodes and prepares; may throw {@link CamException}
     * @param run the network; may throw {@link CamException}
     */
    static <P> Stream<PhotoResult> results(Stream<Path> photos, Function<Path, P> read, Function<P, Explanation> run) {
        PhotoPipeline<P> pipeline = new PhotoPipeline<>(photos, read, run);
        return StreamSupport.stream(pipeline, false).onClose(pipeline::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super PhotoResult> action) {
        UnderWay next = next();
        if (next == null) {
            close();
            return false;
        }
        action.accept(finished(next));
        return true;
    }

    /** The oldest photo under way, once as many are as may be; null after the last. */
    private synchronized UnderWay next() {
        while (!closed && underWay.size() < AHEAD && photos.hasNext()) {
            underWay.add(start(photos.next()));
        }
        return underWay.peek();
    }

    private UnderWay start(Path photo) {
        return new UnderWay(
                photo,
                CompletableFuture.supplyAsync(() -> Timed.of(() -> read.apply(photo)), readers)
                        .thenApplyAsync(ready -> explained(photo, ready), callers)
                        .exceptionally(failure -> failed(photo, failure)));
    }

    private PhotoResult explained(Path photo, Timed<P> ready) {
        Timed<Explanation> done = Timed.of(() -> run.apply(ready.result()));
        return new PhotoResult.Explained(photo, done.result(), ready.took().plus(done.took()));
    }

    /**
     * What is wrong with one photo is its result; what is wrong with the run is thrown. An error is the photo's too: a decoder
     * that does not fit the other libraries fails on one kind of picture, and memory is full of one large photo.
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

    /** A photo and what will become of it. */
    private record UnderWay(Path photo, CompletableFuture<PhotoResult> result) {}

    /** What a step gave and how long it worked. */
    private record Timed<T>(T result, Duration took) {

        static <T> Timed<T> of(Supplier<T> step) {
            long start = System.nanoTime();
            T result = step.get();
            return new Timed<>(result, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private PhotoResult finished(UnderWay next) {
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while the last result was taken");
            }
            PhotoResult result = next.result().get();
            if (ranOutOfMemory(result)) {
                result = triedAlone(next.photo());
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

    /** Again, when nothing else is decoded: the photo that filled the memory may have been its neighbour. */
    private PhotoResult triedAlone(Path photo) throws InterruptedException, ExecutionException {
        List<UnderWay> others;
        synchronized (this) {
            others = List.copyOf(underWay);
        }
        for (UnderWay other : others) {
            other.result().get();
        }
        try {
            return explained(photo, Timed.of(() -> read.apply(photo)));
        } catch (RuntimeException | Error e) {
            return failed(photo, e);
        }
    }

    /** Stops: nothing new begins, and what cannot be stopped half-way has ended when this returns. */
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
            // An interrupted caller need not wait: no new photo begins in any case.
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
