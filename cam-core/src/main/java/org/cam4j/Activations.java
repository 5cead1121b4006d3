package org.cam4j;

import org.cam4j.classifier.LinearHead;
import org.cam4j.dl4j.engine.Nd4jValues;
import org.cam4j.engine.Values;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a network made of a batch: the last convolution's activations {@code A} [n, h, w, k] and the logits [n, classes].
 *
 * <p>Knows the head's weights {@code W} [k, classes], so that a further class's map {@code M(y, x) = Σ_k W(k, class) ·
 * A(y, x, k)} (Zhou et al., CVPR 2016) costs one small product where the activations lie, and only the map travels to the
 * host. Immutable and safe for any number of threads; independent of the engine's life.
 */
public interface Activations {

    /**
     * The batch.
     *
     * @return n, the number of images
     */
    int count();

    /**
     * Rows of the maps.
     *
     * @return h
     */
    int height();

    /**
     * Columns of the maps.
     *
     * @return w
     */
    int width();

    /**
     * Feature maps of the last convolution.
     *
     * @return k
     */
    int channels();

    /**
     * Outputs of the head.
     *
     * @return the number of classes
     */
    int classes();

    /**
     * The scores before softmax or sigmoid.
     *
     * @param image which image, in [0, n)
     * @return a copy, one logit per class
     */
    float[] logits(int image);

    /**
     * The class activation map, neither rectified nor normalised, without the bias.
     *
     * @param image which image, in [0, n)
     * @param classIndex which class, in [0, classes)
     * @return a new array [h, w], row-major
     */
    float[] map(int image, int classIndex);

    /**
     * Whether all numbers of an image are finite: its logits and the last convolution's activations, which a network whose weights are
     * damaged or too large for single precision makes infinite or NaN.
     *
     * @param image which image, in [0, n)
     * @return false if one is not
     */
    boolean isFinite(int image);

    /**
     * The last convolution's activations.
     *
     * @return [n, h, w, k] on the ND4J backend's device; shared, so leave it alone
     */
    INDArray features();

    /**
     * The maps of several classes of all images, as one matrix product.
     *
     * @param classIndices which classes, each in [0, classes)
     * @return a new array [n, classIndices.length, h, w] on the ND4J backend's device
     */
    INDArray maps(int... classIndices);

    /**
     * What an engine gave, with the head that makes maps of it.
     *
     * @param values a classifier's features and logits
     * @param head joins the pooled features to the classes
     * @return the same, where the engine left it
     * @throws IllegalArgumentException if the head is of other channels or classes
     */
    static Activations of(Values values, LinearHead head) {
        return values instanceof Nd4jValues arrays
                ? new Nd4jActivations(arrays, head)
                : new HostActivations(values, head);
    }
}
