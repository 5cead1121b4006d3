package org.cam4j.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.cam4j.engine.Batch;
import org.cam4j.engine.EngineSettings;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.WeightArray;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Plans;
import org.junit.jupiter.api.Test;

class SharedWeightsTest {

    private static final byte[] LAYOUT = {1, 2};

    private final SharedWeights shared = new SharedWeights();
    private final WeightArray array = WeightArray.of(new float[] {1});
    private final List<BytePointer> packed = new ArrayList<>();

    private BytePointer pack(NativeObjects owner) {
        BytePointer place = owner.own(new BytePointer(4));
        packed.add(place);
        return place;
    }

    private BytePointer place(WeightArray source, byte[] layout, NativeObjects user) {
        return shared.place(source, layout, user, this::pack);
    }

    @Test
    void anArrayIsPackedOnceUntilItsLastUserIsClosed() {
        NativeObjects first = new NativeObjects();
        NativeObjects second = new NativeObjects();
        BytePointer place = place(array, LAYOUT, first);
        assertThat(place(array, LAYOUT.clone(), second)).isSameAs(place);
        assertThat(packed).hasSize(1);

        first.close();
        assertThat(place.isNull()).isFalse();
        second.close();
        assertThat(place.isNull()).isTrue();

        NativeObjects third = new NativeObjects();
        assertThat(place(array, LAYOUT, third).isNull()).isFalse();
        assertThat(packed).hasSize(2);
        third.close();
    }

    @Test
    void otherLayoutsAndOtherArraysArePackedApart() {
        NativeObjects user = new NativeObjects();
        place(array, LAYOUT, user);
        place(array, new byte[] {1, 3}, user);
        place(WeightArray.of(new float[] {1}), LAYOUT, user);

        assertThat(packed).hasSize(3);
        user.close();
        assertThat(packed).allMatch(place -> place.isNull());
    }

    @Test
    void anArrayThatCouldNotBePackedIsPackedByTheNextUser() {
        NativeObjects user = new NativeObjects();
        assertThatThrownBy(() -> shared.place(array, LAYOUT, user, owner -> {
                    pack(owner);
                    throw new IllegalStateException("no memory");
                }))
                .hasMessage("no memory");
        assertThat(packed.get(0).isNull()).isTrue();

        assertThat(place(array, LAYOUT, user).isNull()).isFalse();
        user.close();
    }

    @Test
    void anEngineGoesOnWithTheWeightsOfAClosedOne() throws Exception {
        PlanBuilder builder = new PlanBuilder(new Shape(2, 2, 16));
        float[] weights = new float[16 * 16];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i % 7 - 3;
        }
        Convolution convolution =
                new Convolution(Window.of(1, 1), 16, 16, 1, weights, new float[16], false, Activation.IDENTITY);
        InferencePlan plan = Plans.features(builder, builder.add("convolution", convolution, InferencePlan.INPUT));
        float[] numbers = new float[2 * 2 * 16];
        numbers[5] = 1;
        numbers[40] = 2;
        Batch image = Batch.of(numbers, plan.input());
        Set<String> wanted = Set.of(InferencePlan.FEATURES);
        EngineSettings group = EngineSettings.standard();
        OneDnnEngine first = OneDnnEngine.start(plan, group, Optional.empty());
        float[] expected = first.run(image, wanted).host(InferencePlan.FEATURES);
        try (OneDnnEngine second = OneDnnEngine.start(plan, group, Optional.empty())) {
            first.close();

            assertThat(second.run(image, wanted).host(InferencePlan.FEATURES)).isEqualTo(expected);
        }
    }
}
