package org.cam4j.dl4j.engine;

import java.util.Objects;
import org.cam4j.engine.Activations;
import org.cam4j.engine.FiniteNumbers;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Activations in ND4J's memory: on the GPU with a CUDA backend. */
final class Nd4jActivations implements Activations {

    private final INDArray features;
    private final INDArray classWeights;
    private final float[][] logits;

    /**
     * Takes what a network gave.
     *
     * @param features [n, h, w, k], float, in 'c' order
     * @param classWeights [classes, k], float: the head's weights transposed
     * @param logits [n][classes]
     */
    Nd4jActivations(INDArray features, INDArray classWeights, float[][] logits) {
        this.features = features;
        this.classWeights = classWeights;
        this.logits = logits;
    }

    @Override
    public int count() {
        return (int) features.size(0);
    }

    @Override
    public int height() {
        return (int) features.size(1);
    }

    @Override
    public int width() {
        return (int) features.size(2);
    }

    @Override
    public int channels() {
        return (int) features.size(3);
    }

    @Override
    public int classes() {
        return logits[0].length;
    }

    @Override
    public float[] logits(int image) {
        return logits[Objects.checkIndex(image, count())].clone();
    }

    @Override
    public boolean isFinite(int image) {
        return FiniteNumbers.areAll(logits[Objects.checkIndex(image, count())])
                && FiniteNumbers.areAll(features.get(NDArrayIndex.point(image)));
    }

    @Override
    public float[] map(int image, int classIndex) {
        Objects.checkIndex(image, count());
        INDArray cells = features.get(NDArrayIndex.point(image)).reshape('c', (long) height() * width(), channels());
        try (INDArray map = cells.mmul(columns(classIndex))) {
            return map.data().asFloat();
        }
    }

    @Override
    public INDArray features() {
        return features;
    }

    @Override
    public INDArray maps(int... classIndices) {
        INDArray cells = features.reshape('c', (long) count() * height() * width(), channels());
        INDArray maps = cells.mmul(columns(classIndices));
        return maps.reshape('c', count(), height(), width(), classIndices.length)
                .permute(0, 3, 1, 2)
                .dup('c');
    }

    /** The weights of some classes, [k, classIndices.length]. */
    private INDArray columns(int... classIndices) {
        for (int classIndex : classIndices) {
            Objects.checkIndex(classIndex, classes());
        }
        return Nd4j.pullRows(classWeights, 1, classIndices).transpose();
    }
}
