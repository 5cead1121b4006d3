package org.cam4j;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.engine.EngineSettings;

/** Where a mapper's network comes from: a graph, or a file that was prepared from one. */
interface ModelSource {

    /** The file's name, or what else the model is called. */
    String name();

    /** The SHA-256 of the Keras file that it comes from. */
    Optional<String> sha256();

    /** What the model's surroundings say about photos and labels. */
    ModelSettings settings();

    /** The names of the network's outputs. */
    List<String> outputs();

    /** Rows of the input; empty if the model leaves them open. */
    OptionalInt inputHeight();

    /** Columns of the input; empty if the model leaves them open. */
    OptionalInt inputWidth();

    /**
     * Keeps the network's graph when its plan is made.
     *
     * @throws IllegalStateException if there is none, or it has been released
     */
    void keepGraph();

    /**
     * Finds the classifier in the network, as often as it is asked for.
     *
     * @param output the place of the output that is explained; empty if there is one only
     * @param height rows of the images
     * @param width columns of the images
     * @throws org.cam4j.exception.UnsupportedModelException if a class activation map of it does not exist
     * @throws IllegalArgumentException if the network takes images of another size
     */
    Found find(Optional<Integer> output, int height, int width);

    /** A network whose head is known, not yet running. */
    interface Found {

        /** Outputs of the head. */
        int classes();

        /** Channels of an image. */
        int inputChannels();

        /** The name of the layer that holds the classes' weights. */
        String head();

        /** How logits become probabilities. */
        ScoreFunction scoreFunction();

        /** Starts the engine. */
        Network start(EngineSettings settings);
    }
}
