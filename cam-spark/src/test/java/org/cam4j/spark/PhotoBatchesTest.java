package org.cam4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.cam4j.exception.PhotoException;
import org.cam4j.image.DecodedPhoto;
import org.cam4j.image.PhotoReader;
import org.junit.jupiter.api.Test;

/** Photos of a partition, decoded while the task works on those before them. */
class PhotoBatchesTest {

    private final List<Integer> taken = new ArrayList<>();
    private final List<Thread> takers = new ArrayList<>();

    /** Photos with numbers, which are counted when they are taken. */
    private Iterator<Integer> photos(int count) {
        return IntStream.range(0, count)
                .peek(number -> {
                    taken.add(number);
                    takers.add(Thread.currentThread());
                })
                .iterator();
    }

    private PhotoBatches<Integer> batches(Iterator<Integer> photos, int size, PhotoBatches.Decoding<Integer> decoding) {
        return new PhotoBatches<>(
                photos, new PhotoBatches.Reading<>(String::valueOf, decoding), PhotoReader.standard(), size);
    }

    private static DecodedPhoto photo() {
        return DecodedPhoto.of(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
    }

    private static List<Integer> numbers(List<PhotoBatches.Photo<Integer>> batch) {
        return batch.stream().map(PhotoBatches.Photo::from).toList();
    }

    @Test
    void theNextBatchIsDecodedWhileTheTaskWorksOnOne() throws InterruptedException {
        List<Thread> decoders = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch second = new CountDownLatch(1);
        PhotoBatches<Integer> batches = batches(photos(3), 1, (number, name, reader) -> {
            decoders.add(Thread.currentThread());
            if (number == 1) {
                second.countDown();
            }
            return photo();
        });

        List<PhotoBatches.Photo<Integer>> first = batches.next();

        assertThat(second.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(numbers(first)).containsExactly(0);
        assertThat(numbers(batches.next())).containsExactly(1);
        assertThat(numbers(batches.next())).containsExactly(2);
        assertThat(batches.hasNext()).isFalse();
        assertThat(takers).as("rows are taken by the task").containsOnly(Thread.currentThread());
        assertThat(decoders).hasSize(3).anyMatch(thread -> thread != Thread.currentThread());
    }

    @Test
    void fourSmallPhotosAreAheadSoThatASlowOneKeepsNoneWaiting() {
        CountDownLatch slow = new CountDownLatch(1);
        PhotoBatches<Integer> batches = batches(photos(20), 1, (number, name, reader) -> {
            if (number == 5) {
                awaitUnchecked(slow);
            }
            return photo();
        });

        for (int i = 0; i < 5; i++) {
            assertThat(numbers(batches.next())).containsExactly(i);
            assertThat(taken).as("photos behind %d", i).hasSize(i + 1 + 4);
        }
        slow.countDown();
        assertThat(numbers(batches.next())).containsExactly(5);
    }

    @Test
    void oneLargePhotoIsAhead() {
        BufferedImage large = new BufferedImage(2500, 1600, BufferedImage.TYPE_INT_RGB);
        PhotoBatches<Integer> batches =
                batches(photos(8), 1, (number, name, reader) -> number < 4 ? DecodedPhoto.of(large) : photo());

        for (int i = 0; i < 3; i++) {
            batches.next();
            assertThat(taken).as("photos behind %d", i).hasSize(i + 2);
        }
        batches.next();
        batches.next();
        assertThat(taken).as("small photos follow").hasSize(8);
    }

    @Test
    void oneBatchOfManyPhotosIsAhead() {
        PhotoBatches<Integer> batches = batches(photos(20), 4, (number, name, reader) -> photo());

        batches.next();
        assertThat(taken).hasSize(8);
        batches.next();
        assertThat(taken).hasSize(12);
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void batchesHaveTheirSizeAndTheLastOneTheRest() {
        PhotoBatches<Integer> batches = batches(photos(5), 2, (number, name, reader) -> photo());
        List<List<Integer>> all = new ArrayList<>();
        while (batches.hasNext()) {
            all.add(numbers(batches.next()));
        }

        assertThat(all).containsExactly(List.of(0, 1), List.of(2, 3), List.of(4));
    }

    @Test
    void refusalsStayWithTheirPhotosAndOtherFailuresAreTheTasks() {
        PhotoBatches<Integer> batches = batches(photos(3), 1, (number, name, reader) -> {
            if (number == 2) {
                throw new IllegalStateException("no photo's fault");
            }
            throw new PhotoException("photo " + name + " is damaged");
        });

        assertThat(batches.next().get(0).refused()).hasMessage("photo 0 is damaged");
        assertThat(batches.next().get(0).refused()).hasMessage("photo 1 is damaged");
        assertThatThrownBy(batches::next)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no photo's fault");
    }

    @Test
    void photosThatLackedMemoryBesideOthersAreReadAgain() {
        AtomicInteger tries = new AtomicInteger();
        PhotoBatches<Integer> batches = batches(photos(2), 1, (number, name, reader) -> {
            if (number == 1 && tries.incrementAndGet() == 1) {
                throw new PhotoException("full", new OutOfMemoryError("heap"));
            }
            return photo();
        });
        batches.next();

        PhotoBatches.Photo<Integer> second = batches.next().get(0);

        assertThat(second.refused()).isNull();
        assertThat(second.decoded()).isNotNull();
        assertThat(tries).hasValue(2);
    }

    @Test
    void anInterruptedTaskDoesNotWaitForItsPhoto() {
        CountDownLatch never = new CountDownLatch(1);
        PhotoBatches<Integer> batches = batches(photos(2), 1, (number, name, reader) -> {
            if (number == 1) {
                awaitUnchecked(never);
            }
            return photo();
        });
        batches.next();
        Thread.currentThread().interrupt();

        assertThatThrownBy(batches::next).isInstanceOf(CancellationException.class);

        assertThat(Thread.interrupted()).isTrue();
        never.countDown();
    }
}
