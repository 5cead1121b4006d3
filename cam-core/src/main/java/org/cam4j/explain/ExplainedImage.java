package org.cam4j.explain;

import java.util.List;
import java.util.function.IntFunction;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.operation.Shape;

/**
 * One image in a running network, as methods see it.
 *
 * <p>Layers are named as the network names them. Arrays are row-major, channels last; those that are returned are shared: do not modify
 * them. Work on many images or activations runs in batches, with progress, and stops if the thread is interrupted.
 */
public interface ExplainedImage {

    /** The name by which methods ask for the network's own target layer, the last one with cells. */
    String TARGET_LAYER = "";

    /**
     * Returns the size of the image.
     *
     * @return height, width and channels
     */
    Shape shape();

    /**
     * Returns the preprocessed image.
     *
     * @return [height, width, channels]
     */
    float[] values();

    /**
     * Returns the scores before softmax or sigmoid.
     *
     * @return [classes]
     */
    float[] logits();

    /**
     * Returns the logarithm of the probability that belongs to a class's logit.
     *
     * <p>Defaults to the logarithm of softmax. A network whose classes do not exclude each other overrides it with
     * {@link Target#logSigmoid}.
     *
     * @param logit what is explained
     * @return {@code log p} of its class
     */
    default Target logProbability(Target logit) {
        return Target.logSoftmax(logit.classIndex());
    }

    /**
     * Returns another image in the same network.
     *
     * @param values the preprocessed image, of the same shape; not copied
     * @return the other image
     */
    ExplainedImage with(float[] values);

    /**
     * Returns the activations of a layer.
     *
     * @param layer its name, or {@link #TARGET_LAYER}
     * @return its activations
     * @throws org.cam4j.exception.UnsupportedModelException if there is no such layer, or it has no cells
     */
    LayerActivations activations(String layer);

    /**
     * Differentiates a weighted sum of the logits by a layer's activations.
     *
     * @param layer its name, or {@link #TARGET_LAYER}
     * @param seed the weight of each logit, [classes]
     * @return {@code ∂ Σ_c seed_c · logit_c / ∂A}, [h, w, k]
     */
    float[] gradient(String layer, float[] seed);

    /**
     * Adds up a layer's channels, each weighted by the mean of its gradient: {@code M(y, x) = Σ_k mean_yx(G_k) A_k(y, x)}, with {@code G} as
     * {@link #gradient}. Sums are in double precision, weights are floats. A network on a device does it there.
     *
     * @param layer its name, or {@link #TARGET_LAYER}
     * @param seed the weight of each logit, [classes]
     * @return {@code M} [h, w]
     */
    default RawMap sumByMeanGradients(String layer, float[] seed) {
        return activations(layer).weightedSumByMeans(gradient(layer, seed));
    }

    /**
     * Walks back from a weighted sum of the logits with every gate held as it is for this image.
     *
     * @param layer its name, or {@link #TARGET_LAYER}
     * @param seed the weight of each logit, [classes]
     * @return the way back, and what the sum has besides
     */
    HeldGradient heldGradient(String layer, float[] seed);

    /**
     * The way back through a network that is linear once its gates are held.
     *
     * @param gradient {@code G}, [h, w, k]: {@code Σ G ⊙ A + bias} is the weighted sum of the logits
     * @param bias what the biases of the layers behind contribute
     */
    record HeldGradient(float[] gradient, float bias) {}

    /**
     * Differentiates a weighted sum of the logits by the image and by the sums that biases are added to.
     *
     * @param seed the weight of each logit, [classes]
     * @return the gradient by the image and the contributions of the biases
     */
    BiasTerms biasTerms(float[] seed);

    /**
     * What image and biases contribute to a weighted sum of the logits. Of a network whose other functions are ReLU, LeakyReLU and
     * maxima, {@code Σ x ⊙ gradient} and all contributions add up to the sum.
     *
     * @param imageGradient by the preprocessed image, [height, width, channels]
     * @param layers {@code b ⊙ ∂/∂z} of each layer with rows, columns and biases {@code b}, {@code z} the layer's sums; of batch
     *     normalisation, {@code b} is what it adds to scaled values
     * @param others the sum of the contributions of dense layers and others without rows and columns
     */
    record BiasTerms(float[] imageGradient, List<LayerActivations> layers, double others) {

        /** Copies the list. */
        public BiasTerms {
            layers = List.copyOf(layers);
        }
    }

    /**
     * Returns what the tokens of a transformer attend to. Defaults to a refusal.
     *
     * @return the attention of all blocks
     * @throws UnsupportedModelException if the network is no transformer whose blocks all attend from every token to every token
     */
    default Attention attention() {
        throw new UnsupportedModelException("the network has no attention: choose a method of layers, such as cam");
    }

    /**
     * Differentiates a target by the attention of each block, at the scores that the head gives for the mean of this block's tokens. Defaults
     * to a refusal.
     *
     * @param target what to differentiate
     * @return for each block of {@link #attention}, {@code ∂s_l/∂A_l} [h, t, t]
     * @throws UnsupportedModelException as {@link #attention}
     */
    default List<float[]> attentionGradients(Target target) {
        throw new UnsupportedModelException("the network has no attention: choose a method of layers, such as cam");
    }

    /**
     * Differentiates a weighted sum of the logits by a layer's activations, where these are others than the image's.
     *
     * @param layer its name, or {@link #TARGET_LAYER}
     * @param count how many
     * @param activations returns the layer's activations of an index in [0, count), [h, w, k]; called in order, once each
     * @param seed the weight of each logit, [classes]
     * @return the gradient at each, [h, w, k]
     */
    float[][] gradientsFrom(String layer, int count, IntFunction<float[]> activations, float[] seed);

    /**
     * Returns the second derivative of a weighted sum of the logits by a layer's activations, times these activations.
     *
     * <p>Defaults to central differences of {@link #gradientsFrom}, exact to about 1e-5 of the gradient where the part of the network
     * behind the layer is smooth, and 0 where it is linear but for kinks, as ReLU and max pooling are. Where both meet, kinks within
     * 3 % of the activations count as curvature; automatic differentiation leaves them out.
     *
     * @param layer its name, or {@link #TARGET_LAYER}
     * @param seed the weight of each logit, [classes]
     * @return {@code (∂² Σ_c seed_c · logit_c / ∂A²) A}, [h, w, k]
     */
    default float[] curvature(String layer, float[] seed) {
        return Curvature.alongActivations(this, layer, seed);
    }

    /**
     * Differentiates a target by several images, in batches.
     *
     * @param count how many
     * @param image returns the preprocessed image of an index in [0, count), [height, width, channels]; called in order, once each
     * @param target what to differentiate, at each image's own logits
     * @return the gradient of each image, [height, width, channels]
     */
    float[][] imageGradients(int count, IntFunction<float[]> image, Target target);

    /**
     * Runs other images through the network.
     *
     * @param count how many
     * @param image returns the preprocessed image of an index in [0, count), [height, width, channels]; called in order, once each
     * @return the logits of each image
     */
    float[][] logits(int count, IntFunction<float[]> image);

    /**
     * Runs the part of the network behind a layer with other activations.
     *
     * @param layer its name, or {@link #TARGET_LAYER}
     * @param count how many
     * @param activations returns the layer's activations of an index in [0, count), [h, w, k]; called in order, once each
     * @return the logits for each
     */
    float[][] logitsFrom(String layer, int count, IntFunction<float[]> activations);
}
