package org.cam4j;

import org.cam4j.classifier.LinearHead;
import org.cam4j.dl4j.engine.Nd4jValues;
import org.cam4j.engine.Values;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network's results for a batch: the target layer's activations {@code A} [n, h, w, k] and the logits [n, classes].
 *
 * <p>Holds the head's weights {@code W} [k, classes], if the head is linear. The map of a further class
 * {@code M(y, x) = Σ_k W(k, class) · A(y, x, k)} (Zhou et al., CVPR 2016) therefore costs one small product on the activations' device,
 * and only the map is copied to the host. With any other head, a map is {@code h · w · Σ_k G(y, x, k) · A(y, x, k)} with {@code G} from
 * a walk back through the head with held gates.
 *
 * <p>Immutable and thread-safe; stays valid after the engine is closed.
 */
public interface Activations {

    /**
     * Returns the size of the batch.
     *
     * @return n, the number of images
     */
    int count();

    /**
     * Returns the rows of the maps.
     *
     * @return h
     */
    int height();

    /**
     * Returns the columns of the maps.
     *
     * @return w
     */
    int width();

    /**
     * Returns the number of feature maps of the target layer.
     *
     * @return k
     */
    int channels();

    /**
     * Returns the number of the head's outputs.
     *
     * @return the number of classes
     */
    int classes();

    /**
     * Returns the scores before softmax or sigmoid.
     *
     * @param image the image's index, in [0, n)
     * @return a copy, one logit per class
     */
    float[] logits(int image);

    /**
     * Computes a class activation map, neither rectified nor normalised, without the bias.
     *
     * @param image the image's index, in [0, n)
     * @param classIndex the class's index, in [0, classes)
     * @return a new array [h, w], row-major
     */
    default float[] map(int image, int classIndex) {
        return classMap(image, classIndex).values();
    }

    /**
     * Computes a class activation map and what the class's logit has without it.
     *
     * @param image the image's index, in [0, n)
     * @param classIndex the class's index, in [0, classes)
     * @return the map and its bias: {@code mean(map) + bias} is the logit
     */
    ClassMap classMap(int image, int classIndex);

    /**
     * A raw map of one class of one image.
     *
     * @param values [h, w], row-major, a new array
     * @param bias what the logit has besides the map's mean
     */
    record ClassMap(float[] values, float bias) {}

    /**
     * Tells whether an image's logits and the target layer's activations are all finite. Weights that are damaged or too large for
     * single precision give infinite values or NaN.
     *
     * @param image the image's index, in [0, n)
     * @return false if a value is infinite or NaN
     */
    boolean isFinite(int image);

    /**
     * Returns the target layer's activations.
     *
     * @return [n, h, w, k] on the ND4J backend's device; not copied: do not modify it
     */
    INDArray features();

    /**
     * Computes the maps of several classes of all images, as one matrix product.
     *
     * @param classIndices the classes' indices, each in [0, classes)
     * @return a new array [n, classIndices.length, h, w] on the ND4J backend's device
     */
    INDArray maps(int... classIndices);

    /**
     * Creates activations from an engine's outputs and the head.
     *
     * @param values a classifier's features and logits; not copied
     * @param head the weights from the pooled features to the classes
     * @return activations on the device of the values
     * @throws IllegalArgumentException if the head has another number of channels or classes
     */
    static Activations of(Values values, LinearHead head) {
        return values instanceof Nd4jValues arrays
                ? new Nd4jActivations(arrays, head)
                : new LinearActivations(values, head);
    }
}
