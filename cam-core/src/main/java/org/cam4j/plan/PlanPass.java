package org.cam4j.plan;

import java.util.List;

/** Rewrites a plan into one that computes the same with less. */
interface PlanPass {

    /** All passes in the order in which each finds what the ones before it made possible. */
    List<PlanPass> ALL = List.of(
            new RemoveIdentities(),
            new RecognizeHardSigmoids(),
            new RecognizeGates(),
            new FoldIntoPreceding(),
            new FuseActivations(),
            new AbsorbPadding(),
            new FoldIntoFollowing(),
            new FuseResidualSums(),
            new RemoveUnread());

    InferencePlan apply(InferencePlan plan);
}
