package org.cam4j.engine;

import java.util.Arrays;
import java.util.Objects;
import org.cam4j.plan.LinearHead;
import org.cam4j.plan.operation.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Activations in Java's own memory. ND4J is loaded when an {@link INDArray} is asked for, not before.
 *
 * <p>Public for the engines; an application sees {@link Activations}.
 */
public final class HostActivations implements Activations {

    private final float[] features;
    private final Shape shape;
    private final LinearHead head;
    private final int count;
    private final float[] logits;

    /**
     * Takes what a network gave.
     *
     * @param features [n, h, w, k], row-major; kept
     * @param shape [h, w, k] of one image's features
     * @param logits [n, classes]; kept
     * @param head made the logits
     */
    public HostActivations(float[] features, Shape shape, float[] logits, LinearHead head) {
        if (features.length == 0 || features.length % shape.size() != 0 || shape.channels() != head.channels()) {
            throw new IllegalArgumentException(features.length + " features are no whole number of " + shape
                    + " for a head of " + head.channels() + " channels");
        }
        this.features = features;
        this.shape = shape;
        this.head = head;
        this.count = features.length / shape.size();
        this.logits = logits;
        if (logits.length != Math.multiplyExact(count, head.classes())) {
            throw new IllegalArgumentException(logits.length + " logits for " + count + " images of " + head.classes());
        }
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public int height() {
        return shape.height();
    }

    @Override
    public int width() {
        return shape.width();
    }

    @Override
    public int channels() {
        return shape.channels();
    }

    @Override
    public int classes() {
        return head.classes();
    }

    @Override
    public float[] logits(int image) {
        int start = Objects.checkIndex(image, count) * classes();
        return Arrays.copyOfRange(logits, start, start + classes());
    }

    @Override
    public boolean isFinite(int image) {
        int logit = Objects.checkIndex(image, count) * classes();
        int feature = image * shape.size();
        return FiniteNumbers.areAll(logits, logit, logit + classes())
                && FiniteNumbers.areAll(features, feature, feature + shape.size());
    }

    @Override
    public float[] map(int image, int classIndex) {
        Objects.checkIndex(image, count);
        Objects.checkIndex(classIndex, classes());
        float[] map = new float[shape.height() * shape.width()];
        map(image, classWeights(classIndex), map, 0);
        return map;
    }

    private float[] classWeights(int classIndex) {
        float[] column = new float[shape.channels()];
        for (int k = 0; k < column.length; k++) {
            column[k] = head.weights()[k * classes() + classIndex];
        }
        return column;
    }

    /** Four sums at a time: additions of one sum wait for each other. */
    private void map(int image, float[] column, float[] map, int offset) {
        int channels = column.length;
        int start = image * shape.size();
        for (int cell = 0; cell < shape.height() * shape.width(); cell++, start += channels) {
            float a = 0;
            float b = 0;
            float c = 0;
            float d = 0;
            int k = 0;
            for (; k + 3 < channels; k += 4) {
                a += features[start + k] * column[k];
                b += features[start + k + 1] * column[k + 1];
                c += features[start + k + 2] * column[k + 2];
                d += features[start + k + 3] * column[k + 3];
            }
            for (; k < channels; k++) {
                a += features[start + k] * column[k];
            }
            map[offset + cell] = (a + b) + (c + d);
        }
    }

    @Override
    public INDArray features() {
        return Nd4j.createFromArray(features).reshape('c', count, shape.height(), shape.width(), shape.channels());
    }

    @Override
    public INDArray maps(int... classIndices) {
        int cells = shape.height() * shape.width();
        float[] maps = new float[Math.multiplyExact(Math.multiplyExact(count, classIndices.length), cells)];
        for (int i = 0; i < classIndices.length; i++) {
            float[] column = classWeights(Objects.checkIndex(classIndices[i], classes()));
            for (int image = 0; image < count; image++) {
                map(image, column, maps, (image * classIndices.length + i) * cells);
            }
        }
        return Nd4j.createFromArray(maps).reshape('c', count, classIndices.length, shape.height(), shape.width());
    }
}
