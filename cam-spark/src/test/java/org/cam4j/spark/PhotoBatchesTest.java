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
        assertThat(taken).as("one batch ahead").hasSizeLessThanOrEqualTo(3);
        assertThat(numbers(batches.next())).containsExactly(1);
        assertThat(numbers(batches.next())).containsExactly(2);
        assertThat(batches.hasNext()).isFalse();
        assertThat(takers).as("rows are taken by the task").containsOnly(Thread.currentThread());
        assertThat(decoders).hasSize(3).anyMatch(thread -> thread != Thread.currentThread());
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
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
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
