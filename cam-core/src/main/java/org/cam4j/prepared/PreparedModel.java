package org.cam4j.prepared;

import java.util.List;
import java.util.Optional;
import org.cam4j.classifier.LinearHead;
import org.cam4j.engine.Packing;
import org.cam4j.image.ImagePreparation;
import org.cam4j.plan.InferencePlan;

/**
 * A model that is ready to run.
 *
 * @param description the model's origin and parts
 * @param preparation how photos are prepared; empty if no preprocessing is set
 * @param labels the classes' names, in the order of the outputs
 * @param plan the network
 * @param head the weights from the pooled features to the classes; empty if the head is not linear
 * @param packing the weights as an engine packed them; empty if the engine does not pack weights
 * @param isLean true if the file holds no plain weights, only packed ones
 */
public record PreparedModel(
        ModelDescription description,
        Optional<ImagePreparation> preparation,
        List<String> labels,
        InferencePlan plan,
        Optional<LinearHead> head,
        Optional<Packing> packing,
        boolean isLean) {

    /** Checks that the parts belong together. */
    public PreparedModel {
        labels = List.copyOf(labels);
        int features = plan.shape(plan.output(InferencePlan.FEATURES)).channels();
        int logits = plan.shape(plan.output(InferencePlan.LOGITS)).size();
        head.ifPresent(linear -> check(linear, features, logits));
        if (plan.inputs().size() != 1 || !plan.input().isImage()) {
            throw new IllegalArgumentException("the network reads " + plan.inputs() + ": expected one image");
        }
        if (labels.size() != logits) {
            throw new IllegalArgumentException(labels.size() + " labels for " + logits + " classes");
        }
        preparation.ifPresent(prepare -> {
            if (prepare.height() != plan.input().height()
                    || prepare.width() != plan.input().width()
                    || prepare.channels() != plan.input().channels()) {
                throw new IllegalArgumentException(
                        "photos are prepared as " + prepare + " for a network of " + plan.input());
            }
        });
        if (isLean && packing.isEmpty()) {
            throw new IllegalArgumentException("a lean model holds packed weights, and there are none");
        }
    }

    private static void check(LinearHead head, int features, int logits) {
        if (head.channels() != features || logits != head.classes()) {
            throw new IllegalArgumentException("the head joins " + head.channels() + " features to " + head.classes()
                    + " classes, the network has " + features + " and " + logits);
        }
        for (float[] numbers : List.of(head.weights(), head.bias())) {
            for (float number : numbers) {
                if (!Float.isFinite(number)) {
                    throw new IllegalArgumentException(
                            "the head has the weight " + number + ": expected finite numbers");
                }
            }
        }
    }

    /**
     * Returns the number of classes.
     *
     * @return as many as the plan has logits
     */
    public int classes() {
        return plan.shape(plan.output(InferencePlan.LOGITS)).size();
    }
}
