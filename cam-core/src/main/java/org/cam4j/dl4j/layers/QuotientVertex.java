package org.cam4j.dl4j.layers;

import java.util.List;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Elementwise;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Divides an array by another, number by number, with the broadcasting of {@link BroadcastVertex}: the first times the reciprocal of the
 * second. A pooling that is weighted by an attention mask divides by the mask's mean.
 */
public final class QuotientVertex extends StatelessVertex {

    private static final long serialVersionUID = 1;

    private static final BroadcastVertex PRODUCT = new BroadcastVertex(Elementwise.Kind.MULTIPLY);

    @Override
    INDArray forward(INDArray... inputs) {
        return PRODUCT.forward(inputs[0], inputs[1].rdiv(1));
    }

    @Override
    INDArray[] backward(INDArray gradient, INDArray... inputs) {
        INDArray reciprocal = inputs[1].rdiv(1);
        INDArray[] gradients = PRODUCT.backward(gradient, inputs[0], reciprocal);
        // The derivative of 1 / b is -1 / b².
        gradients[1].muli(reciprocal).muli(reciprocal).negi();
        return gradients;
    }

    @Override
    int plan(PlanBuilder plan, String name, int... inputs) {
        Activation reciprocal = new Activation(Activation.Function.POWER, -1, 0);
        return BroadcastPlan.add(
                plan, name, Elementwise.Kind.MULTIPLY, inputs[0], plan.add(name, new Activate(reciprocal), inputs[1]));
    }

    @Override
    List<?> settings() {
        return List.of();
    }

    @Override
    InputType outputType(InputType... inputs) {
        return PRODUCT.outputType(inputs);
    }

    @Override
    public int minVertexInputs() {
        return 2;
    }

    @Override
    public int maxVertexInputs() {
        return 2;
    }

    @Override
    public String kerasClass() {
        return "Divide";
    }
}
