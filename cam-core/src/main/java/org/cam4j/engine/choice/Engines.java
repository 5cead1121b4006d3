package org.cam4j.engine.choice;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.cam4j.dl4j.engine.Backend;
import org.cam4j.dl4j.engine.Dl4jEngine;
import org.cam4j.dl4j.engine.Nd4jEngine;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Packing;
import org.cam4j.engine.Values;
import org.cam4j.engine.onednn.OneDnnEngine;
import org.cam4j.exception.BackendException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanLimits;
import org.cam4j.plan.operation.TooLargeException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Picks the engine that runs a network. */
public final class Engines {

    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

    private Engines() {}

    /**
     * The fastest engine that runs a plan here: ND4J on a GPU, otherwise oneDNN, or else ND4J on the CPU with the reason in a log
     * line and in {@link Engine#name()}.
     *
     * @param plan what to run
     * @param settings what the application wants
     * @return a running engine
     */
    public static Engine of(InferencePlan plan, EngineSettings settings) {
        return of(plan, settings, Optional.empty());
    }

    /**
     * The fastest engine that runs a plan here, with weights that were packed before where they fit.
     *
     * @param plan what to run
     * @param settings what the application wants
     * @param packing what {@link Engine#showPacking} gave; its memory must stay for as long as the engine runs
     * @return a running engine
     * @throws UnsupportedModelException if the plan is beyond {@link PlanLimits}, before anything is allocated
     */
    public static Engine of(InferencePlan plan, EngineSettings settings, Optional<Packing> packing) {
        try {
            PlanLimits.check(plan, settings.maxBytes());
        } catch (TooLargeException e) {
            throw new UnsupportedModelException("the network is too large: " + e.getMessage() + ".", e);
        }
        if (settings.kind() == EngineSettings.Kind.ND4J
                || (packing.isEmpty() && Backend.here().isGpu())) {
            return new Nd4jEngine(plan);
        }
        return firstOrNd4j(plan, () -> OneDnnEngine.start(plan, settings.threads(), packing));
    }

    /** Starts oneDNN. */
    @FunctionalInterface
    interface FirstChoice {
        Engine start() throws EngineUnavailableException;
    }

    static Engine firstOrNd4j(InferencePlan plan, FirstChoice first) {
        try {
            return first.start();
        } catch (EngineUnavailableException e) {
            return new SecondChoice(instead(plan, e.getMessage()), "oneDNN: " + e.getMessage());
        }
    }

    /** ND4J, which an application of prepared models may have left out. */
    private static Engine instead(InferencePlan plan, String reason) {
        try {
            return new Nd4jEngine(plan);
        } catch (LinkageError e) {
            throw new BackendException(
                    "nothing here can run the network: " + reason + ", and ND4J is not on the classpath either. Add the"
                            + " natives of dnnl, opencl and javacpp for this platform, or org.nd4j:nd4j-native. ("
                            + e + ")",
                    e);
        }
    }

    /**
     * What packed weights must say to be used here.
     *
     * @param settings what the application wants
     * @return as in {@link Packing#fits()}, or why none are used
     */
    public static String fit(EngineSettings settings) {
        if (settings.kind() == EngineSettings.Kind.ND4J) {
            return "ND4J, which packs none";
        }
        try {
            return OneDnnEngine.fit();
        } catch (EngineUnavailableException e) {
            return "no oneDNN: " + e.getMessage();
        }
    }

    /**
     * An engine for a classifier's graph that has no plan: DL4J's layers, slow but complete.
     *
     * @param graph its outputs are the last convolution's activations, which may come in several parts along the channels, and then
     *     the logits; the engine owns it from now on and frees it
     * @param format the layout of images and activations in the graph
     * @param objection why there is no plan, for the log and {@link Engine#name()}
     * @return a running engine
     */
    public static Engine of(ComputationGraph graph, CNN2DFormat format, String objection) {
        return new SecondChoice(new Dl4jEngine(graph, format), "no plan: " + objection);
    }

    /** An engine that is slower than the one that was wished for, and says why. */
    private record SecondChoice(Engine engine, String reason) implements Engine {

        private SecondChoice {
            LOG.warn("The network runs on {}, which is slow on a CPU. {}", engine.name(), reason);
        }

        @Override
        public String name() {
            return engine.name() + " (" + reason + ")";
        }

        @Override
        public Values run(Batch images, Set<String> wanted) {
            return engine.run(images, wanted);
        }

        @Override
        public void showPacking(Consumer<Optional<Packing>> reader) {
            engine.showPacking(reader);
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}
