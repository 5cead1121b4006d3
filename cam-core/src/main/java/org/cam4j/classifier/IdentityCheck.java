package org.cam4j.classifier;

import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.Values;
import org.cam4j.exception.CamException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/**
 * Checks with a random image the identity of class activation maps: {@code mean(M_c) + b_c} is the logit of class {@code c}. The logits
 * come from the network's own poolings and head; the maps come from the folded head, or from the way back, whose bias is the sum of what
 * the head's own biases contribute.
 *
 * <p>The check fails for a wrong layer, a wrong layout, a pooling that does not average the whole map, and any other step between the
 * maps and the classes.
 */
public final class IdentityCheck {

    /** The largest difference relative to the logits' scale, in float32. */
    static final double TOLERANCE = 1e-4;

    private IdentityCheck() {}

    /**
     * Runs noise through a network and compares logits and maps.
     *
     * @param engine runs the classifier's plan
     * @param outputs what to ask of the engine
     * @param classifier the network's parts
     * @param back the way back of a head that is not linear
     * @return the logits of the noise
     * @throws UnsupportedModelException if the identity does not hold, or the engine cannot run an image of the input size
     */
    public static float[] require(Engine engine, Set<String> outputs, Classifier classifier, Optional<WayBack> back) {
        Shape input = classifier.plan().input();
        Random random = new Random(20160627);
        float[] noise = new float[input.size()];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.nextFloat() * 2 - 1;
        }
        Values values = firstRun(engine, Batch.of(noise, input), outputs);
        if (classifier.linearHead().isPresent()) {
            require(classifier, classifier.linearHead().get(), values);
        } else {
            require(classifier, back.orElseThrow(), values, random);
        }
        return values.host(InferencePlan.LOGITS);
    }

    /** Compares a random mixture of all logits with the cells that make it. */
    private static void require(Classifier classifier, WayBack back, Values values, Random random) {
        float[] logits = values.host(InferencePlan.LOGITS);
        float[] seed = new float[logits.length];
        double mixture = 0;
        double scale = 0;
        for (int c = 0; c < logits.length; c++) {
            seed[c] = random.nextFloat() * 2 - 1;
            mixture += (double) seed[c] * logits[c];
            scale += Math.abs((double) seed[c] * logits[c]);
        }
        WayBack.Result found = back.walk(values, 0, seed)[0];
        float[] map = new float[found.cells()];
        found.map(values.host(back.end()), 0, map, 0);
        double sum = found.bias();
        for (float cell : map) {
            sum += (double) cell / map.length;
        }
        double largest = Math.max(Math.max(scale, Math.abs(found.bias())), Float.MIN_NORMAL);
        if (!(Math.abs(sum - mixture) <= TOLERANCE * largest)) {
            throw new UnsupportedModelException(
                    "the maps do not add up to the scores: cells and bias of a mixture of all"
                            + " classes give " + sum + ", the logits " + mixture + ". Something between '"
                            + classifier.features()
                            + "' and '" + classifier.logits()
                            + "' is not what its layer says, or weights are not finite.");
        }
    }

    private static void require(Classifier classifier, LinearHead head, Values values) {
        Shape features = values.shape(InferencePlan.FEATURES);
        if (features.channels() != head.channels()) {
            throw new UnsupportedModelException("the pooling '" + classifier.pooling() + "' turns the " + features
                    + " activations of '" + classifier.features() + "' into " + head.channels()
                    + " features: it must leave one average for each channel. Pool over the"
                    + " whole map, or build the mapper with the input size that the network was made for.");
        }
        compare(
                classifier,
                head,
                means(values.host(InferencePlan.FEATURES), head.channels()),
                values.host(InferencePlan.LOGITS));
    }

    private static double[] means(float[] features, int channels) {
        double[] means = new double[channels];
        for (int i = 0; i < features.length; i++) {
            means[i % channels] += features[i];
        }
        int cells = features.length / channels;
        for (int k = 0; k < channels; k++) {
            means[k] /= cells;
        }
        return means;
    }

    private static void compare(Classifier classifier, LinearHead head, double[] means, float[] logits) {
        double scale = 0;
        double worst = 0;
        int at = 0;
        for (int c = 0; c < logits.length; c++) {
            scale = Math.max(scale, Math.abs(logits[c]));
            double sum = head.bias()[c];
            for (int k = 0; k < means.length; k++) {
                sum += means[k] * head.weights()[k * logits.length + c];
            }
            double difference = Math.abs(sum - logits[c]);
            // Written so that NaN counts as the largest difference.
            if (!(difference <= worst)) {
                worst = difference;
                at = c;
            }
        }
        if (!(worst <= TOLERANCE * Math.max(scale, Float.MIN_NORMAL))) {
            throw new UnsupportedModelException(
                    "the maps do not add up to the scores: the mean of the map of class " + at
                            + " plus its bias misses the logit " + logits[at] + " by " + worst + ". Something between '"
                            + classifier.features() + "' and '" + classifier.logits()
                            + "' is more than averaging over the whole map and linear layers, or weights are not finite.");
        }
    }

    /** Runs the image: some engines find only here that layers do not fit each other or the input. */
    private static Values firstRun(Engine engine, Batch image, Set<String> outputs) {
        try {
            return engine.run(image, outputs);
        } catch (CamException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnsupportedModelException(
                    "the network fails on an image of " + image.shape() + ": " + e.getMessage()
                            + ". Say the input size that it was made for, or mend the graph.",
                    e);
        }
    }
}
