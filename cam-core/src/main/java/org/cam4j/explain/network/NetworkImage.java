package org.cam4j.explain.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Values;
import org.cam4j.explain.Attention;
import org.cam4j.explain.ExplainedImage;
import org.cam4j.explain.LayerActivations;
import org.cam4j.explain.Target;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/** An image in a network. Thread-safe; keeps the activations of layers that were asked for. */
final class NetworkImage implements ExplainedImage {

    /** A run of many images is cut into runs of about so many numbers, 64 MB. */
    private static final long NUMBERS_AT_ONCE = 1L << 24;

    private static final int MOST_AT_ONCE = 32;

    private final ExplainedNetwork network;
    private final float[] values;
    private final Progress progress;
    private final Map<CutNetwork, Map<String, float[]>> upToLayers = new ConcurrentHashMap<>();
    private final Map<CutNetwork.WayBack, Map<String, float[]>> beforeLayers = new ConcurrentHashMap<>();
    private Optional<Pass> pass;
    private AttentionNetwork.Run attention;

    /** What a forward pass of the image gave: the target layer's activations and the scores. */
    record Pass(float[] features, float[] logits) {}

    NetworkImage(ExplainedNetwork network, float[] values, Progress progress, Optional<Pass> pass) {
        if (values.length != network.plan().input().size()) {
            throw new IllegalArgumentException(values.length + " numbers for an image of "
                    + network.plan().input() + " (height, width, channels)");
        }
        this.network = network;
        this.values = values;
        this.progress = progress;
        this.pass = pass;
    }

    @Override
    public Shape shape() {
        return network.plan().input();
    }

    @Override
    public float[] values() {
        return values;
    }

    @Override
    public float[] logits() {
        return pass().logits();
    }

    private synchronized Pass pass() {
        if (pass.isEmpty()) {
            Values found = run(List.of(values), Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS));
            pass = Optional.of(new Pass(found.host(InferencePlan.FEATURES), found.host(InferencePlan.LOGITS)));
        }
        return pass.get();
    }

    private Values run(List<float[]> images, Set<String> wanted) {
        float[] batch = new float[Math.multiplyExact(images.size(), values.length)];
        for (int i = 0; i < images.size(); i++) {
            System.arraycopy(images.get(i), 0, batch, i * values.length, values.length);
        }
        String input = network.plan().inputs().keySet().iterator().next();
        return network.engine().run(Map.of(input, Batch.of(batch, shape())), wanted);
    }

    @Override
    public Target logProbability(Target logit) {
        return network.logProbability(logit);
    }

    @Override
    public ExplainedImage with(float[] others) {
        return network.image(others, progress);
    }

    @Override
    public LayerActivations activations(String layer) {
        CutNetwork cut = cutAt(layer);
        LayerValues found = cut.layer();
        return new LayerActivations(
                found.name(), found.height(), found.width(), found.channels(), found.joined(layerValues(cut)));
    }

    private CutNetwork cutAt(String layer) {
        return network.cutAt(LayerValues.find(network.plan(), layer));
    }

    private List<float[]> layerValues(CutNetwork cut) {
        Map<String, float[]> numbers = upTo(cut);
        List<float[]> parts = new ArrayList<>();
        for (int i = 0; i < cut.layer().values().size(); i++) {
            parts.add(numbers.get(PlanBehind.input(i)));
        }
        return parts;
    }

    /** Returns the layer's values and those of other branches, which the part behind the layer reads. */
    private Map<String, float[]> upTo(CutNetwork cut) {
        return upToLayers.computeIfAbsent(cut, missing -> {
            boolean isTarget = cut.layer().equals(LayerValues.find(network.plan(), TARGET_LAYER));
            return isTarget && cut.isSelfContained() ? inputs(cut, pass().features(), Map.of()) : cut.upTo(values);
        });
    }

    private static Map<String, float[]> inputs(CutNetwork cut, float[] activations, Map<String, float[]> others) {
        Map<String, float[]> inputs = new HashMap<>(others);
        List<float[]> parts = cut.layer().parts(activations);
        for (int i = 0; i < parts.size(); i++) {
            inputs.put(PlanBehind.input(i), parts.get(i));
        }
        return inputs;
    }

    @Override
    public float[] gradient(String layer, float[] seed) {
        return kept(layer, CutNetwork.Walk.DIFFERENTIATED)
                .gradients(List.of(seed))
                .get(0);
    }

    @Override
    public HeldGradient heldGradient(String layer, float[] seed) {
        return kept(layer, CutNetwork.Walk.HELD).held(seed);
    }

    @Override
    public BiasTerms biasTerms(float[] seed) {
        CutNetwork cut = network.cutAt(LayerValues.image(network.plan()));
        return cut.wayBack(CutNetwork.Walk.WITH_BIASES)
                .keep(List.of(inputs(cut, values, Map.of())))
                .withBiases(seed);
    }

    private CutNetwork.WayBack.Kept kept(String layer, CutNetwork.Walk walk) {
        CutNetwork cut = cutAt(layer);
        Map<String, float[]> inputs = new HashMap<>(before(cut.wayBack(walk)));
        inputs.putAll(upTo(cut));
        return cut.wayBack(walk).keep(List.of(inputs));
    }

    private Map<String, float[]> before(CutNetwork.WayBack wayBack) {
        return beforeLayers.computeIfAbsent(wayBack, missing -> missing.before(values));
    }

    @Override
    public Attention attention() {
        return attentionRun().attention();
    }

    @Override
    public List<float[]> attentionGradients(Target target) {
        return attentionRun().gradients(target);
    }

    private synchronized AttentionNetwork.Run attentionRun() {
        if (attention == null) {
            attention = network.attention().run(values);
        }
        return attention;
    }

    @Override
    public float[][] gradientsFrom(String layer, int count, IntFunction<float[]> activations, float[] seed) {
        CutNetwork cut = cutAt(layer);
        CutNetwork.WayBack wayBack = cut.wayBack(CutNetwork.Walk.DIFFERENTIATED);
        Map<String, float[]> before = before(wayBack);
        Map<String, float[]> upTo = upTo(cut);
        return inBatches(count, activations, wayBack.numbers(), batch -> {
            List<Map<String, float[]>> inputs = new ArrayList<>();
            for (float[] one : batch) {
                Map<String, float[]> all = inputs(cut, one, upTo);
                all.putAll(before);
                inputs.add(all);
            }
            return wayBack.keep(inputs)
                    .gradients(batch.stream().map(one -> seed).toList());
        });
    }

    @Override
    public float[][] imageGradients(int count, IntFunction<float[]> image, Target target) {
        CutNetwork cut = network.cutAt(LayerValues.image(network.plan()));
        CutNetwork.WayBack wayBack = cut.wayBack(CutNetwork.Walk.DIFFERENTIATED);
        return inBatches(count, image, wayBack.numbers(), batch -> {
            CutNetwork.WayBack.Kept kept = wayBack.keep(
                    batch.stream().map(one -> inputs(cut, one, Map.of())).toList());
            return kept.gradients(kept.logits().stream().map(target::seed).toList());
        });
    }

    @Override
    public float[][] logits(int count, IntFunction<float[]> image) {
        return inBatches(
                count,
                image,
                values.length,
                batch -> LazyEngine.split(run(batch, Set.of(InferencePlan.LOGITS)), InferencePlan.LOGITS));
    }

    @Override
    public float[][] logitsFrom(String layer, int count, IntFunction<float[]> activations) {
        CutNetwork cut = cutAt(layer);
        Map<String, float[]> upTo = upTo(cut);
        return inBatches(
                count,
                activations,
                cut.numbersOfScores(),
                batch -> cut.scores(
                        batch.stream().map(one -> inputs(cut, one, upTo)).toList()));
    }

    /**
     * Runs many arrays in batches.
     *
     * @param numbers of one array's run, which say how many arrays are a batch
     * @throws CancellationException if the thread is interrupted, before the next batch; the thread stays interrupted
     */
    private float[][] inBatches(
            int count, IntFunction<float[]> input, long numbers, Function<List<float[]>, List<float[]>> run) {
        int atOnce = (int) Math.min(MOST_AT_ONCE, Math.max(1, NUMBERS_AT_ONCE / numbers));
        float[][] results = new float[count][];
        for (int start = 0; start < count; start += atOnce) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("interrupted after " + start + " of " + count + " runs of the network");
            }
            int end = Math.min(start + atOnce, count);
            List<float[]> batch = new ArrayList<>();
            for (int i = start; i < end; i++) {
                batch.add(input.apply(i));
            }
            List<float[]> found = run.apply(batch);
            for (int i = start; i < end; i++) {
                results[i] = found.get(i - start);
            }
            progress.ran(end, count);
        }
        return results;
    }
}
