package org.cam4j.engine.cuda;

import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Loops over large arrays in parts, on several threads if there is much to do. */
final class HostCopies {

    /** Numbers that are worth another thread: 512 KiB, copied in 50 µs. */
    private static final int LEAST = 1 << 17;

    private static final int MOST_PARTS = 16;

    private HostCopies() {}

    /** Does the part of a loop that begins at a number. */
    @FunctionalInterface
    interface Part {
        void run(int start, int size);
    }

    /** Copies numbers from the start of a buffer. */
    static void copy(float[] to, int toStart, FloatBuffer from, int count) {
        inParts(count, (start, size) -> from.get(start, to, toStart + start, size));
    }

    /** Runs a loop over so many numbers, in parts that cover it once. */
    static void inParts(int count, Part part) {
        int size = Math.max(LEAST, (count + MOST_PARTS - 1) / MOST_PARTS);
        int parts = (count + size - 1) / size;
        if (parts <= 1) {
            part.run(0, count);
            return;
        }
        atOnce(parts, i -> part.run(i * size, Math.min(size, count - i * size)));
    }

    /**
     * Does parts on several threads, all of them even if one fails: a parallel stream throws what one part threw while others still run, and
     * the memory that they write to could be freed.
     *
     * @throws RuntimeException what one of the parts threw
     */
    static void atOnce(int parts, IntConsumer part) {
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        IntStream.range(0, parts).parallel().forEach(i -> {
            try {
                part.accept(i);
            } catch (RuntimeException e) {
                failure.compareAndSet(null, e);
            }
        });
        if (failure.get() != null) {
            throw failure.get();
        }
    }
}
