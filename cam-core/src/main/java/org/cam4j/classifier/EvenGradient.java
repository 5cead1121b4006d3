package org.cam4j.classifier;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.cam4j.plan.pass.PlanPass;

/** Ways back that end with a global average pooling, whose gradient is the same in all cells. */
final class EvenGradient {

    private EvenGradient() {}

    /**
     * Ends a way back before its gradient is divided among all cells.
     *
     * @param back the output {@link Adjoint#GRADIENT} has the size of a feature map
     * @return a plan whose gradient is that of the cells' average [1, 1, k]; empty if cells have gradients of their own
     */
    static Optional<InferencePlan> of(InferencePlan back) {
        int gradient = back.output(Adjoint.GRADIENT);
        return back.steps().stream()
                .filter(step -> step.value() == gradient
                        && step.operation() instanceof PoolingGradient pooling
                        && isGlobalAverage(pooling))
                .findFirst()
                .map(step -> endingBefore(back, step));
    }

    private static boolean isGlobalAverage(PoolingGradient gradient) {
        Shape shape = gradient.shape();
        return gradient.kind() == Pooling.Kind.AVERAGE
                && gradient.window().equals(Window.of(shape.height(), shape.width()));
    }

    private static InferencePlan endingBefore(InferencePlan back, Step spread) {
        Map<String, Integer> outputs = new LinkedHashMap<>(back.outputs());
        outputs.put(Adjoint.GRADIENT, spread.inputs().get(0));
        return PlanPass.simplified(back.withOutputs(outputs));
    }
}
