package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cam4j.image.Preprocessing;
import org.cam4j.testing.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sixteen threads that explain, build, open, close under each other and are interrupted: every result has the bits of a quiet run,
 * and afterwards threads and files are as many as before.
 *
 * <p>The gate gives each thread a few turns. {@code -Dcam4j.soak.seconds=600} goes on for ten minutes and also compares the
 * resident memory at the end with that after the first minute.
 */
class SoakTest {

    private static final int THREADS = 16;
    private static final int TURNS = 12;
    private static final long SECONDS = Long.getLong("cam4j.soak.seconds", 0);

    @TempDir
    static Path folder;

    private final AtomicInteger explained = new AtomicInteger();
    private final AtomicInteger foundClosed = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();

    private Path keras;
    private Path prepared;
    private BufferedImage photo;
    private Path photoFile;
    private float[] expected;

    @Test
    void sixteenThreadsThatBuildCloseAndInterruptGiveTheSameBitsAndLeaveNothing() throws Exception {
        keras = Golden.of("mini_relu6", "k2.h5").model();
        prepared = folder.resolve("model.cam4j");
        photo = photo();
        photoFile = folder.resolve("photo.png");
        ImageIO.write(photo, "png", photoFile.toFile());
        try (ClassActivationMapper mapper = built()) {
            mapper.save(prepared);
            expected = bits(mapper.explain(photo));
        }
        round(0);
        Footprint before = Footprint.settled();

        if (SECONDS > 0) {
            round(60);
            Footprint afterAMinute = Footprint.settled();
            round(SECONDS);
            Footprint after = Footprint.settled();
            System.out.printf(
                    "soak: %d explanations, %d on closed mappers, %d interrupts; %s, then %s, then %s%n",
                    explained.get(), foundClosed.get(), interrupted.get(), before, afterAMinute, after);
            assertThat(after.residentMegabytes()).isLessThan(afterAMinute.residentMegabytes() + 100);
        } else {
            round(0);
        }

        Footprint after = Footprint.settled();
        assertThat(after.threads()).as("threads").isLessThanOrEqualTo(before.threads());
        assertThat(after.files()).as("open files").isLessThanOrEqualTo(before.files());
        assertThat(explained).hasPositiveValue();
        assertThat(foundClosed).hasPositiveValue();
        assertThat(interrupted).hasPositiveValue();
    }

    private void round(long seconds) throws Exception {
        long end = System.nanoTime() + seconds * 1_000_000_000;
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (Shared shared = new Shared()) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Random random = new Random(thread);
                running.add(threads.submit(() -> {
                    for (int turn = 0; turn < TURNS || System.nanoTime() < end; turn++) {
                        turn(random, shared, turn);
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void turn(Random random, Shared shared, int turn) throws IOException {
        // Every kind of turn comes, whatever the seed.
        switch (turn < 6 ? turn : random.nextInt(20)) {
            case 0 -> explainAndClose(built());
            case 1 -> explainAndClose(ClassActivationMapper.open(prepared));
            case 2 -> shared.replace();
            case 3 -> explainInterrupted(shared);
            case 4 -> explainAllInterrupted(shared);
            default -> explain(shared);
        }
    }

    private void explainAndClose(ClassActivationMapper own) {
        try (own) {
            check(own.explain(photo));
        }
    }

    /** The shared mapper may be closed by another thread at any moment: then it says so, and gives no result. */
    private void explain(Shared shared) {
        try {
            check(shared.mapper().explain(photo));
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("closed");
            foundClosed.incrementAndGet();
        }
    }

    private void explainInterrupted(Shared shared) {
        Thread.currentThread().interrupt();
        try {
            explain(shared);
        } finally {
            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
            interrupted.incrementAndGet();
        }
    }

    private void explainAllInterrupted(Shared shared) {
        try (Stream<PhotoResult> results = shared.mapper().explainAll(Stream.generate(() -> photoFile))) {
            results.limit(6).forEach(result -> {
                if (result instanceof PhotoResult.Explained one) {
                    check(one.explanation());
                } else {
                    assertThat(((PhotoResult.Failed) result).reason()).hasMessageContaining("closed");
                }
                Thread.currentThread().interrupt();
            });
            throw new AssertionError("the interrupt was not noticed");
        } catch (CancellationException e) {
            interrupted.incrementAndGet();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("closed");
            foundClosed.incrementAndGet();
        } finally {
            Thread.interrupted();
        }
    }

    private void check(Explanation explanation) {
        assertThat(bits(explanation)).isEqualTo(expected);
        explained.incrementAndGet();
    }

    private static float[] bits(Explanation explanation) {
        float[] map = explanation.map(0).toArray();
        float[] all = Arrays.copyOf(map, map.length + 1);
        all[map.length] = (float) explanation.prediction().logit();
        return all;
    }

    private ClassActivationMapper built() {
        return ClassActivationMapper.fromKeras(keras)
                .preprocessing(Preprocessing.UNIT)
                .build();
    }

    private static BufferedImage photo() {
        BufferedImage photo = new BufferedImage(90, 60, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(5);
        for (int y = 0; y < photo.getHeight(); y++) {
            for (int x = 0; x < photo.getWidth(); x++) {
                photo.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        return photo;
    }

    /** The mapper of all threads, which any of them closes and replaces. */
    private final class Shared implements AutoCloseable {

        private volatile ClassActivationMapper mapper = built();

        ClassActivationMapper mapper() {
            return mapper;
        }

        void replace() {
            ClassActivationMapper old;
            ClassActivationMapper next = ClassActivationMapper.open(prepared);
            synchronized (this) {
                old = mapper;
                mapper = next;
            }
            old.close();
            try {
                old.explain(photo);
                throw new AssertionError("a closed mapper explained a photo");
            } catch (IllegalStateException e) {
                foundClosed.incrementAndGet();
            }
        }

        @Override
        public void close() {
            mapper.close();
        }
    }

    /** What the process holds. */
    private record Footprint(int threads, int files, long residentMegabytes) {

        /** When what ends after a while has ended: daemon threads of pools, memory that waits for the collector. */
        static Footprint settled() throws Exception {
            Footprint last = now();
            for (int quiet = 0, tries = 0; quiet < 3 && tries < 60; tries++) {
                System.gc();
                Thread.sleep(500);
                Footprint next = now();
                quiet = next.threads() == last.threads() && next.files() == last.files() ? quiet + 1 : 0;
                last = next;
            }
            return last;
        }

        private static Footprint now() throws IOException {
            Path self = Path.of("/proc/self");
            if (!Files.isDirectory(self)) {
                return new Footprint(Thread.activeCount(), 0, 0);
            }
            long kilobytes = Files.readAllLines(self.resolve("status")).stream()
                    .filter(line -> line.startsWith("VmRSS"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
            try (Stream<Path> threads = Files.list(self.resolve("task"));
                    Stream<Path> files = Files.list(self.resolve("fd"))) {
                int ours = (int) threads.filter(thread -> !isOfTheJvm(thread)).count();
                return new Footprint(ours, (int) files.count(), kilobytes / 1024);
            }
        }

        /** Compilers' and collectors' threads come and go with the load. */
        private static boolean isOfTheJvm(Path thread) {
            try {
                return Files.readString(thread.resolve("comm")).matches("(?s)(C1|C2|G1|GC|VM) .*");
            } catch (IOException e) {
                return true; // It has ended.
            }
        }
    }
}
