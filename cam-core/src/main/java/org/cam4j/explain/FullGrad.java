package org.cam4j.explain;

/**
 * FullGrad (Srinivas and Fleuret: "Full-Gradient Representation for Neural Network Visualization", NeurIPS 2019): a map of pixels from
 * the image and from the biases of all layers.
 *
 * <p>{@code M = ψ(x ⊙ ∂target/∂x) + Σ_layers ψ(b ⊙ ∂target/∂z)} with x the preprocessed image and b the biases that a layer adds to its
 * sums z, summed over channels. The authors' ψ takes sizes, stretches each layer's to [0, 1] over all its channels, and enlarges them
 * linearly with the outermost pixels' centres on each other. pytorch-grad-cam stretches every channel by itself, so that one that hardly
 * matters counts as much as the strongest. Sizes say where the target is sensitive, not in which direction. Layers without rows and
 * columns, such as dense ones, take no part.
 *
 * @param variant the authors' or pytorch-grad-cam's
 */
public record FullGrad(Variant variant) implements ExplanationMethod {

    /** The name on the command line and in files. */
    public static final String NAME = "full-grad";

    /** Keeps the authors' division from 0 / 0. */
    private static final float EPSILON = 1e-6f;

    /** That of pytorch-grad-cam. */
    private static final float LIBRARY_EPSILON = 1e-7f;

    /** Refuses variants of libraries that do not have the method. */
    public FullGrad {
        variant.requireOneOf(NAME, Variant.AUTHORS, Variant.PYTORCH_GRAD_CAM);
    }

    /**
     * Explains by the authors' formula.
     *
     * @return the method
     */
    public static FullGrad ofImage() {
        return new FullGrad(Variant.AUTHORS);
    }

    /**
     * Chooses whose formula.
     *
     * @param other any but torch-cam, which does not have the method
     * @return the method by that formula
     */
    public FullGrad as(Variant other) {
        return new FullGrad(other);
    }

    @Override
    public String name() {
        return variant.of(NAME);
    }

    @Override
    public RawMap map(ExplainedImage image, Target target) {
        int height = image.shape().height();
        int width = image.shape().width();
        int channels = image.shape().channels();
        ExplainedImage.BiasTerms terms = image.biasTerms(target.seed(image.logits()));
        float[] ofImage = new float[image.values().length];
        for (int i = 0; i < ofImage.length; i++) {
            ofImage[i] = image.values()[i] * terms.imageGradient()[i];
        }
        double[] map = new double[height * width];
        add(map, new LayerActivations(RawMap.IMAGE, height, width, channels, ofImage), height, width);
        for (LayerActivations layer : terms.layers()) {
            add(map, layer, height, width);
        }
        return new RawMap(RawMap.IMAGE, height, width, Doubles.rounded(map));
    }

    private void add(double[] map, LayerActivations layer, int height, int width) {
        float[] plane = variant == Variant.AUTHORS ? stretchedTogether(layer) : stretchedByChannel(layer);
        Bilinear resize = variant == Variant.AUTHORS
                ? Bilinear.alignedCorners(layer.height(), layer.width(), height, width)
                : Bilinear.halfPixel(layer.height(), layer.width(), height, width);
        float[] resized = resize.resized(plane);
        for (int i = 0; i < map.length; i++) {
            map[i] += resized[i];
        }
    }

    /** Returns the sums over channels of sizes that are stretched to [0, 1] over all channels; linear, so enlarged afterwards. */
    private static float[] stretchedTogether(LayerActivations layer) {
        double least = Double.POSITIVE_INFINITY;
        double largest = 0;
        double[] sums = new double[layer.cells()];
        for (int i = 0; i < layer.values().length; i++) {
            double size = Math.abs(layer.values()[i]);
            least = Math.min(least, size);
            largest = Math.max(largest, size);
            sums[i / layer.channels()] += size;
        }
        for (int cell = 0; cell < sums.length; cell++) {
            sums[cell] = (sums[cell] - layer.channels() * least) / (largest - least + EPSILON);
        }
        return Doubles.rounded(sums);
    }

    private static float[] stretchedByChannel(LayerActivations layer) {
        int channels = layer.channels();
        float[] values = layer.values();
        double[] sums = new double[layer.cells()];
        for (int k = 0; k < channels; k++) {
            float least = Float.POSITIVE_INFINITY;
            float largest = 0;
            for (int i = k; i < values.length; i += channels) {
                least = Math.min(least, Math.abs(values[i]));
                largest = Math.max(largest, Math.abs(values[i]));
            }
            for (int cell = 0; cell < sums.length; cell++) {
                sums[cell] += (Math.abs(values[cell * channels + k]) - least) / (LIBRARY_EPSILON + (largest - least));
            }
        }
        return Doubles.rounded(sums);
    }
}
