package org.cam4j.engine.onednn;

import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.ScaleShift;

/**
 * Decides how many images of a batch one core runs together, so that weights are read from memory once for all of them.
 *
 * <p>Measured on a Xeon with AVX-512, a batch of eight on two cores: 0.80 of the time for ResNet50 (94 MB of weights) and 0.84 for VGG19
 * (80 MB, more when transformed) with four together, 1.0 with eight; 0.94 for EfficientNet-Lite0 (18 MB) and MobileNetV2 (9 MB) with two,
 * where more are no better: their activations, which are larger than their weights, leave the core's cache. With AVX2, for which
 * arithmetic takes longer than memory, 0.96 to 1.05, so that it is left.
 */
final class MicroBatch {

    private static final int OF_HEAVY = 4;
    private static final int OF_LIGHT = 2;

    /** Numbers of 4 bytes: many times a core's own cache. */
    private static final long HEAVY = 8_000_000;

    private MicroBatch() {}

    /**
     * Returns the number of images that one core runs together.
     *
     * @param plan the network
     * @param hasWinograd whether some of it is computed by Winograd's algorithm, for which oneDNN has other code for several images
     * @return 1 if larger groups are no faster
     */
    static int size(InferencePlan plan, boolean hasWinograd) {
        if (!Layouts.hasBlocks() || !areKnown(plan)) {
            return 1;
        }
        long weights = plan.steps().stream()
                .mapToLong(step -> weights(step.operation()))
                .sum();
        if (weights >= HEAVY) {
            return OF_HEAVY;
        }
        return hasWinograd ? 1 : OF_LIGHT;
    }

    private static long weights(Operation operation) {
        if (operation instanceof Convolution convolution) {
            return convolution.weights().length();
        }
        return operation instanceof Dense dense ? dense.weights().length() : 0;
    }

    /** Whether all steps of a network support several images. */
    static boolean areKnown(InferencePlan plan) {
        return plan.steps().stream().allMatch(step -> isKnown(plan, step));
    }

    /** Excludes concatenated channels, contiguous for one image only, and operations of networks with few weights, such as gates. */
    private static boolean isKnown(InferencePlan plan, Step step) {
        Operation operation = step.operation();
        if (operation instanceof Elementwise) {
            return step.inputs().stream().allMatch(input -> plan.shape(input).equals(plan.shape(step.value())));
        }
        return operation instanceof Convolution
                || operation instanceof Dense
                || operation instanceof Pooling
                || operation instanceof GlobalPooling
                || operation instanceof Activate
                || operation instanceof ScaleShift
                || operation instanceof Pad
                || operation instanceof Reshape;
    }
}
