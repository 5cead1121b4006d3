package org.cam4j.engine.cuda;

import org.cam4j.plan.operation.Shape;

/**
 * Class activation maps of the classes with the highest logits: {@code M(y, x) = Σ_k w_k · A_k(y, x)} with the features {@code A} and
 * the class's weights {@code w}, computed on the GPU. The arrays are not copied.
 *
 * @param logits [n, classes]
 * @param classes [n], the first of equal ones
 * @param cells [n, h, w], as the network made them
 * @param pixels [n, height, width], enlarged to the image's size by linear interpolation
 */
public record ClassMaps(float[] logits, int[] classes, float[] cells, float[] pixels) {

    /** Throws if the arrays are of other sizes. */
    void requireSizes(int count, int allClasses, Shape features, Shape image) {
        boolean fits = logits.length == count * allClasses
                && classes.length == count
                && cells.length == count * features.height() * features.width()
                && pixels.length == count * image.height() * image.width();
        if (!fits) {
            throw new IllegalArgumentException("maps of another number of images or of another network than " + count
                    + " images of " + image + " with features of " + features);
        }
    }

    static ClassMaps of(int count, int classes, Shape features, Shape image) {
        return new ClassMaps(
                new float[Math.multiplyExact(count, classes)],
                new int[count],
                new float[Math.multiplyExact(count, features.height() * features.width())],
                new float[Math.multiplyExact(count, image.height() * image.width())]);
    }
}
