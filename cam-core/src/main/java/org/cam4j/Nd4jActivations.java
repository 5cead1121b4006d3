package org.cam4j;

import java.util.Arrays;
import java.util.Objects;
import org.cam4j.classifier.LinearHead;
import org.cam4j.dl4j.engine.Nd4jValues;
import org.cam4j.plan.InferencePlan;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Activations in ND4J's memory: on the GPU with a CUDA backend. */
final class Nd4jActivations implements Activations {

    private final Nd4jValues values;
    private final INDArray features;
    private final LinearHead head;
    private final float[] logits;
    /** [classes, k]: the head's weights transposed; copied to the device for the first map. */
    private INDArray classWeights;

    Nd4jActivations(Nd4jValues values, LinearHead head) {
        this.values = values;
        this.features = values.array(InferencePlan.FEATURES);
        this.logits = values.host(InferencePlan.LOGITS);
        this.head = head;
        if (channels() != head.channels() || logits.length != count() * head.classes()) {
            throw new IllegalArgumentException("features of " + channels() + " channels and " + logits.length
                    + " logits for " + count() + " images and a head of " + head.channels() + " channels and "
                    + head.classes() + " classes");
        }
    }

    private synchronized INDArray classWeights() {
        if (classWeights == null) {
            classWeights = Nd4j.createFromArray(head.weights())
                    .reshape('c', head.channels(), head.classes())
                    .transpose()
                    .dup('c');
        }
        return classWeights;
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
        return head.classes();
    }

    @Override
    public float[] logits(int image) {
        int start = Objects.checkIndex(image, count()) * classes();
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

    /** Selects the weights of some classes, [k, classIndices.length]. */
    private INDArray columns(int... classIndices) {
        for (int classIndex : classIndices) {
            Objects.checkIndex(classIndex, classes());
        }
        return Nd4j.pullRows(classWeights(), 1, classIndices).transpose();
    }
}
