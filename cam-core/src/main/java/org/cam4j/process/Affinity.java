package org.cam4j.process;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import org.bytedeco.javacpp.LongPointer;

/**
 * Sets the processors that the calling thread may run on; Linux only.
 *
 * <p>On two processors, Linux (for example 6.18) wakes a thread on the processor of the waking thread and does not check whether the
 * other processor is idle ({@code select_idle_cpu} does not search a single processor). Two threads that wait for each other after every
 * kernel then share one processor for tens of milliseconds, and two cores are slower than one. So each thread gets its own processor.
 */
public final class Affinity {

    /** Words of 64 bits for 1,024 processors, as in C's {@code cpu_set_t}. */
    private static final int WORDS = 16;

    private static final Optional<CFunction> GET = CFunction.find("sched_getaffinity");
    private static final Optional<CFunction> SET = CFunction.find("sched_setaffinity");

    private Affinity() {}

    /** Gives the calling thread one of two processors, and its OpenMP helper the other; does nothing unless exactly two are allowed. */
    public static void separatePair() {
        BitSet allowed = allowed();
        if (allowed.cardinality() == 2) {
            allow(only(allowed, 1));
            // The helper inherits the processors of the thread that starts it.
            boolean started = OpenMp.startThreads(2);
            allow(started ? only(allowed, 0) : allowed);
        }
    }

    /** Gives the calling thread one of two processors; does nothing unless exactly two are allowed. */
    public static void takeOneOfTwo(int which) {
        BitSet allowed = allowed();
        if (allowed.cardinality() == 2) {
            allow(only(allowed, which));
        }
    }

    /** Returns the first (0) or second (1) of two processors. */
    private static BitSet only(BitSet pair, int which) {
        BitSet one = new BitSet();
        int first = pair.nextSetBit(0);
        one.set(which == 0 ? first : pair.nextSetBit(first + 1));
        return one;
    }

    /** Returns the processors of the calling thread; empty if they cannot be read or set. */
    private static BitSet allowed() {
        if (GET.isEmpty() || SET.isEmpty()) {
            return new BitSet();
        }
        try (LongPointer mask = new LongPointer(WORDS)) {
            long[] words = new long[WORDS];
            mask.put(words);
            GET.get().call(0, (long) WORDS * Long.BYTES, mask.address(), 0);
            mask.get(words);
            return BitSet.valueOf(words);
        }
    }

    private static void allow(BitSet processors) {
        try (LongPointer mask = new LongPointer(WORDS)) {
            mask.put(Arrays.copyOf(processors.toLongArray(), WORDS));
            SET.orElseThrow().call(0, (long) WORDS * Long.BYTES, mask.address(), 0);
        }
    }
}
