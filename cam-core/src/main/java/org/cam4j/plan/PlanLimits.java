package org.cam4j.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.exception.Quoted;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.TooLargeException;

/**
 * Refuses plans that no engine should be given: a few bytes of a file can ask for any number of cells, and native code does not check
 * sizes. Runs before anything is allocated.
 *
 * <p>Constructors of plans and operations already refuse invalid parameters: sizes, strides and windows that are not positive, paddings
 * below 0, weight counts that do not fit the parameters, values read before they are computed, and more entries than an array can hold.
 * This class also refuses:
 *
 * <ul>
 *   <li>plans of more than {@value #MOST_READ} inputs, of more than {@value #MOST_STEPS} steps, or with a step that reads more than
 *       {@value #MOST_READ} values;
 *   <li>values and weights of 2 GiB and more, since engines count bytes in 32 bits;
 *   <li>{@link StepLimits}: windows, strides, dilations, paddings and sizes beyond those of any network, parameters and small weight arrays
 *       that are not finite, and steps that are not operations;
 *   <li>more than 2<sup>43</sup> multiplications for an image, minutes of all cores: VGG19 needs as many for images of 4800x4800;
 *   <li>values that need more memory at the same time than is allowed.
 * </ul>
 *
 * <p>Weights of convolutions and dense layers may still be in a file and are not read here. Limits of a single library are checked by
 * that library's engine.
 */
public final class PlanLimits {

    /** Steps: four times as many as the deepest networks have. An engine compiles each in some milliseconds. */
    static final int MOST_STEPS = 20_000;

    /** Values that a step reads: oneDNN numbers the arguments beyond that differently. */
    static final int MOST_READ = 1000;

    private static final long MOST_MULTIPLICATIONS = 1L << 43;

    private PlanLimits() {}

    /**
     * Checks a plan.
     *
     * @param plan the plan to run
     * @param maxBytes the memory that the plan's values may need at the same time for one image, at most
     * @throws TooLargeException if the plan exceeds a limit that a smaller network would keep; the message names the step
     * @throws IllegalArgumentException if no engine can run it; the message names the step
     */
    public static void check(InferencePlan plan, long maxBytes) {
        if (plan.inputs().size() > MOST_READ) {
            throw new TooLargeException("it has " + plan.inputs().size() + " inputs: expected at most " + MOST_READ);
        }
        if (plan.steps().size() > MOST_STEPS) {
            throw new TooLargeException(
                    "it has " + plan.steps().size() + " steps: expected at most " + MOST_STEPS + ". Take fewer layers");
        }
        plan.inputs().forEach((input, shape) -> requireAddressable("the " + input, shape));
        long multiplications = 0;
        for (Step step : plan.steps()) {
            multiplications += checked(plan, step);
            if (multiplications > MOST_MULTIPLICATIONS) {
                throw new TooLargeException("up to step " + Quoted.of(step.name()) + ", it multiplies "
                        + multiplications + " times for an image: expected at most " + MOST_MULTIPLICATIONS
                        + ". Take a smaller input size");
            }
        }
        checkMemory(plan, maxBytes);
    }

    /** Checks a step and returns its number of multiplications. */
    private static long checked(InferencePlan plan, Step step) {
        String name = "step " + Quoted.of(step.name());
        if (step.inputs().size() > MOST_READ) {
            throw new TooLargeException(name + " reads " + step.inputs().size() + " values: expected at most "
                    + MOST_READ + ". Join them in several steps");
        }
        Shape output = plan.shape(step.value());
        List<Shape> inputs = step.inputs().stream().map(plan::shape).toList();
        long multiplications = step.operation().accept(new StepLimits(name, inputs, output));
        requireAddressable(name, output);
        return multiplications;
    }

    private static void requireAddressable(String what, Shape shape) {
        if (bytes(shape) > Integer.MAX_VALUE) {
            throw new TooLargeException(what + " makes " + shape + ", which is " + bytes(shape)
                    + " bytes: expected less than 2 GiB, as engines count bytes in 32 bits. Take a smaller input size");
        }
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
        require(kept, maxBytes, "the " + String.join(", ", plan.inputs().keySet()));
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            kept += bytes(plan.shape(step.value()));
            require(kept, maxBytes, "step " + Quoted.of(step.name()) + ", which makes " + plan.shape(step.value()));
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
            // Rounded up, so that the message never shows a number within the limit.
            throw new TooLargeException("up to " + what + ", its values need " + ((bytes + (1 << 20) - 1) >> 20)
                    + " MiB at the same time: at most " + (most >> 20)
                    + " MiB are allowed. Take a smaller input size, or allow more with MapperBuilder.maxNetworkBytes");
        }
    }
}
