package org.cam4j;

import java.util.Arrays;
import java.util.Objects;
import org.cam4j.classifier.WayBack;
import org.cam4j.engine.Values;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Activations of a network whose head is not linear: each map needs a walk back through the head. */
final class GatedActivations implements Activations {

    private final Values values;
    private final WayBack back;
    private final Shape shape;
    private final float[] logits;

    GatedActivations(Values values, WayBack back) {
        this.values = values;
        this.back = back;
        this.shape = values.shape(InferencePlan.FEATURES);
        this.logits = values.host(InferencePlan.LOGITS);
    }

    @Override
    public int count() {
        return values.count();
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
        return logits.length / count();
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
        Objects.checkIndex(image, count());
        float[] seed = new float[classes()];
        seed[Objects.checkIndex(classIndex, classes())] = 1;
        WayBack.Result found = back.walk(values, image, seed)[0];
        return new ClassMap(sums(image, found.gradient()), found.bias());
    }

    /** {@code h · w · Σ_k G · A} for each cell. */
    private float[] sums(int image, float[] gradient) {
        float[] features = values.host(InferencePlan.FEATURES);
        int cells = shape.height() * shape.width();
        int channels = shape.channels();
        float[] map = new float[cells];
        int start = image * shape.size();
        for (int cell = 0; cell < cells; cell++) {
            double sum = 0;
            for (int k = cell * channels; k < (cell + 1) * channels; k++) {
                sum += (double) gradient[k] * features[start + k];
            }
            map[cell] = (float) (cells * sum);
        }
        return map;
    }

    @Override
    public INDArray features() {
        return Nd4j.createFromArray(values.host(InferencePlan.FEATURES))
                .reshape('c', count(), shape.height(), shape.width(), shape.channels());
    }

    @Override
    public INDArray maps(int... classIndices) {
        int cells = shape.height() * shape.width();
        float[] maps = new float[Math.multiplyExact(Math.multiplyExact(count(), classIndices.length), cells)];
        for (int image = 0; image < count(); image++) {
            for (int i = 0; i < classIndices.length; i++) {
                float[] map = map(image, classIndices[i]);
                System.arraycopy(map, 0, maps, (image * classIndices.length + i) * cells, cells);
            }
        }
        return Nd4j.createFromArray(maps).reshape('c', count(), classIndices.length, shape.height(), shape.width());
    }
}
