package org.cam4j.dl4j.layers;

import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link ChannelwiseLayer} in a graph. */
final class ChannelwiseLayerRun extends BaseLayer<ChannelwiseLayer> {

    private static final long serialVersionUID = 1;

    ChannelwiseLayerRun(NeuralNetConfiguration configuration, DataType type) {
        super(configuration, type);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, layerConf().forward(input, params));
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        // DL4J gives no array to a layer without parameters.
        Map<String, INDArray> gradients = gradientViews == null ? Map.of() : gradientViews;
        INDArray ofInput = layerConf().backward(input, params, epsilon, gradients);
        Gradient gradient = new DefaultGradient();
        gradients.forEach(gradient::setGradientFor);
        return new Pair<>(gradient, workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, ofInput));
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}
