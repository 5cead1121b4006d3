package org.cam4j.engine.onednn;

import org.cam4j.plan.Activate;
import org.cam4j.plan.Combine;
import org.cam4j.plan.Convolution;
import org.cam4j.plan.GlobalPooling;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Operation;
import org.cam4j.plan.Pad;
import org.cam4j.plan.Pooling;
import org.cam4j.plan.ScaleShift;
import org.cam4j.plan.Step;

/**
 * Whether running several images of a batch together pays: where the weights take longer to come from memory than to be used.
 *
 * <p>Measured on a Xeon with AVX-512, a batch of eight on two cores: 0.83 of the time for ResNet50 (94 MB of weights), 0.90 for VGG19
 * (80 MB, more when transformed), 1.02 for EfficientNetB0 (16 MB).
 */
final class Groups {

    /** Numbers of 4 bytes: many times what a core keeps near it. */
    private static final long HEAVY = 8_000_000;

    private Groups() {}

    static boolean pay(InferencePlan plan) {
        long weights = plan.steps().stream()
                .filter(step -> step.operation() instanceof Convolution)
                .mapToLong(step -> ((Convolution) step.operation()).weights().length())
                .sum();
        return weights >= HEAVY && areKnown(plan);
    }

    /** Whether a network has steps alone that are made for several images. */
    static boolean areKnown(InferencePlan plan) {
        return plan.steps().stream().allMatch(step -> isKnown(plan, step));
    }

    /** Joined channels lie together for one image alone; gates and others are in networks of few weights. */
    private static boolean isKnown(InferencePlan plan, Step step) {
        Operation operation = step.operation();
        if (operation instanceof Combine) {
            return step.inputs().stream().allMatch(input -> plan.shape(input).equals(plan.shape(step.value())));
        }
        return operation instanceof Convolution
                || operation instanceof Pooling
                || operation instanceof GlobalPooling
                || operation instanceof Activate
                || operation instanceof ScaleShift
                || operation instanceof Pad;
    }
}
