package org.cam4j.dl4j.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link KernelConvolution} in a graph: adds bias and activation. */
final class KernelConvolutionRun extends BaseLayer<KernelConvolution> {

    private static final long serialVersionUID = 1;

    KernelConvolutionRun(NeuralNetConfiguration configuration, DataType type) {
        super(configuration, type);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        INDArray activations = layerConf().getActivationFn().getActivation(linear(training, workspaces), training);
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, activations);
    }

    private INDArray linear(boolean training, LayerWorkspaceMgr workspaces) {
        applyDropOutIfNecessary(training, workspaces);
        INDArray output = layerConf()
                .forward(input, getParamWithNoise(ConvolutionParamInitializer.WEIGHT_KEY, training, workspaces));
        if (layerConf().hasBias()) {
            INDArray bias = getParamWithNoise(ConvolutionParamInitializer.BIAS_KEY, training, workspaces);
            output.addi(bias.reshape(1, 1, 1, bias.length()));
        }
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray delta = layerConf()
                .getActivationFn()
                .backprop(linear(true, workspaces), epsilon)
                .getFirst();
        Gradient gradient = new DefaultGradient();
        if (layerConf().hasBias()) {
            INDArray ofBias = gradientViews.get(ConvolutionParamInitializer.BIAS_KEY);
            ofBias.assign(delta.sum(0, 1, 2));
            gradient.setGradientFor(ConvolutionParamInitializer.BIAS_KEY, ofBias);
        }
        INDArray ofKernel = gradientViews.get(ConvolutionParamInitializer.WEIGHT_KEY);
        INDArray kernel = getParamWithNoise(ConvolutionParamInitializer.WEIGHT_KEY, true, workspaces);
        INDArray ofInput = layerConf().backward(input, kernel, delta, ofKernel);
        gradient.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, ofKernel, 'c');
        weightNoiseParams.clear();
        return new Pair<>(
                gradient, backpropDropOutIfPresent(workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, ofInput)));
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}
