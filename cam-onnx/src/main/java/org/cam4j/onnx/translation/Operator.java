package org.cam4j.onnx.translation;

import java.util.List;

/** What an ONNX operator means in a plan. */
@FunctionalInterface
interface Operator {

    /**
     * Adds the steps of a node.
     *
     * @param draft the plan so far
     * @param call the node and its inputs, at least one of them computed from the image
     * @return a tensor for each of the node's outputs, or for the first ones
     * @throws UntranslatedException if no plan expresses this use of the operator
     * @throws IllegalArgumentException if the inputs do not fit
     */
    List<Tensor> translate(Draft draft, Call call);
}
