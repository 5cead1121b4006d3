package org.cam4j.classifier;

import java.util.Map;
import org.cam4j.plan.Dependencies;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.pass.NarrowSlices;
import org.cam4j.plan.pass.PlanPass;

/** What engines run of a classifier's plan: what scores and maps need, and no more. */
public final class RunnablePlan {

    private RunnablePlan() {}

    /**
     * Rewrites a classifier's plan: other cells than the class token are left out where nothing reads them ({@link NarrowSlices}), large
     * dense layers are {@linkplain SummedByCell summed by cell}.
     *
     * @param simplified with the outputs features and logits, and those that the way back reads if the head is not linear
     * @return a plan with features, logits and perhaps others of these outputs, from which {@link StoredWayBack} makes the way back
     */
    public static InferencePlan of(InferencePlan simplified) {
        return SummedByCell.of(narrowed(simplified));
    }

    private static InferencePlan narrowed(InferencePlan plan) {
        Map<String, Integer> needed = Map.of(
                InferencePlan.FEATURES,
                plan.output(InferencePlan.FEATURES),
                InferencePlan.LOGITS,
                plan.output(InferencePlan.LOGITS));
        if (needed.size() == plan.outputs().size()) {
            return plan;
        }
        InferencePlan alone = PlanPass.simplified(plan.withOutputs(needed));
        InferencePlan narrowed = new NarrowSlices().apply(alone);
        if (narrowed == alone) {
            return plan;
        }
        return PlanPass.simplified(Adjoint.of(
                        narrowed, narrowed.output(InferencePlan.LOGITS), Dependencies.featureMaps(narrowed), Gates.HELD)
                .forward());
    }
}
