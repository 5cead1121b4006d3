package org.cam4j.explain;

/**
 * KPCA-CAM (Karmani, Sivakaran, Prasad, Ali, Yang, Tang: "KPCA-CAM: Visual Explainability of Deep Computer Vision Models using Kernel PCA",
 * MMSP 2024). Has no class: the target does not matter.
 *
 * <p>The cells' activations [h · w, k] less each channel's mean, the kernel {@code tanh(a·b / k + 1)} of all pairs of cells, centred in rows
 * and columns, and its largest eigenvalue λ with the vector u: {@code M = u √λ}, 0 if λ is not positive. The sign is the one that makes the
 * entry of the largest size positive, as in scikit-learn, whose sigmoid kernel with its defaults pytorch-grad-cam uses.
 *
 * @param layer the layer's name, or {@link ExplainedImage#TARGET_LAYER}
 */
public record KpcaCam(String layer) implements ExplanationMethod {

    /** The name on the command line and in files. */
    public static final String NAME = "kpca-cam";

    /** Entries of the kernel are below 1: an eigenvalue of this size by the number of cells is what centring leaves of equal cells. */
    private static final double ROUNDED = 1e-14;

    /**
     * Explains by a layer.
     *
     * @param layer the layer's name
     * @return the method
     */
    public static KpcaCam at(String layer) {
        return new KpcaCam(layer);
    }

    /**
     * Explains by the network's own target layer, the last one with cells.
     *
     * @return the method
     */
    public static KpcaCam atTarget() {
        return at(ExplainedImage.TARGET_LAYER);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RawMap map(ExplainedImage image, Target target) {
        LayerActivations a = image.activations(layer);
        double[][] kernel =
                kernel(CellVectors.of(Doubles.of(a.values()), a.channels()).centred());
        SymmetricEigenvector first = SymmetricEigenvector.largest(kernel.length, u -> centredProduct(kernel, u));
        double[] component = first.component(ROUNDED * kernel.length);
        return new RawMap(a.layer(), a.height(), a.width(), CellVectors.largestPositive(component));
    }

    private static double[][] kernel(CellVectors vectors) {
        double[][] kernel = vectors.products();
        for (double[] row : kernel) {
            for (int i = 0; i < row.length; i++) {
                row[i] = Math.tanh(row[i] / vectors.channels() + 1);
            }
        }
        return kernel;
    }

    /** Returns {@code C K C u}, where C takes the mean off. */
    private static double[] centredProduct(double[][] kernel, double[] u) {
        double[] centred = withoutMean(u);
        double[] product = new double[u.length];
        for (int i = 0; i < product.length; i++) {
            for (int j = 0; j < centred.length; j++) {
                product[i] += kernel[i][j] * centred[j];
            }
        }
        return withoutMean(product);
    }

    private static double[] withoutMean(double[] values) {
        double mean = 0;
        for (double value : values) {
            mean += value / values.length;
        }
        double[] centred = values.clone();
        for (int i = 0; i < centred.length; i++) {
            centred[i] -= mean;
        }
        return centred;
    }
}
