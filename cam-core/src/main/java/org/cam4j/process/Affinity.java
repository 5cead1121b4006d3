package org.cam4j.process;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import org.bytedeco.javacpp.LongPointer;

/**
 * Which processors the calling thread may run on; Linux alone.
 *
 * <p>On two processors, Linux (6.18 for one) wakes a thread on the processor of the one that wakes it and does not look whether
 * the other idles ({@code select_idle_cpu} gives up where it would look at a single one). Two threads that wait for each other
 * after every kernel then stay on one processor for tens of milliseconds, and two cores are slower than one. So each gets its own.
 */
public final class Affinity {

    /** For 1,024 processors, as in C's {@code cpu_set_t}. */
    private static final int WORDS = 16;

    private static final Optional<CFunction> GET = CFunction.find("sched_getaffinity");
    private static final Optional<CFunction> SET = CFunction.find("sched_setaffinity");

    private Affinity() {}

    /** Gives the calling thread one of two processors and the helper that OpenMP starts for it the other; nothing if there are not two. */
    public static void separatePair() {
        BitSet allowed = allowed();
        if (allowed.cardinality() == 2) {
            allow(only(allowed, 1));
            // The helper has what its starter has.
            boolean started = OpenMp.startThreads(2);
            allow(started ? only(allowed, 0) : allowed);
        }
    }

    /** Gives the calling thread one of two processors; nothing if there are not two. */
    public static void takeOneOfTwo(int which) {
        BitSet allowed = allowed();
        if (allowed.cardinality() == 2) {
            allow(only(allowed, which));
        }
    }

    /** The first or second of two. */
    private static BitSet only(BitSet pair, int which) {
        BitSet one = new BitSet();
        int first = pair.nextSetBit(0);
        one.set(which == 0 ? first : pair.nextSetBit(first + 1));
        return one;
    }

    /** What the calling thread may use; empty where that cannot be asked or set. */
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
