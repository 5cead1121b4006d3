package org.cam4j.engine.onednn;

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
final class Affinity {

    /** For 1,024 processors, as in C's {@code cpu_set_t}. */
    private static final int WORDS = 16;

    private static final Optional<CFunction> GET = CFunction.find("sched_getaffinity");
    private static final Optional<CFunction> SET = CFunction.find("sched_setaffinity");

    private Affinity() {}

    /** Gives the calling thread one of two processors and the helper that OpenMP starts for it the other; nothing if there are not two. */
    static void separatePair() {
        if (GET.isEmpty() || SET.isEmpty()) {
            return;
        }
        try (LongPointer mask = new LongPointer(WORDS)) {
            mask.put(new long[WORDS]);
            GET.get().call(0, (long) WORDS * Long.BYTES, mask.address(), 0);
            long[] words = new long[WORDS];
            mask.get(words);
            BitSet allowed = BitSet.valueOf(words);
            if (allowed.cardinality() != 2) {
                return;
            }
            int first = allowed.nextSetBit(0);
            allow(mask, allowed.nextSetBit(first + 1));
            if (OpenMp.startThreads(2)) {
                allow(mask, first);
            } else {
                mask.put(words);
                SET.get().call(0, (long) WORDS * Long.BYTES, mask.address(), 0);
            }
        }
    }

    private static void allow(LongPointer mask, int processor) {
        BitSet one = new BitSet();
        one.set(processor);
        mask.put(Arrays.copyOf(one.toLongArray(), WORDS));
        SET.orElseThrow().call(0, (long) WORDS * Long.BYTES, mask.address(), 0);
    }
}
