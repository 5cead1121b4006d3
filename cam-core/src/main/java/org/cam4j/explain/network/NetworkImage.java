package org.cam4j.explain.network;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.cam4j.engine.DeviceValues;
import org.cam4j.engine.Values;
import org.cam4j.explain.Attention;
import org.cam4j.explain.ExplainedImage;
import org.cam4j.explain.LayerActivations;
import org.cam4j.explain.RawMap;
import org.cam4j.explain.Target;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Shape;

/** An image in a network. Thread-safe; keeps the activations of layers that were asked for. */
final class NetworkImage implements ExplainedImage {

    /** A run of many images is cut into runs of about so many numbers, 64 MB. */
    private static final long NUMBERS_AT_ONCE = 1L << 24;

    private static final int MOST_AT_ONCE = 32;

    private final ExplainedNetwork network;
    private final Batch input;
    private final Progress progress;
    private final Map<CutNetwork, Map<String, Batch>> upToLayers = new ConcurrentHashMap<>();
    private final Map<CutNetwork.WayBack, Map<String, Batch>> beforeLayers = new ConcurrentHashMap<>();
    private Optional<Pass> pass;
    private AttentionNetwork.Run attention;

    /**
     * What a forward pass of the image gave: the target layer's activations and the scores.
     *
     * @param index of the image in the pass
     */
    record Pass(Values values, int index) {

        /** The target layer's activations, where they lie if the pass was of one image. */
        Batch features() {
            return values.count() == 1
                    ? values.batch(InferencePlan.FEATURES)
                    : Batch.of(of(InferencePlan.FEATURES), values.shape(InferencePlan.FEATURES));
        }

        float[] logits() {
            return of(InferencePlan.LOGITS);
        }

        private float[] of(String output) {
            int size = values.shape(output).size();
            float[] all = values.host(output);
            return values.count() == 1 ? all : Arrays.copyOfRange(all, index * size, (index + 1) * size);
        }
    }

    /**
     * Creates an image.
     *
     * @param input the preprocessed image, one
     * @param pass of the image, if there was one
     */
    NetworkImage(ExplainedNetwork network, Batch input, Progress progress, Optional<Pass> pass) {
        input.requireShape(network.plan().input());
        this.network = network;
        this.input = input;
        this.progress = progress;
        this.pass = pass;
    }

    @Override
    public Shape shape() {
        return network.plan().input();
    }

    @Override
    public float[] values() {
        return input.numbers();
    }

    @Override
    public float[] logits() {
        return pass().logits();
    }

    private synchronized Pass pass() {
        if (pass.isEmpty()) {
            Values found = run(input, Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS));
            pass = Optional.of(new Pass(found, 0));
        }
        return pass.get();
    }

    private Values run(Batch images, Set<String> wanted) {
        String name = network.plan().inputs().keySet().iterator().next();
        return network.engine().run(Map.of(name, images), wanted);
    }

    private Batch joined(List<float[]> images) {
        int size = shape().size();
        float[] batch = new float[Math.multiplyExact(images.size(), size)];
        for (int i = 0; i < images.size(); i++) {
            System.arraycopy(images.get(i), 0, batch, i * size, size);
        }
        return Batch.of(batch, shape());
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
        Map<String, Batch> found = upTo(cut);
        List<float[]> parts = new ArrayList<>();
        for (int i = 0; i < cut.layer().values().size(); i++) {
            parts.add(found.get(PlanBehind.input(i)).numbers());
        }
        return parts;
    }

    /** Returns the layer's values and those of other branches, which the part behind the layer reads. */
    private Map<String, Batch> upTo(CutNetwork cut) {
        return upToLayers.computeIfAbsent(cut, missing -> {
            boolean isTarget = cut.layer().equals(LayerValues.find(network.plan(), TARGET_LAYER));
            if (!isTarget || !cut.isSelfContained()) {
                return cut.upTo(input);
            }
            Batch features = pass().features();
            return cut.layer().values().size() == 1
                    ? Map.of(PlanBehind.input(0), features)
                    : inputs(cut, features.numbers(), Map.of());
        });
    }

    private static Map<String, Batch> inputs(CutNetwork cut, float[] activations, Map<String, Batch> others) {
        Map<String, Batch> inputs = new HashMap<>(others);
        List<float[]> parts = cut.layer().parts(activations);
        for (int i = 0; i < parts.size(); i++) {
            inputs.put(
                    PlanBehind.input(i),
                    Batch.of(parts.get(i), cut.layer().shapes().get(i)));
        }
        return inputs;
    }

    @Override
    public float[] gradient(String layer, float[] seed) {
        CutNetwork cut = cutAt(layer);
        CutNetwork.WayBack wayBack = cut.wayBack(CutNetwork.Walk.DIFFERENTIATED);
        return wayBack.walk(List.of(inputs(cut, wayBack)), seed).host(Adjoint.GRADIENT);
    }

    @Override
    public RawMap sumByMeanGradients(String layer, float[] seed) {
        CutNetwork cut = cutAt(layer);
        CutNetwork.WayBack wayBack = cut.wayBack(CutNetwork.Walk.DIFFERENTIATED);
        Map<String, Batch> inputs = inputs(cut, wayBack);
        Values found = wayBack.walkKeeping(inputs, seed);
        try {
            LayerValues of = cut.layer();
            if (found instanceof DeviceValues device && of.values().size() == 1) {
                Optional<float[]> map = device.sumsByMeans(Adjoint.GRADIENT, inputs.get(PlanBehind.input(0)));
                if (map.isPresent()) {
                    return new RawMap(of.name(), of.height(), of.width(), map.get());
                }
            }
            return activations(layer).weightedSumByMeans(found.host(Adjoint.GRADIENT));
        } finally {
            found.release();
        }
    }

    @Override
    public HeldGradient heldGradient(String layer, float[] seed) {
        CutNetwork cut = cutAt(layer);
        CutNetwork.WayBack wayBack = cut.wayBack(CutNetwork.Walk.HELD);
        return wayBack.held(inputs(cut, wayBack), seed);
    }

    @Override
    public BiasTerms biasTerms(float[] seed) {
        CutNetwork cut = network.cutAt(LayerValues.image(network.plan()));
        return cut.wayBack(CutNetwork.Walk.WITH_BIASES).withBiases(Map.of(PlanBehind.input(0), input), seed);
    }

    private Map<String, Batch> inputs(CutNetwork cut, CutNetwork.WayBack wayBack) {
        Map<String, Batch> inputs = new HashMap<>(before(wayBack));
        inputs.putAll(upTo(cut));
        return inputs;
    }

    private Map<String, Batch> before(CutNetwork.WayBack wayBack) {
        return beforeLayers.computeIfAbsent(wayBack, missing -> missing.before(input));
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
            attention = network.attention().run(input);
        }
        return attention;
    }

    @Override
    public float[][] gradientsFrom(String layer, int count, IntFunction<float[]> activations, float[] seed) {
        CutNetwork cut = cutAt(layer);
        CutNetwork.WayBack wayBack = cut.wayBack(CutNetwork.Walk.DIFFERENTIATED);
        Map<String, Batch> before = before(wayBack);
        Map<String, Batch> upTo = upTo(cut);
        return inBatches(count, activations, wayBack.numbers(), batch -> {
            List<Map<String, Batch>> inputs = new ArrayList<>();
            for (float[] one : batch) {
                Map<String, Batch> all = inputs(cut, one, upTo);
                all.putAll(before);
                inputs.add(all);
            }
            return LazyEngine.split(wayBack.walk(inputs, seed), Adjoint.GRADIENT);
        });
    }

    @Override
    public float[][] imageGradients(int count, IntFunction<float[]> image, Target target) {
        CutNetwork cut = network.cutAt(LayerValues.image(network.plan()));
        CutNetwork.WayBack wayBack = cut.wayBack(CutNetwork.Walk.DIFFERENTIATED);
        return inBatches(
                count,
                image,
                wayBack.numbers(),
                batch -> wayBack.gradients(
                        batch.stream().map(one -> inputs(cut, one, Map.of())).toList(), target));
    }

    @Override
    public float[][] logits(int count, IntFunction<float[]> image) {
        return inBatches(
                count,
                image,
                shape().size(),
                batch -> LazyEngine.split(run(joined(batch), Set.of(InferencePlan.LOGITS)), InferencePlan.LOGITS));
    }

    @Override
    public float[][] logitsFrom(String layer, int count, IntFunction<float[]> activations) {
        CutNetwork cut = cutAt(layer);
        Map<String, Batch> upTo = upTo(cut);
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
