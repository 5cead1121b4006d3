package org.cam4j.engine.cuda;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.InferencePlan;

/** Compares parts of concatenations that are written where they belong with copied ones. */
final class ConcatenationTrial {

    private static final int[] COUNTS = {1, 3};

    private ConcatenationTrial() {}

    /**
     * Runs a plan as it is, and with all values as outputs.
     *
     * @return the first output whose bits differ, in words
     */
    static Optional<String> finding(InferencePlan plan, Layout layout, CudaSettings settings)
            throws EngineUnavailableException {
        try (Engine straight = CudaEngine.start(plan, settings, layout);
                Engine copying = CudaEngine.start(TestPlans.withAllValues(plan), settings, layout)) {
            for (int count : COUNTS) {
                for (Map.Entry<String, Integer> output : plan.outputs().entrySet()) {
                    float[] found = numbers(straight, plan, count, output.getKey());
                    float[] expected = numbers(copying, plan, count, output.getKey());
                    int place = Arrays.mismatch(found, expected);
                    if (place >= 0) {
                        return Optional.of("concatenations, batch " + count + ": number " + place + " of '"
                                + output.getKey() + "' is " + found[place] + ", with copies " + expected[place]);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static float[] numbers(Engine engine, InferencePlan plan, int count, String output) {
        return engine.run(TestPlans.images(plan, count), plan.outputs().keySet())
                .host(output);
    }
}
