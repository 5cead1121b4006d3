package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Random;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.Extent;
import org.cam4j.image.MapPlacement;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.Window;
import org.junit.jupiter.api.Test;

/** Heads that put scores, channels or pooled vectors beside each other as if they were rows: maps are of the layer before them. */
class PlacedTargetsTest {

    private static final int SIZE = 8;
    private static final int CHANNELS = 6;

    private final Random random = new Random(4);
    private final PlanBuilder plan = new PlanBuilder(new Shape(SIZE, SIZE, 3));
    private final int features =
            plan.add("conv", Convolution.pointwise(numbers(3 * CHANNELS), numbers(CHANNELS), Activation.RELU), 0);

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private int add(String name, Operation operation, int... inputs) {
        return plan.add(name, operation, inputs);
    }

    private Dense dense(int inputs, int outputs) {
        return Dense.of(numbers(inputs * outputs), numbers(outputs), Activation.IDENTITY);
    }

    private InferencePlan with(int scores) {
        return plan.build(Map.of("scores", scores));
    }

    private Explanation explained(ClassActivationMapper mapper) {
        return mapper.explain(InputTensor.of(numbers(SIZE * SIZE * 3), SIZE, SIZE, 3), 0);
    }

    private static void assertIsOfTheConvolution(ClassActivationMapper mapper, Explanation explanation) {
        assertThat(mapper.placement())
                .isEqualTo(new MapPlacement.Placed(Extent.whole(SIZE), Extent.whole(SIZE), false));
        for (int c = 0; c < explanation.classes(); c++) {
            ActivationMap map = explanation.map(c);
            double sum = 0;
            for (float cell : map.toArray()) {
                sum += cell;
            }
            assertThat(map.layer()).isEqualTo("conv");
            assertThat(sum / (SIZE * SIZE) + map.bias())
                    .isCloseTo(map.prediction().logit(), within(1e-4));
        }
    }

    @Test
    void scoresInAnotherOrderAreNoRows() {
        int pooled = add("gap", new GlobalPooling(Pooling.Kind.AVERAGE), features);
        int scores = add("dense", dense(CHANNELS, 3), pooled);
        int chosen = add(
                "order",
                new Concatenate(0),
                add("third", Slice.channels(2, 1), scores),
                add("first", Slice.channels(0, 1), scores),
                add("second", Slice.channels(1, 1), scores));
        InferencePlan ordered = with(add("classes", new Reshape(new Shape(3)), chosen));

        try (ClassActivationMapper mapper =
                        ClassActivationMapper.ofPlan(ordered).build();
                ClassActivationMapper plain =
                        ClassActivationMapper.ofPlan(with(scores)).build()) {
            InputTensor image = InputTensor.of(numbers(SIZE * SIZE * 3), SIZE, SIZE, 3);
            Explanation explanation = mapper.explain(image, 0);
            assertIsOfTheConvolution(mapper, explanation);
            for (int c = 0; c < 3; c++) {
                ActivationMap expected = plain.explain(image, 0).map((c + 2) % 3);
                assertThat(explanation.map(c).toArray()).containsExactly(expected.toArray(), within(1e-5f));
                assertThat(explanation.map(c).bias()).isCloseTo(expected.bias(), within(1e-5f));
            }
        }
    }

    @Test
    void theChannelsOfAPyramidOfPoolingsAreNoRows() {
        int whole = add("whole", new GlobalPooling(Pooling.Kind.MAXIMUM), features);
        int quarters = add(
                "quarters", new Pooling(Pooling.Kind.MAXIMUM, new Window(4, 4, 4, 4, 1, 1, Padding.NONE)), features);
        int turned = add("turned", Transpose.of(2, 0, 1), quarters);
        int all = add(
                "all",
                new Concatenate(0),
                add("one", new Reshape(new Shape(CHANNELS, 1)), whole),
                add("four", new Reshape(new Shape(4 * CHANNELS, 1)), turned));
        int vector = add("vector", new Reshape(new Shape(5 * CHANNELS)), all);

        try (ClassActivationMapper mapper = ClassActivationMapper.ofPlan(with(add("classes", dense(30, 3), vector)))
                .build()) {
            assertIsOfTheConvolution(mapper, explained(mapper));
        }
    }

    @Test
    void theHeadsOfAttentionPoolingAreNoRows() {
        int pooled = add("mean", new GlobalPooling(Pooling.Kind.AVERAGE), features);
        int tokens = add("tokens", new Reshape(new Shape(SIZE * SIZE, CHANNELS)), features);
        int query = add(
                "query",
                new Reshape(new Shape(2, 1, 3)),
                add("q", dense(CHANNELS, CHANNELS), add("row", new Reshape(new Shape(1, CHANNELS)), pooled)));
        int shares = add("shares", new Softmax(), add("products", new MatMul(true), query, heads("k", tokens)));
        int mixed = add("mixed", new MatMul(false), shares, heads("v", tokens));
        int vector = add("vector", new Reshape(new Shape(CHANNELS)), mixed);

        try (ClassActivationMapper mapper = ClassActivationMapper.ofPlan(
                        with(add("classes", dense(CHANNELS, 3), vector)))
                .build()) {
            Explanation explanation = explained(mapper);
            assertThat(explanation.map(0).height()).isEqualTo(SIZE);
            assertThat(mapper.placement())
                    .isEqualTo(new MapPlacement.Placed(Extent.whole(SIZE), Extent.whole(SIZE), false));
        }
    }

    private int heads(String name, int tokens) {
        int made = add(name, dense(CHANNELS, CHANNELS), tokens);
        return add(name, Transpose.of(1, 0, 2), add(name, new Reshape(new Shape(SIZE * SIZE, 2, CHANNELS / 2)), made));
    }

    @Test
    void softmaxOverGroupsOfTheScoresIsRefused() {
        int pooled = add("gap", new GlobalPooling(Pooling.Kind.AVERAGE), features);
        int scores = add("dense", dense(CHANNELS, 6), pooled);
        int shares = add("softmax", new Softmax(), add("pairs", new Reshape(new Shape(3, 2)), scores));
        MapperBuilder builder = ClassActivationMapper.ofPlan(with(shares));

        assertThatThrownBy(builder::build)
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContainingAll("the softmax 'softmax' is over 2 of the 6 scores at a time", "one over all");
    }
}
