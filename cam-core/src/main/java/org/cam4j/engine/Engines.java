package org.cam4j.engine;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Picks the engine that runs a network. */
public final class Engines {

    private Engines() {}

    /**
     * An engine for a classifier's graph.
     *
     * @param graph gives two outputs, the last convolution's activations and the logits; the engine owns it from now on and
     *     frees it
     * @param inputFormat the layout in which the graph takes images
     * @param featureFormat the layout in which it gives activations
     * @param weights the head's weights [k, classes], float; not modified
     * @return a running engine
     */
    public static Engine of(
            ComputationGraph graph, CNN2DFormat inputFormat, CNN2DFormat featureFormat, INDArray weights) {
        return new Dl4jEngine(graph, inputFormat, featureFormat, weights);
    }
}
