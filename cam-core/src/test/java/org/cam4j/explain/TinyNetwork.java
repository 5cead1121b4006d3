package org.cam4j.explain;

import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.cam4j.plan.operation.Shape;

/**
 * A network in plain Java and double precision: the mean of each block of the image, a linear map of its channels, a ReLU if wanted, and a
 * head. Its one layer is called {@code layer}.
 */
final class TinyNetwork {

    static final String LAYER = "layer";

    final int height;
    final int width;
    final int block;
    final boolean isRectified;
    final double[][] mixing;
    final Head head;

    /** What follows the layer. */
    interface Head {

        /** Returns the logits of activations [h, w, k]. */
        double[] logits(double[] activations);

        /** Returns the derivative of {@code Σ_c seed_c logit_c} by the activations, [h, w, k]. */
        double[] gradient(double[] activations, double[] seed);
    }

    /**
     * Makes a network.
     *
     * @param mixing [image channels][k]
     */
    TinyNetwork(int height, int width, int block, boolean isRectified, double[][] mixing, Head head) {
        this.height = height;
        this.width = width;
        this.block = block;
        this.isRectified = isRectified;
        this.mixing = mixing;
        this.head = head;
    }

    /** The mean of each channel, and a dense layer. */
    record PoolingAndDense(double[][] weights, double[] bias) implements Head {

        @Override
        public double[] logits(double[] a) {
            double[] logits = bias.clone();
            double cells = a.length / (double) weights.length;
            for (int i = 0; i < a.length; i++) {
                for (int c = 0; c < logits.length; c++) {
                    logits[c] += weights[i % weights.length][c] * a[i] / cells;
                }
            }
            return logits;
        }

        @Override
        public double[] gradient(double[] a, double[] seed) {
            double[] gradient = new double[a.length];
            double cells = a.length / (double) weights.length;
            for (int i = 0; i < a.length; i++) {
                for (int c = 0; c < seed.length; c++) {
                    gradient[i] += seed[c] * weights[i % weights.length][c] / cells;
                }
            }
            return gradient;
        }
    }

    /** A dense layer with a hyperbolic tangent or a ReLU on all activations, and a dense layer. */
    record HiddenDense(double[][] hidden, boolean isSmooth, double[][] weights) implements Head {

        @Override
        public double[] logits(double[] a) {
            double[] logits = new double[weights[0].length];
            for (int j = 0; j < weights.length; j++) {
                double z = sum(a, j);
                double unit = isSmooth ? Math.tanh(z) : Math.max(z, 0);
                for (int c = 0; c < logits.length; c++) {
                    logits[c] += unit * weights[j][c];
                }
            }
            return logits;
        }

        @Override
        public double[] gradient(double[] a, double[] seed) {
            double[] gradient = new double[a.length];
            for (int j = 0; j < weights.length; j++) {
                double z = sum(a, j);
                double slope = isSmooth ? 1 - Math.tanh(z) * Math.tanh(z) : z > 0 ? 1 : 0;
                double back = 0;
                for (int c = 0; c < seed.length; c++) {
                    back += seed[c] * weights[j][c];
                }
                for (int i = 0; i < a.length; i++) {
                    gradient[i] += back * slope * hidden[i][j];
                }
            }
            return gradient;
        }

        private double sum(double[] a, int j) {
            double z = 0;
            for (int i = 0; i < a.length; i++) {
                z += a[i] * hidden[i][j];
            }
            return z;
        }
    }

    static double[][] random(Random random, int rows, int columns, double scale) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int i = 0; i < columns; i++) {
                row[i] = scale * random.nextGaussian();
            }
        }
        return values;
    }

    int channels() {
        return mixing[0].length;
    }

    Shape shape() {
        return new Shape(height * block, width * block, mixing.length);
    }

    /** Returns an image of random values. */
    ExplainedImage image(Random random) {
        float[] values = new float[shape().height() * shape().width() * mixing.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Run(values);
    }

    double[] sums(float[] image) {
        double[] sums = new double[height * width * channels()];
        forEachPixel((pixel, cell) -> {
            for (int c = 0; c < mixing.length; c++) {
                for (int k = 0; k < channels(); k++) {
                    sums[cell * channels() + k] += mixing[c][k] * image[pixel * mixing.length + c] / (block * block);
                }
            }
        });
        return sums;
    }

    double[] activations(float[] image) {
        double[] a = sums(image);
        for (int i = 0; i < a.length; i++) {
            a[i] = isRectified ? Math.max(a[i], 0) : a[i];
        }
        return a;
    }

    float[] imageGradient(float[] image, Target target) {
        return imageGradient(image, target.seed(head.logits(activations(image))));
    }

    private float[] imageGradient(float[] image, double... seed) {
        double[] a = activations(image);
        double[] back = head.gradient(a, seed);
        double[] gradient = new double[image.length];
        forEachPixel((pixel, cell) -> {
            for (int c = 0; c < mixing.length; c++) {
                for (int k = 0; k < channels(); k++) {
                    int i = cell * channels() + k;
                    boolean isOpen = !isRectified || a[i] > 0;
                    gradient[pixel * mixing.length + c] += isOpen ? back[i] * mixing[c][k] / (block * block) : 0;
                }
            }
        });
        return Doubles.rounded(gradient);
    }

    private interface PixelOfCell {
        void accept(int pixel, int cell);
    }

    private void forEachPixel(PixelOfCell action) {
        for (int y = 0; y < height * block; y++) {
            for (int x = 0; x < width * block; x++) {
                action.accept(y * width * block + x, y / block * width + x / block);
            }
        }
    }

    /** An image in the network. */
    final class Run implements ExplainedImage {

        private final float[] values;

        Run(float[] values) {
            this.values = values;
        }

        @Override
        public Shape shape() {
            return TinyNetwork.this.shape();
        }

        @Override
        public float[] values() {
            return values;
        }

        @Override
        public float[] logits() {
            return Doubles.rounded(head.logits(TinyNetwork.this.activations(values)));
        }

        @Override
        public ExplainedImage with(float[] other) {
            return new Run(other);
        }

        @Override
        public LayerActivations activations(String layer) {
            return new LayerActivations(
                    LAYER, height, width, channels(), Doubles.rounded(TinyNetwork.this.activations(values)));
        }

        @Override
        public float[] gradient(String layer, float[] seed) {
            return Doubles.rounded(head.gradient(TinyNetwork.this.activations(values), Doubles.of(seed)));
        }

        @Override
        public BiasTerms biasTerms(float[] seed) {
            // The layer has no biases; those of the head belong to no cell.
            return new BiasTerms(
                    imageGradient(values(), Doubles.of(seed)),
                    List.of(),
                    heldGradient(LAYER, seed).bias());
        }

        /** With the gates of this class's heads held: for a linear head the gradient and the bias. */
        @Override
        public HeldGradient heldGradient(String layer, float[] seed) {
            double bias = 0;
            double[] without = head.logits(new double[height * width * channels()]);
            for (int c = 0; c < seed.length; c++) {
                bias += seed[c] * without[c];
            }
            return new HeldGradient(gradient(layer, seed), (float) bias);
        }

        @Override
        public float[][] gradientsFrom(String layer, int count, IntFunction<float[]> activations, float[] seed) {
            float[][] gradients = new float[count][];
            for (int i = 0; i < count; i++) {
                gradients[i] = Doubles.rounded(head.gradient(Doubles.of(activations.apply(i)), Doubles.of(seed)));
            }
            return gradients;
        }

        @Override
        public float[][] imageGradients(int count, IntFunction<float[]> image, Target target) {
            float[][] gradients = new float[count][];
            for (int i = 0; i < count; i++) {
                gradients[i] = imageGradient(image.apply(i), target);
            }
            return gradients;
        }

        @Override
        public float[][] logits(int count, IntFunction<float[]> image) {
            return logitsFrom(LAYER, count, i -> Doubles.rounded(TinyNetwork.this.activations(image.apply(i))));
        }

        @Override
        public float[][] logitsFrom(String layer, int count, IntFunction<float[]> activations) {
            float[][] logits = new float[count][];
            for (int i = 0; i < count; i++) {
                logits[i] = Doubles.rounded(head.logits(Doubles.of(activations.apply(i))));
            }
            return logits;
        }
    }
}
