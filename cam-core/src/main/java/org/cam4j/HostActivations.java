package org.cam4j;

import java.util.Arrays;
import java.util.Objects;
import org.cam4j.engine.Values;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Activations in Java arrays, which features reach when they are first asked for. Loads ND4J only when an {@link INDArray} is asked for. */
abstract class HostActivations implements Activations {

    private final Values values;
    private final float[] logits;
    private final Shape shape;
    private final int classes;

    HostActivations(Values values) {
        this.values = values;
        this.logits = values.host(InferencePlan.LOGITS);
        this.shape = values.shape(InferencePlan.FEATURES);
        this.classes = logits.length / values.count();
    }

    @Override
    public final int count() {
        return values.count();
    }

    @Override
    public final int height() {
        return shape.height();
    }

    @Override
    public final int width() {
        return shape.width();
    }

    @Override
    public final int channels() {
        return shape.channels();
    }

    @Override
    public final int classes() {
        return classes;
    }

    @Override
    public final float[] logits(int image) {
        int start = Objects.checkIndex(image, count()) * classes;
        return Arrays.copyOfRange(logits, start, start + classes);
    }

    @Override
    public boolean isFinite(int image) {
        return values.isFinite(InferencePlan.LOGITS, image) && values.isFinite(InferencePlan.FEATURES, image);
    }

    @Override
    public final ClassMap classMap(int image, int classIndex) {
        Objects.checkIndex(image, count());
        Objects.checkIndex(classIndex, classes);
        float[] map = new float[cells()];
        float bias = map(image, classIndex, map, 0);
        return new ClassMap(map, bias);
    }

    /**
     * Computes a map.
     *
     * @param maps takes the map's cells from {@code offset} on
     * @return the bias
     */
    abstract float map(int image, int classIndex, float[] maps, int offset);

    final Values values() {
        return values;
    }

    /** Returns {@code A} of all images, [n, h, w, k]; shared. */
    final float[] featureNumbers() {
        return values.host(InferencePlan.FEATURES);
    }

    final int cells() {
        return shape.height() * shape.width();
    }

    @Override
    public final INDArray features() {
        return Nd4j.createFromArray(featureNumbers())
                .reshape('c', count(), shape.height(), shape.width(), shape.channels());
    }

    @Override
    public final INDArray maps(int... classIndices) {
        for (int classIndex : classIndices) {
            Objects.checkIndex(classIndex, classes);
        }
        return Nd4j.createFromArray(numbersOfMaps(classIndices))
                .reshape('c', count(), classIndices.length, shape.height(), shape.width());
    }

    /** Returns the maps of classes of all images, a new array [n, classIndices.length, h, w]. */
    float[] numbersOfMaps(int... classIndices) {
        float[] maps = new float[Math.multiplyExact(Math.multiplyExact(count(), classIndices.length), cells())];
        for (int image = 0; image < count(); image++) {
            for (int i = 0; i < classIndices.length; i++) {
                map(image, classIndices[i], maps, (image * classIndices.length + i) * cells());
            }
        }
        return maps;
    }
}
