package org.cam4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;
import org.junit.jupiter.api.Test;

class DependenciesTest {

    private static final Operation RELU = new Activate(Activation.RELU);

    /** Two maps of the image, their sum, and a map that nothing reads. */
    private static final List<Step> STEPS = List.of(
            new Step(1, "left", RELU, List.of(0)),
            new Step(2, "right", RELU, List.of(0)),
            new Step(3, "unread", RELU, List.of(1)),
            new Step(4, "sum", new Elementwise(Elementwise.Kind.ADD), List.of(1, 2)),
            new Step(5, "scores", RELU, List.of(4)),
            new Step(6, "joined", new Concatenate(2), List.of(1, 2)));

    private static InferencePlan plan(int features) {
        return new InferencePlan(
                Map.of("image", new Shape(2, 2, 3)),
                STEPS,
                Map.of(InferencePlan.FEATURES, features, InferencePlan.LOGITS, 5));
    }

    @Test
    void valuesComputedFromOthersAreFoundWithThem() {
        assertThat(Dependencies.dependingOn(plan(4), List.of(2))).isEqualTo(Set.of(2, 4, 5, 6));
    }

    @Test
    void valuesThatLeadToOthersAreFoundUpToTheEnds() {
        assertThat(Dependencies.leadingTo(plan(4), List.of(5))).isEqualTo(Set.of(0, 1, 2, 4, 5));
        assertThat(Dependencies.leadingTo(plan(4), List.of(5), List.of(1, 2))).isEqualTo(Set.of(1, 2, 4, 5));
    }

    @Test
    void featuresJoinedForTheMapAloneAreTheMapsThatAreJoined() {
        assertThat(Dependencies.featureMaps(plan(6))).isEqualTo(List.of(1, 2));
        assertThat(Dependencies.featureMaps(plan(4))).isEqualTo(List.of(4));
    }
}
