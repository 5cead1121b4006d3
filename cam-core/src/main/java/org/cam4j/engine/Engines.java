package org.cam4j.engine;

import java.util.Optional;
import org.cam4j.engine.onednn.OneDnnEngine;
import org.cam4j.plan.InferencePlan;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Picks the engine that runs a network. */
public final class Engines {

    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

    private Engines() {}

    /**
     * The fastest engine that runs a plan here.
     *
     * @param plan what to run
     * @param settings what the application wants
     * @return a running engine; empty, with the reason in the log, if only the graph itself can be run
     */
    public static Optional<Engine> of(InferencePlan plan, EngineSettings settings) {
        if (settings.kind() == EngineSettings.Kind.FASTEST) {
            try {
                return Optional.of(OneDnnEngine.start(plan, settings.threads()));
            } catch (EngineUnavailableException e) {
                LOG.info("oneDNN does not run the network: {}", e.getMessage());
            }
        }
        return Optional.empty();
    }

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
