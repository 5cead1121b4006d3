package org.cam4j;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.engine.EngineSettings;

/** The source of a mapper's network: a DL4J graph, a plan or a prepared model. */
interface ModelSource {

    /** The file's name, or a name for a model without a file. */
    String name();

    /** The SHA-256 of the Keras file; empty for a model without one. */
    Optional<String> sha256();

    /** The preparation of photos and the labels that come with the model. */
    ModelSettings settings();

    /** The names of the network's outputs. */
    List<String> outputs();

    /** Rows of the input; empty if the model leaves them open. */
    OptionalInt inputHeight();

    /** Columns of the input; empty if the model leaves them open. */
    OptionalInt inputWidth();

    /**
     * Keeps the network's graph when its plan is built.
     *
     * @throws IllegalStateException if the source has no graph, or has released it
     */
    void keepGraph();

    /**
     * Finds the classifier in the network; may be called several times.
     *
     * @param output the index of the output to explain; empty if the network has one output
     * @param layer the name of the target layer; empty for the last layer with cells
     * @param height rows of the images
     * @param width columns of the images
     * @throws org.cam4j.exception.UnsupportedModelException if the output has no class activation map
     * @throws IllegalArgumentException if the network takes images of another size
     */
    Found find(Optional<Integer> output, Optional<String> layer, int height, int width);

    /** A network whose head is known; not running yet. */
    interface Found {

        /** Outputs of the head. */
        int classes();

        /** Whether the network itself has one score for two classes. */
        boolean isBinary();

        /** Channels of an image. */
        int inputChannels();

        /** The name of the layer that holds the classes' weights. */
        String head();

        /** Starts the engine. */
        Network start(EngineSettings settings);
    }
}
