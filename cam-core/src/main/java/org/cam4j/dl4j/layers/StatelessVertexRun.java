package org.cam4j.dl4j.layers;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link StatelessVertex} in a graph. */
@SuppressWarnings("overrides") // DL4J declares setInputs with an array here and with dots there.
final class StatelessVertexRun extends BaseGraphVertex {

    private static final long serialVersionUID = 1;

    private final StatelessVertex function;

    StatelessVertexRun(StatelessVertex function, ComputationGraph graph, String name, int index, DataType type) {
        super(graph, name, index, null, null, type);
        this.function = function;
    }

    @Override
    public boolean hasLayer() {
        return false;
    }

    @Override
    public Layer getLayer() {
        return null;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, function.forward(getInputs()));
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        INDArray[] gradients = function.backward(getEpsilon(), getInputs());
        for (int i = 0; i < gradients.length; i++) {
            gradients[i] = workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, gradients[i]);
        }
        return new Pair<>(null, gradients);
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray gradients) {
        if (gradients != null) {
            throw new IllegalArgumentException(function + " has no parameters");
        }
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int minibatch) {
        return new Pair<>(masks == null || masks.length == 0 ? null : masks[0], state);
    }

    @Override
    public String toString() {
        return getVertexName() + ": " + function;
    }
}
