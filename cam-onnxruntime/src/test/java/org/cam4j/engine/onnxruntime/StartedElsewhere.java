package org.cam4j.engine.onnxruntime;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.exception.BackendException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Shape;
import org.cam4j.testing.SaidElsewhere;

/** A program that doubles a number by 2 MB of weights and says which engine did it, and why; the property {@code cam4j.engine} names one. */
final class StartedElsewhere {

    private static final int CHANNELS = 724;

    private StartedElsewhere() {}

    public static void main(String[] arguments) {
        Shape shape = new Shape(1, 1, CHANNELS);
        float[] weights = new float[CHANNELS * CHANNELS];
        for (int i = 0; i < CHANNELS; i++) {
            weights[i * CHANNELS + i] = 2;
        }
        PlanBuilder builder = new PlanBuilder(shape);
        int doubled =
                builder.add("double", Convolution.pointwise(weights, new float[CHANNELS], Activation.IDENTITY), 0);
        InferencePlan plan = builder.build(Map.of(InferencePlan.FEATURES, doubled));
        String name = System.getProperty("cam4j.engine");
        EngineSettings settings = EngineSettings.standard();
        try (Engine engine = Engines.of(plan, name == null ? settings : settings.withEngine(name))) {
            float[] ones = new float[CHANNELS];
            Arrays.fill(ones, 1);
            float[] found = engine.run(Batch.of(ones, shape), Set.of(InferencePlan.FEATURES))
                    .host(InferencePlan.FEATURES);
            SaidElsewhere.say(engine.name() + " runs " + found[0]);
        } catch (BackendException e) {
            SaidElsewhere.say("BackendException: " + e.getMessage());
        }
    }
}
