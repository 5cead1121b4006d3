package org.cam4j;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.cam4j.classifier.Classifier;
import org.cam4j.classifier.IdentityCheck;
import org.cam4j.classifier.LinearHead;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.exception.PhotoException;
import org.cam4j.image.MapPlacement;
import org.cam4j.plan.InferencePlan;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A running network.
 *
 * @param engine runs it
 * @param summary what was found in it
 * @param sizeIsOpen whether it takes images of any size
 * @param head joins the pooled features to the classes
 * @param placements where its maps lie in its images
 * @param plan what the engine runs; empty where DL4J's own layers run
 * @param graph the graph that it comes from; empty if it was released, or there never was one
 */
record Network(
        Engine engine,
        ModelSummary summary,
        boolean sizeIsOpen,
        LinearHead head,
        Placements placements,
        Optional<InferencePlan> plan,
        Optional<ComputationGraph> graph) {

    /** What is asked of the engine. */
    static final Set<String> OUTPUTS = Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS);

    Activations run(Batch images) {
        return Activations.of(engine.run(images, OUTPUTS), head);
    }

    /** Where the maps of images of the usual size lie. */
    MapPlacement usualPlacement() {
        return placements.of(summary.inputHeight(), summary.inputWidth());
    }

    /**
     * A network whose maps were found to add up to its scores.
     *
     * @param engine runs the classifier's plan; closed if they do not
     */
    static Network checked(Engine engine, Classifier classifier, Function<Engine, Network> network) {
        try {
            IdentityCheck.require(engine, classifier);
            return network.apply(engine);
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    /** The refusal of numbers that no map can be made of. */
    static PhotoException notFinite(String found) {
        return new PhotoException(found
                + "; expected finite numbers. Look for NaN or huge numbers among the model's weights, and check that the"
                + " preprocessing is the one that it was trained with.");
    }

    /** Where maps lie, by the size of the image. */
    @FunctionalInterface
    interface Placements {

        /** The placement of the maps of an image of that size. */
        MapPlacement of(int height, int width);
    }
}
