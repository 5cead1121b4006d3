package org.cam4j.explain;

/**
 * Shapley-CAM (Cai: "CAMs as Shapley Value-based Explainers", The Visual Computer, 2025).
 *
 * <p>{@code w_k = mean_yx (G - ½ H A)_k} and {@code M = Σ_k w_k A_k}, where A are the layer's activations [h, w, k],
 * {@code G = ∂T/∂A} and {@code H = ∂²T/∂A²}. The paper's T is ReST, {@code y_c + log p_c}: the logit and the logarithm of the probability.
 * On a logit behind which nothing curves, as in a network of ReLUs, H is 0 and the map is Grad-CAM's; ReST always curves.
 *
 * <p>With logits y, {@code H A = Jᵀ T'' J A + (Σ_c T'_c ∂²y_c/∂A²) A}, {@code J = ∂y/∂A}. The first term takes a gradient of each class
 * whose logit bends T, and one more; the second is {@link ExplainedImage#curvature}.
 *
 * @param layer the layer's name, or {@link ExplainedImage#TARGET_LAYER}
 * @param onTarget whether T is the given target itself in place of ReST of its class
 */
public record ShapleyCam(String layer, boolean onTarget) implements ChannelMethod {

    /** The name on the command line and in files, with ReST as the target. */
    public static final String NAME = "shapley-cam";

    /** The name on the command line and in files with the given target. */
    public static final String NAME_ON_TARGET = NAME + ":target";

    /** Classes that bend the target by less than this share of the one that bends it most are left out. */
    private static final double NEGLIGIBLE = 1e-7;

    /**
     * Explains by a layer.
     *
     * @param layer the layer's name
     * @return the method on ReST
     */
    public static ShapleyCam at(String layer) {
        return new ShapleyCam(layer, false);
    }

    /**
     * Explains by the network's own target layer, the last one with cells.
     *
     * @return the method on ReST
     */
    public static ShapleyCam atTarget() {
        return at(ExplainedImage.TARGET_LAYER);
    }

    /**
     * Explains the given target in place of ReST.
     *
     * @return the method on what it is given
     */
    public ShapleyCam onGivenTarget() {
        return new ShapleyCam(layer, true);
    }

    @Override
    public String name() {
        return onTarget ? NAME_ON_TARGET : NAME;
    }

    @Override
    public float[] weights(ExplainedImage image, Target target) {
        Target explained = onTarget ? target : target.plus(image.logProbability(target));
        float[] seed = explained.seed(image.logits());
        float[] gradient = image.gradient(layer, seed);
        float[] ofNetwork = image.curvature(layer, seed);
        float[] ofTarget = image.gradient(layer, seedAlongActivations(image, explained));
        float[] difference = new float[gradient.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = (float) (gradient[i] - 0.5 * ((double) ofNetwork[i] + ofTarget[i]));
        }
        return Gradients.channelMeans(difference, image.activations(layer).channels());
    }

    /** Returns {@code T'' J A}: how the seed changes as the activations grow. */
    private float[] seedAlongActivations(ExplainedImage image, Target explained) {
        double[] logits = Doubles.of(image.logits());
        float[] activations = image.activations(layer).values();
        double largest = 0;
        for (int c = 0; c < logits.length; c++) {
            largest = Math.max(largest, size(explained.curvature(logits, c)));
        }
        double[] along = new double[logits.length];
        for (int c = 0; c < logits.length; c++) {
            double[] column = explained.curvature(logits, c);
            if (size(column) > NEGLIGIBLE * largest) {
                double change = changeOfLogit(image, c, activations);
                for (int d = 0; d < along.length; d++) {
                    along[d] += change * column[d];
                }
            }
        }
        return Doubles.rounded(along);
    }

    private static double size(double[] column) {
        double size = 0;
        for (double value : column) {
            size = Math.max(size, Math.abs(value));
        }
        return size;
    }

    /** Returns {@code (J A)_c = Σ ∂y_c/∂A ⊙ A}. */
    private double changeOfLogit(ExplainedImage image, int c, float[] activations) {
        float[] gradient = Gradients.of(image, layer, Target.logit(c));
        double sum = 0;
        for (int i = 0; i < gradient.length; i++) {
            sum += (double) gradient[i] * activations[i];
        }
        return sum;
    }
}
