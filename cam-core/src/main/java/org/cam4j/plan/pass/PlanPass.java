package org.cam4j.plan.pass;

import java.util.List;
import org.cam4j.plan.InferencePlan;

/** Rewrites a plan into an equivalent one with fewer or cheaper steps. */
public interface PlanPass {

    /** All passes, in order: earlier passes create the patterns that later ones find. */
    List<PlanPass> ALL = List.of(
            new RemoveIdentities(),
            new ShareConcatenations(),
            new RecognizeHardSigmoids(),
            new RecognizeSwish(),
            new FoldIntoPreceding(),
            new FuseActivations(),
            new AbsorbPadding(),
            new FoldIntoFollowing(),
            new FuseResidualSums(),
            new RemoveUnread());

    /**
     * Rewrites a plan.
     *
     * @param plan any plan; not modified
     * @return a plan with the same inputs and outputs; may be {@code plan} itself
     */
    InferencePlan apply(InferencePlan plan);

    /**
     * Applies all passes: normalisation is folded into convolutions, activations and sums are fused, padding is absorbed, identities and
     * unread values are removed. Results differ by rounding only.
     *
     * @param plan any plan; not modified
     * @return a new plan
     */
    static InferencePlan simplified(InferencePlan plan) {
        InferencePlan simplified = plan;
        for (PlanPass pass : ALL) {
            simplified = pass.apply(simplified);
        }
        return simplified;
    }
}
