package org.cam4j.classifier;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.plan.Dependencies;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.Shape;

/** The way back of a simplified plan that already has the kept values among its outputs, such as that of a prepared model. */
public final class StoredWayBack {

    private StoredWayBack() {}

    /**
     * Returns the output whose product with the gradient gives maps: where the way back ends.
     *
     * @param plan with the output features
     * @return {@link InferencePlan#SUMMANDS} if the plan has them, otherwise {@link InferencePlan#FEATURES}
     */
    public static String end(InferencePlan plan) {
        return plan.outputs().containsKey(InferencePlan.SUMMANDS) ? InferencePlan.SUMMANDS : InferencePlan.FEATURES;
    }

    /**
     * Makes the way back with held gates from logits to the features, or to their {@link SummedByCell summands}.
     *
     * @param plan with the outputs features, logits and the values that the way back reads
     * @return a plan whose inputs are the seed and outputs of {@code plan}; not simplified yet
     * @throws IllegalArgumentException if the way back needs a value that is no output
     */
    public static InferencePlan of(InferencePlan plan) {
        int logits = plan.output(InferencePlan.LOGITS);
        List<Integer> ends = end(plan).equals(InferencePlan.SUMMANDS)
                ? List.of(plan.output(InferencePlan.SUMMANDS))
                : Dependencies.featureMaps(plan);
        Adjoint adjoint = Adjoint.of(plan, logits, ends, Gates.HELD);
        Map<Integer, String> names = new LinkedHashMap<>();
        plan.outputs().forEach((name, value) -> names.put(value, name));
        Map<String, Shape> inputs = new LinkedHashMap<>();
        adjoint.backward().inputs().forEach((name, shape) -> {
            String stored = name.equals(Adjoint.SEED)
                    ? name
                    : names.get(adjoint.forward().output(name));
            if (stored == null || inputs.put(stored, shape) != null) {
                throw new IllegalArgumentException("the way back to the features reads '" + name
                        + "', which is none of the outputs " + plan.outputs().keySet());
            }
        });
        return new InferencePlan(
                inputs, adjoint.backward().steps(), adjoint.backward().outputs());
    }
}
