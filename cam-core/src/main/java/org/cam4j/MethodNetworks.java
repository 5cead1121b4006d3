package org.cam4j;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Precision;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.explain.RawMap;
import org.cam4j.explain.Target;
import org.cam4j.explain.network.ExplainedNetwork;
import org.cam4j.explain.network.TokenPlaces;
import org.cam4j.image.MapPlacement;
import org.cam4j.image.ReceptiveFields;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/** A mapper's network as methods see it, for each size of images. Thread-safe. */
final class MethodNetworks implements AutoCloseable {

    private final Engine engine;
    private final EngineSettings settings;
    private final ScoreFunction scores;
    private final Shape usual;
    /** The plan for images of a size, not simplified; empty if DL4J's layers run the network. */
    private final Function<Shape, Optional<InferencePlan>> plans;

    private final Map<Shape, ExplainedNetwork> networks = new HashMap<>();
    private boolean closed;

    /**
     * Starts nothing.
     *
     * @param engine runs the plans of all sizes
     * @param settings of engines for parts of the network, which compute in single precision
     * @param usual the size of the network's images
     */
    MethodNetworks(
            Engine engine,
            EngineSettings settings,
            ScoreFunction scores,
            Shape usual,
            Function<Shape, Optional<InferencePlan>> plans) {
        this.engine = engine;
        this.settings = settings.withPrecision(Precision.FLOAT32);
        this.scores = scores;
        this.usual = usual;
        this.plans = plans;
    }

    /**
     * Returns the network for images of a size.
     *
     * @throws UnsupportedModelException if DL4J's layers run the network
     */
    synchronized ExplainedNetwork of(Shape image) {
        if (closed) {
            throw new IllegalStateException("the mapper is closed: build a new one");
        }
        return networks.computeIfAbsent(
                image,
                size -> new ExplainedNetwork(
                        plans.apply(size)
                                .orElseThrow(
                                        () -> new UnsupportedModelException(
                                                "DL4J's own layers run the network (" + engine.name()
                                                        + "), and methods other than cam need a plan of it. Take cam, the default.")),
                        engine,
                        settings,
                        this::logProbability,
                        MethodNetworks::cells));
    }

    private static Optional<TokenPlaces.Grid> cells(InferencePlan plan) {
        return ReceptiveFields.weighedTokens(plan)
                .map(grid -> new TokenPlaces.Grid(grid.rows(), grid.columns(), grid.prefix()));
    }

    private Target logProbability(Target logit) {
        int classIndex = logit.classIndex();
        return switch (scores) {
            case SOFTMAX -> Target.logSoftmax(classIndex);
            case SIGMOID -> Target.logSigmoid(Target.logit(classIndex));
            case IDENTITY -> Target.logOutput(classIndex);
        };
    }

    /** Returns the function from the network's logits to probabilities. */
    ScoreFunction scores() {
        return scores;
    }

    /**
     * Lists the layers of images of the usual size, with their sizes; empty if DL4J's layers run the network. Where the network has layers
     * whose cells lie in the image, these alone: the insides of attention have rows and columns, but no places.
     */
    Map<String, Shape> layers() {
        return plans.apply(usual)
                .map(plan -> {
                    Map<String, Shape> placed = of(usual).layers(ReceptiveFields.maps(plan)::contains);
                    return placed.isEmpty() ? of(usual).layers() : placed;
                })
                .orElse(Map.of());
    }

    /** Returns where a map's cells lie in images of a size. */
    MapPlacement placement(Shape image, RawMap map) {
        return map.layer().equals(RawMap.IMAGE)
                ? MapPlacement.whole(image.height(), image.width())
                : ReceptiveFields.placement(of(image).upTo(map.layer()));
    }

    @Override
    public synchronized void close() {
        closed = true;
        networks.values().forEach(ExplainedNetwork::close);
    }
}
