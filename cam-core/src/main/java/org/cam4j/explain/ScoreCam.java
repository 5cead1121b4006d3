package org.cam4j.explain;

import org.cam4j.plan.operation.Shape;

/**
 * Score-CAM (Wang, Wang, Du, Yang, Zhang, Ding, Mardziel, Hu: "Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural
 * Networks", CVPR workshops 2020). Takes no gradient, but a forward pass for each channel.
 *
 * <p>Each channel, enlarged to the image's size and scaled to [0, 1], is a mask m_k of the preprocessed image x, and {@code M = Σ_k w_k A_k}
 * with weights of the scores of {@code x ⊙ m_k}. A masked pixel is 0 after preprocessing, for most networks the mean colour. Versions differ:
 *
 * <ul>
 *   <li>The authors' code: enlarged between centres of pixels, then scaled; {@code w_k} is the probability of the target's class, and a
 *       channel that is the same everywhere has weight 0. The paper's text has a softmax over channels, their code has not.
 *   <li>{@link Variant#PYTORCH_GRAD_CAM}: enlarged with aligned corners, then scaled with an epsilon of 1e-8; {@code w} is the softmax over
 *       channels of the target. A constant channel has the weight of an image of zeros.
 *   <li>{@link Variant#TORCH_CAM}: scaled with an epsilon of 1e-8, then enlarged between centres of pixels; the same softmax.
 * </ul>
 *
 * <p>The softmax of logits picks one channel where they differ by a few units, and weighs all channels alike where they hardly differ.
 *
 * @param layer the layer's name, or {@link ExplainedImage#TARGET_LAYER}
 * @param variant whose version
 */
public record ScoreCam(String layer, Variant variant) implements ChannelMethod {

    /** The name on the command line and in files, without the variant. */
    public static final String NAME = "score-cam";

    private static final double LIBRARY_EPSILON = 1e-8;

    /**
     * Explains by a layer.
     *
     * @param layer the layer's name
     * @return the authors' version
     */
    public static ScoreCam at(String layer) {
        return new ScoreCam(layer, Variant.AUTHORS);
    }

    /**
     * Explains by the network's own target layer, the last one with cells.
     *
     * @return the authors' version
     */
    public static ScoreCam atTarget() {
        return at(ExplainedImage.TARGET_LAYER);
    }

    /**
     * Chooses whose version.
     *
     * @param other any
     * @return that version
     */
    public ScoreCam as(Variant other) {
        return new ScoreCam(layer, other);
    }

    @Override
    public String name() {
        return variant.of(NAME);
    }

    @Override
    public float[] weights(ExplainedImage image, Target target) {
        LayerActivations a = image.activations(layer);
        float[][] logits = image.logits(a.channels(), k -> masked(image, mask(a, k, image.shape())));
        Target scored =
                variant == Variant.AUTHORS ? image.logProbability(target).exp() : target;
        double[] scores = new double[a.channels()];
        for (int k = 0; k < scores.length; k++) {
            scores[k] = scored.value(logits[k]);
        }
        if (variant != Variant.AUTHORS) {
            return Doubles.rounded(Softmax.of(scores));
        }
        for (int k = 0; k < scores.length; k++) {
            scores[k] = isConstant(a, k) ? 0 : scores[k];
        }
        return Doubles.rounded(scores);
    }

    private float[] mask(LayerActivations a, int channel, Shape shape) {
        float[] plane = plane(a, channel);
        Bilinear halfPixel = Bilinear.halfPixel(a.height(), a.width(), shape.height(), shape.width());
        Bilinear aligned = Bilinear.alignedCorners(a.height(), a.width(), shape.height(), shape.width());
        return switch (variant) {
            case PYTORCH_GRAD_CAM -> scaled(aligned.resized(plane), LIBRARY_EPSILON);
            case TORCH_CAM -> halfPixel.resized(scaled(plane, LIBRARY_EPSILON));
            case AUTHORS -> scaled(halfPixel.resized(plane), 0);
        };
    }

    private static float[] plane(LayerActivations a, int channel) {
        float[] plane = new float[a.cells()];
        for (int cell = 0; cell < plane.length; cell++) {
            plane[cell] = a.values()[cell * a.channels() + channel];
        }
        return plane;
    }

    /** Takes the minimum off and divides by the maximum of what is left; 0 where all values are the same. */
    private static float[] scaled(float[] plane, double epsilon) {
        float least = Float.POSITIVE_INFINITY;
        float largest = Float.NEGATIVE_INFINITY;
        for (float value : plane) {
            least = Math.min(least, value);
            largest = Math.max(largest, value);
        }
        float[] scaled = new float[plane.length];
        for (int i = 0; i < scaled.length && largest > least; i++) {
            scaled[i] = (float) (((double) plane[i] - least) / ((double) largest - least + epsilon));
        }
        return scaled;
    }

    private static boolean isConstant(LayerActivations a, int channel) {
        for (int cell = 1; cell < a.cells(); cell++) {
            if (a.values()[cell * a.channels() + channel] != a.values()[channel]) {
                return false;
            }
        }
        return true;
    }

    private static float[] masked(ExplainedImage image, float[] mask) {
        float[] masked = image.values().clone();
        int channels = image.shape().channels();
        for (int i = 0; i < masked.length; i++) {
            masked[i] *= mask[i / channels];
        }
        return masked;
    }
}
