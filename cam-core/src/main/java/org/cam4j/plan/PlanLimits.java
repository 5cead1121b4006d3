package org.cam4j.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.TooLargeException;

/**
 * How much a plan may ask of a machine. Checked before anything is allocated, whatever the plan was made from: a few bytes of a file can
 * ask for any number of cells.
 */
public final class PlanLimits {

    /** Cells of a border on one side. No network pads by more than its largest kernel; the largest images have as many columns. */
    static final int LARGEST_BORDER = 1 << 16;

    private PlanLimits() {}

    /**
     * Checks a plan.
     *
     * @param plan what is to be run
     * @param maxBytes the most memory that its values may need at the same time, for one image
     * @throws TooLargeException if it asks for more; the message names the step
     */
    public static void check(InferencePlan plan, long maxBytes) {
        for (Step step : plan.steps()) {
            Padding border = border(step.operation());
            int largest = Math.max(Math.max(border.top(), border.bottom()), Math.max(border.left(), border.right()));
            if (largest > LARGEST_BORDER) {
                throw new TooLargeException("step '" + step.name() + "' puts " + largest
                        + " cells beside an image: expected at most " + LARGEST_BORDER + ". Pad less");
            }
        }
        checkMemory(plan, maxBytes);
    }

    private static Padding border(Operation operation) {
        if (operation instanceof Convolution convolution) {
            return convolution.window().padding();
        }
        if (operation instanceof Pooling pooling) {
            return pooling.window().padding();
        }
        return operation instanceof Pad pad ? pad.padding() : Padding.NONE;
    }

    /** Adds up the values that are kept when each step runs. */
    private static void checkMemory(InferencePlan plan, long maxBytes) {
        List<Step> steps = plan.steps();
        Map<Integer, Integer> lastReaders = new HashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            for (int value : steps.get(i).inputs()) {
                lastReaders.put(value, i);
            }
        }
        plan.outputs().values().forEach(value -> lastReaders.put(value, steps.size()));
        long kept = plan.inputs().values().stream().mapToLong(PlanLimits::bytes).sum();
        require(kept, maxBytes, "the image");
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            kept += bytes(plan.shape(step.value()));
            require(kept, maxBytes, "step '" + step.name() + "', which makes " + plan.shape(step.value()));
            for (int value : step.inputs().stream().distinct().toList()) {
                kept -= lastReaders.get(value) == i ? bytes(plan.shape(value)) : 0;
            }
            kept -= lastReaders.containsKey(step.value()) ? 0 : bytes(plan.shape(step.value()));
        }
    }

    private static long bytes(Shape shape) {
        return (long) shape.size() * Float.BYTES;
    }

    private static void require(long bytes, long most, String what) {
        if (bytes > most) {
            // Rounded up, so that it never reads as if it were allowed.
            throw new TooLargeException("up to " + what + ", its values need " + ((bytes + (1 << 20) - 1) >> 20)
                    + " MiB at the same time: at most " + (most >> 20)
                    + " MiB are allowed. Take a smaller input size, or allow more with MapperBuilder.maxNetworkBytes");
        }
    }
}
