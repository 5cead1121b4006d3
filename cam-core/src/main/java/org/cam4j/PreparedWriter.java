package org.cam4j;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cam4j.classifier.StoredWayBack;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.ImagePreparation;
import org.cam4j.plan.Dependencies;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.prepared.ModelDescription;
import org.cam4j.prepared.PreparedFile;
import org.cam4j.prepared.PreparedModel;

/**
 * Writes a running network to a prepared model's file.
 *
 * @param network the network to write
 * @param scoreFunction how the logits become probabilities
 * @param modelSha256 the hash of the network's Keras file
 * @param preparation how photos are prepared
 * @param labels the classes' names
 */
record PreparedWriter(
        Network network,
        ScoreFunction scoreFunction,
        Optional<String> modelSha256,
        Optional<ImagePreparation> preparation,
        Labels labels) {

    /**
     * Writes the file, whole or not at all.
     *
     * @param lean true to leave out the plain weights
     * @throws UnsupportedModelException if the network has no plan, or {@code lean} is true and the engine has no packed weights
     */
    void write(Path file, boolean lean) {
        InferencePlan plan = network.plan()
                .orElseThrow(() -> new UnsupportedModelException("'" + model() + "' cannot be prepared: it runs on "
                        + network.engine().name()
                        + ", and only what has a plan can be saved as one. Use the Keras file."));
        if (!network.head().isLinear()) {
            if (lean) {
                throw new UnsupportedModelException("'" + model() + "' cannot be prepared lean: its head is not linear,"
                        + " and the way back through it reads the plain weights. Prepare it with them.");
            }
            // Throws here if the file would not be read.
            StoredWayBack.of(plan);
        }
        network.engine().showPacking(packing -> {
            if (lean && packing.filter(packed -> !packed.blocks().isEmpty()).isEmpty()) {
                throw new UnsupportedModelException("'" + model() + "' cannot be prepared lean: it runs on "
                        + network.engine().name() + ", which packs no weights. Prepare it with the plain weights.");
            }
            PreparedFile.write(
                    file,
                    new PreparedModel(
                            description(),
                            preparation,
                            labels.names(),
                            withNamedTarget(plan),
                            network.head().linear(),
                            packing,
                            lean));
        });
    }

    /**
     * Gives the step that computes the target layer its name, under which methods and users ask for it: folding leaves the name of the
     * first of the layers that became one step.
     */
    private InferencePlan withNamedTarget(InferencePlan plan) {
        List<Integer> maps = Dependencies.featureMaps(plan);
        String target = network.summary().features();
        if (maps.size() > 1
                || plan.steps().stream().anyMatch(step -> step.name().equals(target))) {
            return plan;
        }
        return new InferencePlan(
                plan.inputs(),
                plan.steps().stream()
                        .map(step -> maps.contains(step.value())
                                ? new Step(step.value(), target, step.operation(), step.inputs())
                                : step)
                        .toList(),
                plan.outputs());
    }

    private String model() {
        return network.summary().model();
    }

    private ModelDescription description() {
        ModelSummary summary = network.summary();
        return new ModelDescription(
                summary.model(),
                modelSha256,
                Version.TEXT,
                summary.lastConvolution(),
                summary.features(),
                summary.pooling(),
                summary.head(),
                PreparedWords.of(summary.activation()),
                PreparedWords.of(scoreFunction),
                summary.parameters(),
                summary.notes());
    }
}
