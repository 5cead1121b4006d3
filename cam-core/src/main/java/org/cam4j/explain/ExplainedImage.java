package org.cam4j.explain;

import java.util.function.IntFunction;
import org.cam4j.plan.operation.Shape;

/**
 * One image in a running network, as methods see it.
 *
 * <p>Layers are named as the network names them. Arrays are row-major, channels last; those that are returned are shared: do not modify
 * them.
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
     * Differentiates a weighted sum of the logits by the image.
     *
     * @param seed the weight of each logit, [classes]
     * @return [height, width, channels]
     */
    float[] imageGradient(float[] seed);

    /**
     * Differentiates a weighted sum of the logits by several images, in batches.
     *
     * @param count how many
     * @param image returns the preprocessed image of an index in [0, count), [height, width, channels]; called in order, once each
     * @param seed the weight of each logit, [classes]
     * @return the gradient of each image
     */
    float[][] imageGradients(int count, IntFunction<float[]> image, float[] seed);

    /**
     * Runs other images through the network, in batches, with progress; stops if the thread is interrupted.
     *
     * @param count how many
     * @param image returns the preprocessed image of an index in [0, count), [height, width, channels]; called in order, once each
     * @return the logits of each image
     */
    float[][] logits(int count, IntFunction<float[]> image);

    /**
     * Runs the part of the network behind a layer with other activations, in batches, with progress; stops if the thread is interrupted.
     *
     * @param layer its name, or {@link #TARGET_LAYER}
     * @param count how many
     * @param activations returns the layer's activations of an index in [0, count), [h, w, k]; called in order, once each
     * @return the logits for each
     */
    float[][] logitsFrom(String layer, int count, IntFunction<float[]> activations);
}
