package org.cam4j.dl4j.layers;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cam4j.dl4j.graph.PlannedVertex;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution of maps [n, h, w, c] that DL4J lacks, computed on the columns of its windows.
 *
 * <p>Its parameters are DL4J's {@code W} with four axes and {@code b}.
 */
abstract class KernelConvolution extends ConvolutionLayer implements PlannedVertex {

    private static final long serialVersionUID = 1;

    /** For reading from JSON. */
    KernelConvolution() {}

    KernelConvolution(BaseConvBuilder<?> builder) {
        super(builder);
        setCnn2dDataFormat(CNN2DFormat.NHWC);
    }

    /** Returns the sizes of {@code W}. */
    abstract long[] kernelShape();

    /** Computes the output without bias and activation. */
    abstract INDArray forward(INDArray input, INDArray kernel);

    /**
     * Computes the gradients by the chain rule.
     *
     * @param input of the layer
     * @param kernel the weights
     * @param gradient of the loss with respect to the output, before the activation
     * @param kernelGradient receives the gradient with respect to the kernel
     * @return the gradient with respect to the input
     */
    abstract INDArray backward(INDArray input, INDArray kernel, INDArray gradient, INDArray kernelGradient);

    @Override
    public final boolean supports(CNN2DFormat format) {
        return format == CNN2DFormat.NHWC;
    }

    /** Returns the bias [out] for a plan. */
    final float[] plannedBias(Map<String, INDArray> weights) {
        return weights.containsKey(ConvolutionParamInitializer.BIAS_KEY)
                ? PlannedVertex.floats(weights.get(ConvolutionParamInitializer.BIAS_KEY))
                : new float[Math.toIntExact(getNOut())];
    }

    @Override
    public final ParamInitializer initializer() {
        long[] shape = kernelShape();
        Map<String, FlatParameters.Parameter> parameters = new LinkedHashMap<>();
        if (hasBias()) {
            parameters.put(
                    ConvolutionParamInitializer.BIAS_KEY,
                    new FlatParameters.Parameter(new long[] {getNOut()}, false, getBiasInit()));
        }
        parameters.put(ConvolutionParamInitializer.WEIGHT_KEY, new FlatParameters.Parameter(shape, true, null));
        long cells = shape[2] * shape[3];
        return new FlatParameters(parameters, (double) shape[1] * cells, (double) shape[0] * cells);
    }

    @Override
    public final Layer instantiate(
            NeuralNetConfiguration configuration,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initializeParameters,
            DataType type) {
        return LayerStart.of(
                new KernelConvolutionRun(configuration, type),
                configuration,
                listeners,
                index,
                parameters,
                initializeParameters,
                initializer());
    }

    /** Returns the windows of this layer on maps of a size. */
    final Columns columns(long height, long width) {
        return new Columns(
                getKernelSize(), getStride(), getPadding(), getDilation(), getConvolutionMode(), height, width);
    }
}
