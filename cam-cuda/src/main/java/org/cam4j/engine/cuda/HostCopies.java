package org.cam4j.engine.cuda;

import java.nio.FloatBuffer;
import java.util.stream.IntStream;

/** Copies between Java's memory and page-locked memory, on several threads if there is much. */
final class HostCopies {

    /** Numbers that one thread copies at a time: 256 KiB, about 30 µs. */
    private static final int EACH = 1 << 16;

    private HostCopies() {}

    static void copy(FloatBuffer to, int toStart, FloatBuffer from, int fromStart, int count) {
        parts(count, (start, size) -> to.put(toStart + start, from, fromStart + start, size));
    }

    static void copy(float[] to, int toStart, FloatBuffer from, int count) {
        parts(count, (start, size) -> from.get(start, to, toStart + start, size));
    }

    @FunctionalInterface
    private interface Part {
        void copy(int start, int size);
    }

    private static void parts(int count, Part part) {
        int parts = (count + EACH - 1) / EACH;
        if (parts <= 1) {
            part.copy(0, count);
            return;
        }
        IntStream.range(0, parts).parallel().forEach(i -> part.copy(i * EACH, Math.min(EACH, count - i * EACH)));
    }
}
