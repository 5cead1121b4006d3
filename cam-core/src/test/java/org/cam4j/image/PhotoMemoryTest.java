package org.cam4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.cam4j.exception.PhotoException;
import org.junit.jupiter.api.Test;

class PhotoMemoryTest {

    private static final PhotoReader READER = PhotoReader.standard();

    /** 70,000 bytes while it is read. */
    private static final byte[] PHOTO = png(100, 100);

    private static byte[] png(int width, int height) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private static int columns(PhotoMemory memory, byte[] photo) {
        return memory.with(READER, reader -> reader.decode(photo, "photo").width());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    /** Decodes a photo, and holds it until the latch opens. */
    private static Thread holding(PhotoMemory memory, CountDownLatch decoded, CountDownLatch end) {
        Thread thread = new Thread(() -> memory.with(READER, reader -> {
            DecodedPhoto photo = reader.decode(PHOTO, "first");
            decoded.countDown();
            await(end);
            return photo;
        }));
        thread.start();
        await(decoded);
        return thread;
    }

    @Test
    void aPhotoWaitsForOthersThatItDoesNotFitBeside() throws InterruptedException {
        PhotoMemory memory = PhotoMemory.of(100_000);
        CountDownLatch end = new CountDownLatch(1);
        Thread first = holding(memory, new CountDownLatch(1), end);
        CompletableFuture<Integer> width = new CompletableFuture<>();
        Thread second = new Thread(() -> width.complete(columns(memory, PHOTO)));
        second.start();

        awaitWaiting(second);
        assertThat(width).isNotDone();
        end.countDown();

        assertThat(width.join()).isEqualTo(100);
        first.join();
    }

    @Test
    void aSmallPhotoFitsBesideAndALargerOneThanAllMemoryIsReadAlone() throws InterruptedException {
        PhotoMemory memory = PhotoMemory.of(100_000);
        CountDownLatch end = new CountDownLatch(1);
        Thread first = holding(memory, new CountDownLatch(1), end);

        assertThat(columns(memory, png(20, 20))).isEqualTo(20);
        end.countDown();
        first.join();
        assertThat(columns(memory, png(400, 300))).isEqualTo(400);
    }

    @Test
    void workThatLacksMemoryIsDoneOnceMoreWhileNoOtherPhotoHasAny() throws InterruptedException {
        PhotoMemory memory = PhotoMemory.of(100_000);
        CountDownLatch end = new CountDownLatch(1);
        Thread first = holding(memory, new CountDownLatch(1), end);
        List<String> order = new ArrayList<>();
        CompletableFuture<String> result = new CompletableFuture<>();
        AtomicInteger tries = new AtomicInteger();
        Thread second = new Thread(() -> result.complete(memory.with(READER, reader -> {
            order.add("try " + tries.incrementAndGet());
            if (tries.get() == 1) {
                throw new PhotoException("full", new OutOfMemoryError("heap"));
            }
            return reader.decode(PHOTO, "again").width() + " columns";
        })));
        second.start();

        awaitWaiting(second);
        assertThat(order).containsExactly("try 1");
        end.countDown();

        assertThat(result.join()).isEqualTo("100 columns");
        assertThat(order).containsExactly("try 1", "try 2");
        first.join();
    }

    @Test
    void lackOfMemoryThatStaysIsThrownAndOtherFailuresAreNotTriedAgain() {
        PhotoMemory memory = PhotoMemory.of(100_000);
        AtomicInteger tries = new AtomicInteger();

        assertThatThrownBy(() -> memory.with(READER, reader -> {
                    tries.incrementAndGet();
                    throw new OutOfMemoryError("heap");
                }))
                .isInstanceOf(OutOfMemoryError.class)
                .matches(PhotoMemory::isLack);
        assertThat(tries).hasValue(2);
        assertThatThrownBy(() -> memory.with(READER, reader -> {
                    tries.incrementAndGet();
                    return reader.decode(new byte[] {1, 2, 3}, "text");
                }))
                .isInstanceOf(PhotoException.class)
                .matches(failure -> !PhotoMemory.isLack(failure));
        assertThat(tries).hasValue(3);
        assertThat(columns(memory, PHOTO)).as("everything is given back").isEqualTo(100);
    }

    @Test
    void anInterruptionEndsTheWaiting() throws InterruptedException {
        PhotoMemory memory = PhotoMemory.of(100_000);
        CountDownLatch end = new CountDownLatch(1);
        Thread first = holding(memory, new CountDownLatch(1), end);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> memory.with(READER, reader -> reader.decode(PHOTO, "second")))
                .isInstanceOf(CancellationException.class);

        assertThat(Thread.interrupted()).isTrue();
        end.countDown();
        first.join();
    }
}
