package org.cam4j;

import java.util.Arrays;
import java.util.Objects;
import org.cam4j.classifier.LinearHead;
import org.cam4j.engine.Values;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Activations in Java arrays. Loads ND4J only when an {@link INDArray} is asked for. */
final class HostActivations implements Activations {

    private final Values values;
    private final float[] features;
    private final float[] logits;
    private final Shape shape;
    private final LinearHead head;
    private final int count;

    HostActivations(Values values, LinearHead head) {
        this.values = values;
        this.features = values.host(InferencePlan.FEATURES);
        this.logits = values.host(InferencePlan.LOGITS);
        this.shape = values.shape(InferencePlan.FEATURES);
        this.head = head;
        this.count = values.count();
        if (shape.channels() != head.channels() || logits.length != Math.multiplyExact(count, head.classes())) {
            throw new IllegalArgumentException("features of " + shape + " and " + logits.length + " logits for " + count
                    + " images and a head of " + head.channels() + " channels and " + head.classes() + " classes");
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
        return values.isFinite(InferencePlan.LOGITS, image) && values.isFinite(InferencePlan.FEATURES, image);
    }

    @Override
    public ClassMap classMap(int image, int classIndex) {
        return new ClassMap(map(image, classIndex), head.bias()[classIndex]);
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

    /** Adds four sums at a time, because additions to one sum wait for each other. */
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
