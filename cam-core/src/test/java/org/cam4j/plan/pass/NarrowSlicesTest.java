package org.cam4j.plan.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.junit.jupiter.api.Test;

class NarrowSlicesTest {

    private static final int TOKENS = 7;
    private static final int HEADS = 2;
    private static final int CHANNELS = 12;

    private final Random random = new Random(4);
    private final PlanBuilder builder = new PlanBuilder(new Shape(TOKENS, CHANNELS));

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat() - 0.5f;
        }
        return numbers;
    }

    private int dense(int outputs, int value) {
        int inputs = builder.shape(value).channels();
        return builder.add("dense", Dense.of(numbers(inputs * outputs), numbers(outputs), Activation.IDENTITY), value);
    }

    private int add(int first, int second) {
        return builder.add("add", new Elementwise(Elementwise.Kind.ADD), first, second);
    }

    private int normalize(int value) {
        return builder.add("normalize", new LayerNormalize(1e-5f, numbers(CHANNELS), numbers(CHANNELS)), value);
    }

    /** Tokens [t, d] as heads [h, t, d / h]. */
    private int heads(int value) {
        int divided = builder.add("heads", new Reshape(new Shape(TOKENS, HEADS, CHANNELS / HEADS)), value);
        return builder.add("heads", Transpose.of(1, 0, 2), divided);
    }

    /** A block of a vision transformer. */
    private int block(int tokens) {
        int all = dense(3 * CHANNELS, normalize(tokens));
        int[] read = new int[3];
        for (int i = 0; i < 3; i++) {
            read[i] = heads(builder.add("slice", new Slice(1, i * CHANNELS, CHANNELS), all));
        }
        int shares = builder.add("softmax", new Softmax(), builder.add("scores", new MatMul(true), read[0], read[1]));
        int mixed = builder.add("mix", new MatMul(false), shares, read[2]);
        int joined = builder.add("join", Transpose.of(1, 0, 2), mixed);
        int attention = dense(CHANNELS, builder.add("join", new Reshape(new Shape(TOKENS, CHANNELS)), joined));
        int sum = add(attention, tokens);
        int hidden =
                builder.add("gelu", new Activate(Activation.of(Activation.Function.GELU)), dense(20, normalize(sum)));
        return add(sum, dense(CHANNELS, hidden));
    }

    private static float[] run(InferencePlan plan, float[] image) {
        try (Engine engine = Engines.of(plan, EngineSettings.standard().withEngine("Java"))) {
            return engine.run(
                            Map.of(InferencePlan.IMAGE, Batch.of(image, plan.input())),
                            plan.outputs().keySet())
                    .host("result");
        }
    }

    /** Applies the pass and checks that the result stays the same. */
    private InferencePlan narrowed(InferencePlan plan) {
        InferencePlan narrowed = new NarrowSlices().apply(plan);
        float[] image = numbers(plan.input().size());
        assertThat(run(narrowed, image)).containsExactly(run(plan, image), within(1e-5f));
        return narrowed;
    }

    /** The sizes of the results of steps of a name, without new slices, which have their readers' names. */
    private static List<Shape> shapes(InferencePlan plan, String name) {
        return plan.steps().stream()
                .filter(step -> step.name().equals(name) && !(step.operation() instanceof Slice))
                .map(step -> plan.shape(step.value()))
                .toList();
    }

    @Test
    void aTransformersLastBlockComputesItsClassTokenAlone() {
        int tokens = block(block(InferencePlan.INPUT));
        int token = builder.add("token", new Slice(0, 0, 1), normalize(tokens));
        InferencePlan plan = builder.build(Map.of("result", dense(5, token)));

        InferencePlan narrowed = narrowed(plan);

        assertThat(shapes(narrowed, "gelu")).containsExactly(new Shape(TOKENS, 20), new Shape(1, 20));
        assertThat(shapes(narrowed, "scores"))
                .containsExactly(new Shape(HEADS, TOKENS, TOKENS), new Shape(HEADS, 1, TOKENS));
        assertThat(shapes(narrowed, "add"))
                .containsExactly(
                        new Shape(TOKENS, CHANNELS),
                        new Shape(TOKENS, CHANNELS),
                        new Shape(1, CHANNELS),
                        new Shape(1, CHANNELS));
        assertThat(narrowed.outputs()).isEqualTo(plan.outputs());
    }

    @Test
    void whatIsReadOtherwiseStaysWhole() {
        int value = dense(CHANNELS, InferencePlan.INPUT);
        int first = builder.add("first", new Slice(0, 0, 2), value);
        int second = builder.add("second", new Slice(0, 1, 2), value);
        InferencePlan twoRanges = builder.build(Map.of("result", add(first, second)));
        InferencePlan alsoAnOutput = twoRanges.withOutputs(Map.of("result", first, "whole", value));

        assertThat(new NarrowSlices().apply(twoRanges)).isSameAs(twoRanges);
        assertThat(new NarrowSlices().apply(alsoAnOutput)).isSameAs(alsoAnOutput);
    }

    @Test
    void rangesOfChannelsStayBehindWhatMixesThem() {
        int value = normalize(dense(CHANNELS, InferencePlan.INPUT));
        InferencePlan plan = builder.build(Map.of("result", builder.add("slice", new Slice(1, 3, 4), value)));

        assertThat(new NarrowSlices().apply(plan)).isSameAs(plan);
    }

    @Test
    void randomChainsGiveTheSameNumbers() {
        int changed = 0;
        for (int chain = 0; chain < 300; chain++) {
            PlanBuilder plan = new PlanBuilder(new Shape(1 + random.nextInt(3), 1 + random.nextInt(4), 4));
            int value = InferencePlan.INPUT;
            int length = 2 + random.nextInt(6);
            for (int i = 0; i < length; i++) {
                value = any(plan, value, i);
            }
            Shape shape = plan.shape(value);
            int axis = random.nextInt(shape.rank());
            int count = 1 + random.nextInt(shape.size(axis));
            int first = random.nextInt(shape.size(axis) - count + 1);
            InferencePlan built = plan.build(Map.of("result", plan.add("slice", new Slice(axis, first, count), value)));
            changed += narrowed(built) == built ? 0 : 1;
        }
        assertThat(changed).isBetween(100, 299);
    }

    private int any(PlanBuilder plan, int value, int position) {
        Shape shape = plan.shape(value);
        int rank = shape.rank();
        String name = "step " + position;
        return switch (random.nextInt(9)) {
            case 0 -> plan.add(name, new Activate(Activation.RELU), value);
            case 1 -> plan.add(name, new Softmax(), value);
            case 2 ->
                plan.add(
                        name,
                        new ScaleShift(numbers(shape.channels()), numbers(shape.channels()), Activation.IDENTITY),
                        value);
            case 3 -> plan.add(name, Dense.of(numbers(shape.channels() * 3), numbers(3), Activation.RELU), value);
            case 4 -> plan.add(name, new Elementwise(Elementwise.Kind.MULTIPLY), value, value);
            case 5 ->
                plan.add(
                        name,
                        rank == 3 ? Transpose.of(1, 2, 0) : rank == 2 ? Transpose.of(1, 0) : Transpose.of(0),
                        value);
            case 6 -> {
                int[] sizes = shape.sizes();
                int last = sizes[rank - 1];
                Shape other = rank == 3
                        ? new Shape(sizes[0] * sizes[1], last)
                        : rank == 2 ? new Shape(1, sizes[0], last) : new Shape(1, last);
                yield plan.add(name, new Reshape(other), value);
            }
            case 7 -> plan.add(name, new Concatenate(random.nextInt(rank)), value, value);
            default ->
                rank == 1
                        ? value
                        : plan.add(name, new MatMul(true), value, plan.add(name, new Activate(Activation.RELU), value));
        };
    }
}
