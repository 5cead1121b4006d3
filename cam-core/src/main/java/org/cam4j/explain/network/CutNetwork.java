package org.cam4j.explain.network;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.cam4j.engine.Batch;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Values;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.explain.ExplainedImage;
import org.cam4j.explain.LayerActivations;
import org.cam4j.explain.Target;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.Shape;

/** A network that is cut at a layer: the part up to the layer, the part behind it, and the way back. Engines start when needed. */
final class CutNetwork implements AutoCloseable {

    private final InferencePlan plan;
    private final LayerValues layer;
    private final EngineSettings settings;
    private final PlanBehind behind;
    private final LazyEngine upTo;
    private final LazyEngine scores;
    private final Map<Walk, WayBack> waysBack = new EnumMap<>(Walk.class);
    private boolean closed;

    /** A kind of way back. */
    enum Walk {
        /** The gradient. */
        DIFFERENTIATED,
        /** The way back with held gates, and its bias. */
        HELD,
        /** The gradient, and what the biases of each layer contribute. */
        WITH_BIASES;

        private Adjoint of(InferencePlan plan, int logits, List<Integer> layer) {
            return switch (this) {
                case DIFFERENTIATED -> Adjoint.of(plan, logits, layer, Gates.DIFFERENTIATED);
                case HELD -> Adjoint.of(plan, logits, layer, Gates.HELD);
                case WITH_BIASES -> Adjoint.withBiases(plan, logits, layer);
            };
        }
    }

    CutNetwork(InferencePlan plan, LayerValues layer, EngineSettings settings) {
        this.plan = plan;
        this.layer = layer;
        this.settings = settings;
        int logits = plan.output(InferencePlan.LOGITS);
        this.behind = PlanBehind.of(plan, layer.values(), Map.of(InferencePlan.LOGITS, logits));
        Map<String, Integer> wanted = new HashMap<>(behind.others());
        for (int i = 0; i < layer.values().size(); i++) {
            wanted.put(PlanBehind.input(i), layer.values().get(i));
        }
        this.upTo = new LazyEngine(plan.withOutputs(wanted), settings);
        this.scores = new LazyEngine(behind.plan(), settings);
    }

    LayerValues layer() {
        return layer;
    }

    /** Whether the part behind the layer reads nothing else of the network. */
    boolean isSelfContained() {
        return behind.others().isEmpty();
    }

    /** Runs the part up to the layer: the layer's values, and those of other branches, by the names of the part's inputs. */
    Map<String, Batch> upTo(Batch image) {
        Values values = upTo.runKeeping(List.of(imageInput(image)));
        Map<String, Batch> found = new HashMap<>();
        upTo.outputs().forEach(name -> found.put(name, values.batch(name)));
        return found;
    }

    private Map<String, Batch> imageInput(Batch image) {
        return Map.of(plan.inputs().keySet().iterator().next(), image);
    }

    /**
     * Runs the part behind the layer.
     *
     * @param inputs for each of a batch, the layer's values and those of other branches
     */
    List<float[]> scores(List<Map<String, Batch>> inputs) {
        return LazyEngine.split(scores.run(inputs), InferencePlan.LOGITS);
    }

    /** How many activations fit in one run of the part behind the layer. */
    long numbersOfScores() {
        return scores.numbers();
    }

    /** Returns the way back of a kind; made at the first call. */
    synchronized WayBack wayBack(Walk walk) {
        WayBack known = waysBack.get(walk);
        if (known != null) {
            return known;
        }
        WayBack made = new WayBack(walk);
        if (closed) {
            made.close();
        }
        waysBack.put(walk, made);
        return made;
    }

    @Override
    public synchronized void close() {
        closed = true;
        upTo.close();
        scores.close();
        waysBack.values().forEach(WayBack::close);
    }

    /**
     * The gradient by the layer: the part behind it once more, with the values that the walk back reads, and the walk back. Where the seed is
     * known, both are one plan.
     */
    final class WayBack implements AutoCloseable {

        private final PlanBehind kept;
        private final LazyEngine before;
        private final LazyEngine keeping;
        private final LazyEngine back;
        private final LazyEngine whole;

        private WayBack(Walk walk) {
            Adjoint adjoint = adjoint(walk);
            Map<String, Integer> wanted = new LinkedHashMap<>();
            wanted.put(InferencePlan.LOGITS, plan.output(InferencePlan.LOGITS));
            adjoint.kept().forEach(name -> wanted.put(name, adjoint.forward().output(name)));
            this.kept = PlanBehind.of(adjoint.forward(), layer.values(), wanted);
            Map<String, Integer> missing = new HashMap<>(kept.before());
            missing.putAll(kept.others());
            // They come with the layer; values have the same numbers in both plans.
            missing.keySet().removeAll(behind.others().keySet());
            this.before =
                    missing.isEmpty() ? null : new LazyEngine(adjoint.forward().withOutputs(missing), settings);
            this.keeping = new LazyEngine(kept.plan(), settings);
            this.back = new LazyEngine(adjoint.backward(), settings);
            this.whole = new LazyEngine(ChainedPlan.of(kept.plan(), adjoint.backward()), settings);
        }

        private Adjoint adjoint(Walk walk) {
            try {
                return walk.of(plan, plan.output(InferencePlan.LOGITS), layer.values());
            } catch (IllegalArgumentException e) {
                throw new UnsupportedModelException(
                        "there is no gradient by the layer '" + layer.name() + "': " + e.getMessage()
                                + ". Choose another layer, or a method without gradients, such as eigen-cam or score-cam.",
                        e);
            }
        }

        long numbers() {
            return keeping.numbers() + back.numbers();
        }

        /** Runs what the way back reads of the network before the layer besides {@link #upTo}; the same for all activations of an image. */
        Map<String, Batch> before(Batch image) {
            Map<String, Batch> found = new HashMap<>();
            if (before != null) {
                Values values = before.runKeeping(List.of(imageInput(image)));
                before.outputs().forEach(name -> found.put(name, values.batch(name)));
            }
            return found;
        }

        /**
         * Walks back from scores.
         *
         * @param inputs for each of a batch, the layer's values and what {@link #before} gives
         * @param seed the weight of each score
         * @return the gradients, and what else the walk gives
         */
        Values walk(List<Map<String, Batch>> inputs, float... seed) {
            return whole.run(seeded(inputs, i -> seed));
        }

        /** The same, with results that stay where they are; released by the caller. */
        Values walkKeeping(Map<String, Batch> inputs, float... seed) {
            return whole.runKeeping(seeded(List.of(inputs), i -> seed));
        }

        /** Walks back from one image's scores with held gates. */
        ExplainedImage.HeldGradient held(Map<String, Batch> inputs, float... seed) {
            Values found = walk(List.of(inputs), seed);
            return new ExplainedImage.HeldGradient(found.host(Adjoint.GRADIENT), found.host(Adjoint.BIAS)[0]);
        }

        /** Walks back from one image's scores, with the contributions of biases. */
        ExplainedImage.BiasTerms withBiases(Map<String, Batch> inputs, float... seed) {
            Values found = walk(List.of(inputs), seed);
            List<LayerActivations> terms = new ArrayList<>();
            double others = 0;
            for (String output : whole.outputs()) {
                Shape shape = found.shape(output);
                if (output.startsWith(Adjoint.BIAS_OF) && shape.rank() == 3) {
                    terms.add(new LayerActivations(
                            output.substring(Adjoint.BIAS_OF.length()),
                            shape.height(),
                            shape.width(),
                            shape.channels(),
                            found.host(output)));
                } else if (output.startsWith(Adjoint.BIAS_OF)) {
                    for (float number : found.host(output)) {
                        others += number;
                    }
                }
            }
            return new ExplainedImage.BiasTerms(found.host(Adjoint.GRADIENT), terms, others);
        }

        /** Walks back from scores to which the seeds belong. */
        List<float[]> gradients(List<Map<String, Batch>> inputs, Target target) {
            Values values = keeping.runKeeping(inputs);
            try {
                List<float[]> logits = LazyEngine.split(values, InferencePlan.LOGITS);
                List<Map<String, Batch>> all = seeded(inputs, i -> target.seed(logits.get(i)));
                for (String name : keeping.outputs()) {
                    List<Batch> each = LazyEngine.batches(values, name);
                    for (int i = 0; i < all.size(); i++) {
                        all.get(i).put(name, each.get(i));
                    }
                }
                return LazyEngine.split(back.run(all), Adjoint.GRADIENT);
            } finally {
                values.release();
            }
        }

        private static List<Map<String, Batch>> seeded(List<Map<String, Batch>> inputs, IntFunction<float[]> seed) {
            List<Map<String, Batch>> all = new ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
                Map<String, Batch> one = new HashMap<>(inputs.get(i));
                one.put(Adjoint.SEED, LazyEngine.single(seed.apply(i)));
                all.add(one);
            }
            return all;
        }

        @Override
        public void close() {
            if (before != null) {
                before.close();
            }
            keeping.close();
            back.close();
            whole.close();
        }
    }
}
