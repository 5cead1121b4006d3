package org.cam4j.onnx.export;

import java.util.function.Supplier;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.WeightArray;

/** Dense layers as nodes. The way back through a layer reads the same weights as the way forward, stored once. */
final class DenseNodes {

    private final GraphDraft draft;
    private final PlanTensors tensors;

    DenseNodes(GraphDraft draft, PlanTensors tensors) {
        this.draft = draft;
        this.tensors = tensors;
    }

    StepNodes.Result of(Dense dense, int input) {
        Shape shape = tensors.shape(input);
        String bias = draft.floats("bias", dense.bias(), dense.outputs());
        if (shape.isVector()) {
            String result = gemm(dense, tensors.flat(input), bias);
            if (shape.isImage()) {
                return new StepNodes.Result(tensors.reshaped(result, dense.outputs(), 1, 1), true);
            }
            return new StepNodes.Result(
                    shape.rank() == 1
                            ? result
                            : tensors.reshaped(
                                    result, shape.withChannels(dense.outputs()).sizes()),
                    false);
        }
        if (tensors.isFirst(input)) {
            String weights = stored(dense, "pointwise", true, dense.outputs(), dense.inputs(), 1, 1);
            return new StepNodes.Result(draft.add("Conv", tensors.first(input), weights, bias), true);
        }
        String weights = stored(dense, "matrix", false, dense.inputs(), dense.outputs());
        return new StepNodes.Result(draft.add("Add", draft.add("MatMul", tensors.last(input), weights), bias), false);
    }

    private String gemm(Dense dense, String vector, String bias) {
        boolean isTransposed = dense.weights().original().isPresent();
        String weights = isTransposed
                ? stored(dense, "matrix", false, dense.inputs(), dense.outputs())
                : stored(dense, "matrix", true, dense.outputs(), dense.inputs());
        return draft.node("Gemm", vector, weights, bias)
                .with("transB", isTransposed ? 0L : 1L)
                .output();
    }

    /**
     * Stores the weights.
     *
     * @param form what the tensor's axes are for
     * @param isOutputsFirst [outputs][inputs] as the layer has them; otherwise [inputs][outputs]
     */
    private String stored(Dense dense, String form, boolean isOutputsFirst, long... dims) {
        WeightArray weights = dense.weights();
        // The array whose rows are as stored: that of which these weights are the transpose, or these weights.
        WeightArray base = weights.original().orElse(weights);
        boolean isAsIs = weights.original().isPresent() != isOutputsFirst;
        Supplier<float[]> values = isAsIs
                ? base::values
                : () -> WeightArray.transposed(base, weights.original().isPresent() ? dense.inputs() : dense.outputs())
                        .values();
        return draft.shared(base, form + (isAsIs ? "" : " transposed"), "weights", values, dims);
    }
}
