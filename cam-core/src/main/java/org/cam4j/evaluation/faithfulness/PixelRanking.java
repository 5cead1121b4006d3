package org.cam4j.evaluation.faithfulness;

import java.util.Arrays;
import org.cam4j.ActivationMap;

/** The photo's pixels from the one that speaks most for the class to the one that speaks least. */
final class PixelRanking {

    private PixelRanking() {}

    /** Indices [height * width] into the photo; of equal pixels the first in reading order. */
    static int[] mostRelevantFirst(ActivationMap map) {
        float[] values = map.photoMap().values();
        long[] keys = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            int bits = Float.floatToIntBits(values[i]);
            // Signed integers in the order of the floats, turned round, above the index.
            int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
            keys[i] = ((long) ~ascending << 32) | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    /** The same from the other end. */
    static int[] reversed(int[] ranking) {
        int[] reversed = new int[ranking.length];
        for (int i = 0; i < ranking.length; i++) {
            reversed[i] = ranking[ranking.length - 1 - i];
        }
        return reversed;
    }
}
