package org.cam4j.testing;

import java.util.Map;
import java.util.Optional;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Precision;
import org.cam4j.engine.onednn.OneDnnEngine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Shape;

/** Whether oneDNN computes in bfloat16 on this processor. */
public final class Bfloat16Support {

    private Bfloat16Support() {}

    /** Starts an engine of one multiplication. */
    public static boolean isHere() {
        PlanBuilder plan = new PlanBuilder(new Shape(1));
        int product =
                plan.add("product", Dense.of(new float[] {1}, new float[1], Activation.IDENTITY), InferencePlan.INPUT);
        try {
            OneDnnEngine.start(
                            plan.build(Map.of("product", product)),
                            EngineSettings.standard().withThreads(1).withPrecision(Precision.BFLOAT16),
                            Optional.empty())
                    .close();
            return true;
        } catch (EngineUnavailableException e) {
            return false;
        }
    }
}
