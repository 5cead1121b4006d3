package org.cam4j.prepared;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.image.ImagePreparation;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.LinearHead;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Shape;

/** A prepared model as it stands in the file, with places where the large arrays are. */
record Manifest(
        ModelDescription description,
        Optional<ImagePreparation> preparation,
        List<String> labels,
        Shape input,
        List<Step> steps,
        int features,
        int logits,
        LinearHead head,
        Optional<PackedWeights> packing,
        boolean isLean) {

    /**
     * The packed weights.
     *
     * @param fits where they can be used
     * @param winograd values that Winograd's algorithm makes
     * @param blocks where they are
     */
    record PackedWeights(String fits, List<Integer> winograd, List<PackedBlock> blocks) {}

    /**
     * One convolution's weights in one layout.
     *
     * @param value the value that the convolution makes
     * @param layout the engine's description
     * @param offset bytes from the section's beginning
     * @param length bytes
     */
    record PackedBlock(int value, byte[] layout, long offset, int length) {}

    InferencePlan plan() {
        return new InferencePlan(
                Map.of(InferencePlan.IMAGE, input),
                steps,
                Map.of(InferencePlan.FEATURES, features, InferencePlan.LOGITS, logits));
    }
}
