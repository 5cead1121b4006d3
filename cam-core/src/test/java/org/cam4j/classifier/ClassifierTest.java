package org.cam4j.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.junit.jupiter.api.Test;

class ClassifierTest {

    private static final float[] WEIGHTS = {1, 2, 3, 4, 5, 6};

    /** Two classes of the pooled features, or of a part of them. */
    private static LinearHead head(Slice slice, float[] weights) {
        PlanBuilder plan = new PlanBuilder(new Shape(4, 4, 3));
        float[] identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
        int value =
                plan.add("conv", Convolution.pointwise(identity, new float[3], Activation.RELU), InferencePlan.INPUT);
        value = plan.add("gap", new GlobalPooling(Pooling.Kind.AVERAGE), value);
        value = plan.add("slice", slice, value);
        value = plan.add("classes", Dense.of(weights, new float[2], Activation.IDENTITY), value);
        return Classifier.find(plan.build(Map.of("scores", value)), "scores", LayerTerms.OPERATIONS, Optional.empty())
                .requireLinear();
    }

    @Test
    void aSliceOfRowsOfAVectorLeavesAllChannels() {
        assertThat(head(new Slice(0, 0, 1), WEIGHTS).weights()).containsExactly(1, 4, 2, 5, 3, 6);
    }

    @Test
    void aSliceOfChannelsLeavesWeightsOfZeroForTheOthers() {
        assertThat(head(Slice.channels(1, 2), new float[] {1, 2, 3, 4}).weights())
                .containsExactly(0, 0, 1, 3, 2, 4);
    }
}
