package org.cam4j.explain.network;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Values;
import org.cam4j.explain.ExplainedImage;
import org.cam4j.explain.Target;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/**
 * A classifier that methods can explain. Thread-safe.
 *
 * <p>Engines for parts of the network start when a method first needs them and pack weights of their own; {@link #close} frees them. Images
 * of a closed network throw {@link IllegalStateException}.
 */
public final class ExplainedNetwork implements AutoCloseable {

    private final InferencePlan plan;
    private final Engine engine;
    private final EngineSettings settings;
    private final UnaryOperator<Target> logProbability;
    private final TokenPlaces tokens;
    private final Map<List<Integer>, CutNetwork> cuts = new HashMap<>();
    private AttentionNetwork attention;
    private boolean closed;

    /**
     * Makes a network ready for methods; starts nothing.
     *
     * @param plan takes one image; computes the target layer's activations as {@link InferencePlan#FEATURES} and the scores as
     *     {@link InferencePlan#LOGITS}. Not simplified yet, so that every layer can be found by its name
     * @param engine runs the plan, simplified or not, for these two outputs; closed by the caller
     * @param settings for the engines of parts of the network
     * @param logProbability makes the logarithm of a probability of a logit: of a softmax or sigmoid, as the network ends
     * @param tokens finds the cells that a transformer's tokens are
     */
    public ExplainedNetwork(
            InferencePlan plan,
            Engine engine,
            EngineSettings settings,
            UnaryOperator<Target> logProbability,
            TokenPlaces tokens) {
        this.plan = plan;
        this.engine = engine;
        this.settings = settings;
        this.logProbability = logProbability;
        this.tokens = tokens;
    }

    /**
     * Lists the layers that methods can be asked for.
     *
     * @return names and sizes, from the image to the scores; unmodifiable
     */
    public Map<String, Shape> layers() {
        return layers(value -> true);
    }

    /**
     * Lists some of the layers that methods can be asked for.
     *
     * @param isWanted whether one of the plan's values is listed
     * @return names and sizes, from the image to the scores; unmodifiable
     */
    public Map<String, Shape> layers(IntPredicate isWanted) {
        Map<String, Shape> layers = new LinkedHashMap<>();
        LayerValues.named(plan).forEach((name, value) -> {
            if (isWanted.test(value)) {
                layers.put(name, plan.shape(value));
            }
        });
        return Collections.unmodifiableMap(layers);
    }

    /**
     * Returns an image of this network.
     *
     * @param values the preprocessed image [height, width, channels]; not copied
     * @param progress hears of batches
     * @return the image as methods see it
     */
    public ExplainedImage image(float[] values, Progress progress) {
        if (values.length != plan.input().size()) {
            throw new IllegalArgumentException(
                    values.length + " numbers for an image of " + plan.input() + " (height, width, channels)");
        }
        return new NetworkImage(this, Batch.of(values, plan.input()), progress, Optional.empty());
    }

    /**
     * Returns an image of this network that has run already.
     *
     * @param image the preprocessed image, one
     * @param pass the outputs {@link InferencePlan#FEATURES} and {@link InferencePlan#LOGITS} of a run with it
     * @param index the image's index in that run
     * @param progress hears of batches
     * @return the image as methods see it
     */
    public ExplainedImage image(Batch image, Values pass, int index, Progress progress) {
        return new NetworkImage(this, image, progress, Optional.of(new NetworkImage.Pass(pass, index)));
    }

    /**
     * Returns the plan of the part of the network up to a layer.
     *
     * @param layer its name, as maps give it
     * @return a plan whose {@link InferencePlan#FEATURES} are the layer's activations; those of the first of several layers that are
     *     joined to one map
     */
    public InferencePlan upTo(String layer) {
        LayerValues target = LayerValues.find(plan, ExplainedImage.TARGET_LAYER);
        LayerValues found = layer.equals(target.name()) ? target : LayerValues.find(plan, layer);
        return plan.withOutputs(Map.of(InferencePlan.FEATURES, found.values().get(0)));
    }

    InferencePlan plan() {
        return plan;
    }

    Engine engine() {
        return engine;
    }

    Target logProbability(Target logit) {
        return logProbability.apply(logit);
    }

    /** Returns the network cut at a layer; the same one for all images. */
    CutNetwork cutAt(LayerValues layer) {
        synchronized (cuts) {
            if (closed) {
                throw new IllegalStateException("the network is closed");
            }
            return cuts.computeIfAbsent(layer.values(), values -> new CutNetwork(plan, layer, settings));
        }
    }

    /** Returns the network's attention; the same one for all images. */
    AttentionNetwork attention() {
        synchronized (cuts) {
            if (closed) {
                throw new IllegalStateException("the network is closed");
            }
            if (attention == null) {
                attention = new AttentionNetwork(plan, tokens, settings);
            }
            return attention;
        }
    }

    /** Frees the engines of parts of the network. */
    @Override
    public void close() {
        Collection<CutNetwork> open;
        AttentionNetwork running;
        synchronized (cuts) {
            closed = true;
            open = new ArrayList<>(cuts.values());
            running = attention;
        }
        open.forEach(CutNetwork::close);
        if (running != null) {
            running.close();
        }
    }
}
