package org.cam4j.classifier;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.Shape;

/** The way back of a simplified plan that already has the kept values among its outputs, such as that of a prepared model. */
public final class StoredWayBack {

    private StoredWayBack() {}

    /**
     * Makes the way back with held gates from logits to features.
     *
     * @param plan with the outputs features, logits and the values that the way back reads
     * @return a plan whose inputs are the seed and outputs of {@code plan}; not simplified yet
     * @throws IllegalArgumentException if the way back needs a value that is no output
     */
    public static InferencePlan of(InferencePlan plan) {
        int logits = plan.output(InferencePlan.LOGITS);
        Adjoint adjoint = Adjoint.of(plan, logits, targets(plan), Gates.HELD);
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

    /** The features; if they are several maps joined for the output alone, these maps. */
    private static List<Integer> targets(InferencePlan plan) {
        int features = plan.output(InferencePlan.FEATURES);
        Set<Integer> leading = new HashSet<>(Set.of(plan.output(InferencePlan.LOGITS)));
        Step joining = null;
        for (int i = plan.steps().size() - 1; i >= 0; i--) {
            Step step = plan.steps().get(i);
            joining = step.value() == features ? step : joining;
            if (leading.contains(step.value())) {
                leading.addAll(step.inputs());
            }
        }
        return !leading.contains(features) && joining != null && joining.operation() instanceof Concatenate
                ? joining.inputs()
                : List.of(features);
    }
}
