package org.cam4j;

import java.util.Optional;
import java.util.function.BiFunction;
import org.cam4j.classifier.Classifier;
import org.cam4j.classifier.IdentityCheck;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.Values;
import org.cam4j.exception.PhotoException;
import org.cam4j.image.MapPlacement;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A running network.
 *
 * @param engine runs the network
 * @param summary the network's parts
 * @param sizeIsOpen true if the network takes images of any size
 * @param head what makes maps of the activations
 * @param methods the network as methods other than the default see it
 * @param placements where the maps lie in the images
 * @param plan the plan that the engine runs; empty if DL4J's own layers run the network
 * @param graph the DL4J graph of the network; empty if the graph was released or never existed
 */
record Network(
        Engine engine,
        ModelSummary summary,
        boolean sizeIsOpen,
        Head head,
        MethodNetworks methods,
        Placements placements,
        Optional<InferencePlan> plan,
        Optional<ComputationGraph> graph) {

    Activations run(Batch images) {
        return head.activations(values(images), images.shape());
    }

    /** Runs images; gives what the head and methods read. */
    Values values(Batch images) {
        return engine.run(images, head.outputs());
    }

    void close() {
        methods.close();
        engine.close();
        head.close();
    }

    /** Returns where the maps of images of the usual size lie. */
    MapPlacement usualPlacement() {
        return placements.of(summary.inputHeight(), summary.inputWidth());
    }

    /**
     * Creates a network after a check that its maps add up to its scores.
     *
     * @param engine runs the classifier's plan; closed if the check fails
     * @param head of the classifier; closed if the check fails
     * @param network made of the engine and the function from its logits to probabilities
     */
    static Network checked(
            Engine engine, Head head, Classifier classifier, BiFunction<Engine, ScoreFunction, Network> network) {
        try {
            Shape image = classifier.plan().input();
            float[] logits = IdentityCheck.require(
                    engine,
                    head.outputs(),
                    classifier,
                    head.isLinear() ? Optional.empty() : Optional.of(head.wayBack(image)));
            return network.apply(engine, ScoreFunction.of(classifier, logits));
        } catch (RuntimeException | Error e) {
            engine.close();
            head.close();
            throw e;
        }
    }

    /** The refusal of numbers that are infinite or NaN. */
    static PhotoException notFinite(String found) {
        return new PhotoException(found
                + "; expected finite numbers. Look for NaN or huge numbers among the model's weights, and check that the"
                + " preprocessing is the one that it was trained with.");
    }

    /** The placements of maps, by the size of the image. */
    @FunctionalInterface
    interface Placements {

        /** The placement of the maps of an image of that size. */
        MapPlacement of(int height, int width);
    }
}
