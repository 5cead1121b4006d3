package org.cam4j.dl4j.graph;

import java.util.Map;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ScaleShift;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Batch normalisation at inference: {@code γ · (x - mean) / sqrt(variance + ε) + β} (Ioffe and Szegedy, ICML 2015). */
final class BatchNormalizations {

    private BatchNormalizations() {}

    static ScaleShift scaleShift(BatchNormalization layer, Map<String, INDArray> weights) {
        float[] mean = LayerPlanner.floats(weights.get("mean"));
        float[] variance = variance(layer, weights);
        float[] scale = new float[mean.length];
        float[] shift = new float[mean.length];
        for (int c = 0; c < mean.length; c++) {
            double gamma = layer.isLockGammaBeta()
                    ? layer.getGamma()
                    : weights.get("gamma").getDouble(c);
            double beta = layer.isLockGammaBeta()
                    ? layer.getBeta()
                    : weights.get("beta").getDouble(c);
            double factor = gamma / Math.sqrt(variance[c] + layer.getEps());
            scale[c] = (float) factor;
            shift[c] = (float) (beta - factor * mean[c]);
        }
        // DL4J accepts an activation function for a normalisation but does not apply it.
        return new ScaleShift(scale, shift, Activation.IDENTITY);
    }

    private static float[] variance(BatchNormalization layer, Map<String, INDArray> weights) {
        if (!layer.isUseLogStd()) {
            return LayerPlanner.floats(weights.get("var"));
        }
        float[] variance = LayerPlanner.floats(weights.get("log10stdev"));
        for (int c = 0; c < variance.length; c++) {
            variance[c] = (float) Math.pow(10, 2.0 * variance[c]);
        }
        return variance;
    }
}
