package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.awt.image.BufferedImage;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cam4j.exception.PhotoException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PhotoPipelineTest {

    private static final Explanation ANY = Explanations.of(
            "any",
            new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB),
            Labels.of("panda"),
            new float[] {1},
            new float[] {1},
            1,
            1);

    private static Stream<Path> photos(int count) {
        return IntStream.range(0, count).mapToObj(i -> Path.of("photo" + i));
    }

    private static Stream<PhotoResult> results(Stream<Path> photos, Function<Path, Path> read) {
        return PhotoPipeline.results(photos, Function.identity(), read, ready -> ANY);
    }

    @Test
    void resultsComeInThePhotosOrderAlsoWhenLaterOnesAreReadyFirst() {
        CountDownLatch second = new CountDownLatch(1);
        try (Stream<PhotoResult> results = results(photos(40), photo -> {
            if (photo.endsWith("photo0")) {
                await(second);
            } else {
                second.countDown();
            }
            return photo;
        })) {
            assertThat(results.map(result -> result.photo().toString()))
                    .containsExactlyElementsOf(photos(40).map(Path::toString).toList());
        }
    }

    @Test
    void photosThatFailAreResultsThatSaySo() {
        List<PhotoResult> all;
        try (Stream<PhotoResult> results = results(photos(3), photo -> {
            if (photo.endsWith("photo1")) {
                throw new PhotoException("photo1 is empty");
            }
            return photo;
        })) {
            all = results.toList();
        }

        assertThat(all.get(0)).isInstanceOf(PhotoResult.Explained.class);
        assertThat(all.get(1)).isInstanceOfSatisfying(PhotoResult.Failed.class, failed -> assertThat(failed.reason())
                .isInstanceOf(PhotoException.class)
                .hasMessage("photo1 is empty"));
        assertThat(all.get(2)).isInstanceOf(PhotoResult.Explained.class);
    }

    @Test
    void anErrorIsTheResultOfItsPhotoAlone() {
        List<PhotoResult> all;
        try (Stream<PhotoResult> results = results(photos(4), photo -> {
            if (photo.endsWith("photo1")) {
                throw new NoSuchMethodError("void decode()");
            }
            if (photo.endsWith("photo2")) {
                throw new InvalidPathException("photo2", "nothing is called so");
            }
            return photo;
        })) {
            all = results.toList();
        }

        assertThat(all.get(0)).isInstanceOf(PhotoResult.Explained.class);
        assertThat(all.get(1)).isInstanceOfSatisfying(PhotoResult.Failed.class, failed -> assertThat(failed.reason())
                .isInstanceOf(PhotoException.class)
                .hasMessageContainingAll("photo1", "NoSuchMethodError", "void decode()"));
        assertThat(all.get(2)).isInstanceOfSatisfying(PhotoResult.Failed.class, failed -> assertThat(failed.reason())
                .hasMessageContaining("nothing is called so"));
        assertThat(all.get(3)).isInstanceOf(PhotoResult.Explained.class);
    }

    /** The first stays too large however often it is tried; its neighbours failed because of it. */
    @Test
    void onlyThePhotoThatIsTooLargeForTheMemoryFails() {
        AtomicInteger atOnce = new AtomicInteger();
        List<PhotoResult> all;
        try (Stream<PhotoResult> results = results(photos(12), photo -> {
            int running = atOnce.incrementAndGet();
            try {
                if (photo.endsWith("photo0") || running > 1) {
                    throw new OutOfMemoryError("Java heap space");
                }
                return photo;
            } finally {
                atOnce.decrementAndGet();
            }
        })) {
            all = results.toList();
        }

        assertThat(all.get(0)).isInstanceOfSatisfying(PhotoResult.Failed.class, failed -> assertThat(failed.reason())
                .isInstanceOf(PhotoException.class)
                .hasMessageContainingAll("photo0", "memory", "-Xmx"));
        assertThat(all.subList(1, all.size())).hasSize(11).allMatch(PhotoResult.Explained.class::isInstance);
    }

    @Test
    void onlyAHandfulOfPhotosIsReadAhead() {
        AtomicInteger taken = new AtomicInteger();
        try (Stream<PhotoResult> results =
                results(photos(1000).peek(photo -> taken.incrementAndGet()), photo -> photo)) {
            assertThat(taken).hasValue(0);
            Iterator<PhotoResult> one = results.iterator();
            one.next();
            assertThat(taken.get()).isBetween(1, 12);
        }
    }

    @Test
    void whatIsWrongWithMoreThanOnePhotoEndsTheRun() {
        try (Stream<PhotoResult> results = results(photos(5), photo -> {
            throw new IllegalStateException("the mapper is closed");
        })) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> results.forEach(result -> {}))
                    .withMessage("the mapper is closed");
        }
    }

    @Test
    void interruptionStopsTheRunAndStaysSet() throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger stopped = new AtomicInteger();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Thread taker = new Thread(() -> {
            try (Stream<PhotoResult> results = results(photos(5), photo -> {
                reading.countDown();
                try {
                    never.await();
                } catch (InterruptedException e) {
                    stopped.incrementAndGet();
                }
                return photo;
            })) {
                results.forEach(result -> {});
            } catch (CancellationException e) {
                thrown.set(e);
            }
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        taker.start();
        reading.await();

        taker.interrupt();
        taker.join();

        assertThat(thrown.get()).isInstanceOf(CancellationException.class).hasMessageContaining("interrupted");
        assertThat(interrupted.get()).isTrue();
        assertThat(stopped.get()).isPositive();
    }

    @Test
    void closingStopsTheThreadsAndClosesThePhotos() {
        AtomicInteger closed = new AtomicInteger();
        AtomicInteger working = new AtomicInteger();
        List<PhotoResult> taken = new ArrayList<>();
        try (Stream<PhotoResult> results = results(photos(1000).onClose(closed::incrementAndGet), photo -> {
            working.incrementAndGet();
            try {
                return photo;
            } finally {
                working.decrementAndGet();
            }
        })) {
            taken.add(results.iterator().next());
        }
        assertThat(taken).hasSize(1);
        assertThat(closed).hasValue(1);
        assertThat(working).hasValue(0);
    }

    @Test
    void aClosedRunGivesNoMoreResults() {
        Stream<PhotoResult> results = results(photos(1000), photo -> photo);
        Iterator<PhotoResult> iterator = results.iterator();
        iterator.next();
        results.close();

        assertThat(iterator.hasNext()).isFalse();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
