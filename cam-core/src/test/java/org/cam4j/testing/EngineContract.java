package org.cam4j.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.PixelBatch;
import org.cam4j.engine.Values;
import org.cam4j.engine.java.JavaEngine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.junit.jupiter.api.Test;

/** What every engine owes its callers; a module with an engine extends it. */
public abstract class EngineContract {

    private static final Shape IMAGE = new Shape(13, 11, 3);
    private static final Set<String> BOTH = Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS);

    /** Starts the engine. */
    protected abstract Engine start(InferencePlan plan) throws EngineUnavailableException;

    /** How far results may be from those of plain Java, relative to their size. */
    protected double bound() {
        return 1e-6;
    }

    private static float[] numbers(long seed, int count) {
        Random random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private static Batch images(int count) {
        return Batch.of(numbers(9, count * IMAGE.size()), IMAGE);
    }

    private static Convolution convolution(int seed, int inputs, int outputs) {
        Window window = new Window(3, 3, 1, 1, 1, 1, new Padding(1, 1, 1, 1));
        return new Convolution(
                window,
                inputs,
                outputs,
                1,
                numbers(seed, 9 * inputs * outputs),
                numbers(seed + 1, outputs),
                false,
                Activation.RELU);
    }

    /** A classifier whose first values are outputs too, as the way back reads them. */
    private static InferencePlan classifier() {
        PlanBuilder plan = new PlanBuilder(IMAGE);
        int first = plan.add("first", convolution(1, 3, 24), 0);
        int second = plan.add("second", convolution(3, 24, 24), first);
        int sum = plan.add("sum", new Elementwise(Elementwise.Kind.ADD, Activation.RELU), first, second);
        int means = plan.add("means", new GlobalPooling(Pooling.Kind.AVERAGE), sum);
        int logits = plan.add("head", Dense.of(numbers(5, 24 * 7), numbers(6, 7), Activation.IDENTITY), means);
        return plan.build(Map.of(
                InferencePlan.FEATURES,
                sum,
                InferencePlan.LOGITS,
                logits,
                "first",
                first,
                "image",
                InferencePlan.INPUT));
    }

    private void assertEqualsJava(InferencePlan plan, Values found, Values expected, Set<String> outputs) {
        for (String output : outputs) {
            assertThat(found.shape(output))
                    .isEqualTo(expected.shape(output))
                    .isEqualTo(plan.shape(plan.output(output)));
            assertThat(Closeness.relative(found.host(output), expected.host(output)))
                    .as(output)
                    .isLessThan(bound());
        }
    }

    @Test
    void everyOutputIsGivenInThePlansOrderForBatchesOfAnyNumber() throws Exception {
        InferencePlan plan = classifier();
        Set<String> all = plan.outputs().keySet();
        try (Engine engine = start(plan);
                Engine java = new JavaEngine(plan, 1)) {
            for (int count : new int[] {1, 2, 8, 9, 1, 21}) {
                Batch images = images(count);
                assertEqualsJava(plan, engine.run(images, all), java.run(images, all), all);
                for (String output : all) {
                    Set<String> one = Set.of(output);
                    assertEqualsJava(plan, engine.run(images, one), java.run(images, one), one);
                }
            }
            assertThat(engine.run(images(3), Set.of()).count()).isEqualTo(3);
        }
    }

    @Test
    void severalInputsMeetEachOtherImageByImage() throws Exception {
        Shape shape = new Shape(2, 3, 2);
        Map<String, Shape> inputs = new LinkedHashMap<>();
        inputs.put("a", shape);
        inputs.put("b", shape);
        PlanBuilder builder = new PlanBuilder(inputs);
        int doubled = builder.add(
                "double", Convolution.pointwise(new float[] {2, 0, 0, 2}, new float[2], Activation.IDENTITY), 0);
        int sum = builder.add("sum", new Elementwise(Elementwise.Kind.ADD), doubled, 1);
        InferencePlan plan = builder.build(Map.of("sum", sum, "b", 1));
        try (Engine engine = start(plan)) {
            float[] a = numbers(1, 11 * shape.size());
            float[] b = numbers(2, 11 * shape.size());
            Values values = engine.run(Map.of("a", Batch.of(a, shape), "b", Batch.of(b, shape)), Set.of("sum", "b"));

            for (int i = 0; i < a.length; i++) {
                assertThat(values.host("sum")[i]).isEqualTo(2 * a[i] + b[i]);
            }
            assertThat(values.host("b")).isEqualTo(b);
            assertThatThrownBy(() -> engine.run(Map.of("a", Batch.of(a, shape)), Set.of("sum")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[a, b]");
        }
    }

    @Test
    void imagesOfBytesGiveTheBitsOfTheirNumbers() throws Exception {
        PixelBatch.Axis rows = new PixelBatch.Axis(2, new int[] {0, 1}, new int[] {1, 2}, new float[] {0.25f, 0.7f});
        PixelBatch.Axis columns = PixelBatch.Axis.whole(4);
        byte[] bytes = new byte[3 * 4 * 3];
        new Random(3).nextBytes(bytes);
        float[] scale = {0.017f, -0.02f, 0.5f};
        float[] offset = {-2.1f, 0.3f, -120};
        PixelBatch.Image image = new PixelBatch.Image(bytes, 4, rows, columns, scale, offset);
        PixelBatch pixels = new PixelBatch(List.of(image, image, image), IMAGE);
        InferencePlan plan = classifier();
        try (Engine engine = start(plan)) {
            Values found = engine.run(pixels, plan.outputs().keySet());
            Values expected =
                    engine.run(Batch.of(pixels.numbers(), IMAGE), plan.outputs().keySet());

            for (String output : plan.outputs().keySet()) {
                assertThat(found.host(output)).as(output).containsExactly(expected.host(output));
            }
        }
    }

    @Test
    void outputsThatAreKeptForAnotherRunGiveItTheSameBits() throws Exception {
        InferencePlan plan = classifier();
        try (Engine engine = start(plan)) {
            Values kept = engine.runKeeping(Map.of(InferencePlan.IMAGE, images(3)), Set.of("image", "first"));

            assertThat(engine.run(kept.batch("image"), BOTH).host(InferencePlan.LOGITS))
                    .containsExactly(engine.run(images(3), BOTH).host(InferencePlan.LOGITS));
            assertThat(kept.batch("first").numbers()).containsExactly(kept.host("first"));
            kept.release();
        }
    }

    @Test
    void imagesOfAnotherSizeAndUnknownOutputsAreRefused() throws Exception {
        try (Engine engine = start(classifier())) {
            Batch other = Batch.of(new float[12], new Shape(2, 2, 3));
            assertThatThrownBy(() -> engine.run(other, BOTH)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> engine.run(images(1), Set.of("map"))).isInstanceOf(IllegalArgumentException.class);
            assertThat(engine.run(images(1), BOTH).count()).isEqualTo(1);
        }
    }

    @Test
    void anyNumberOfThreadsGivesTheSameBits() throws Exception {
        InferencePlan plan = classifier();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Engine engine = start(plan)) {
            List<Future<float[]>> found = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int count = i % 2 == 0 ? 1 : 6;
                found.add(threads.submit(() -> engine.run(images(count), BOTH).host(InferencePlan.FEATURES)));
            }
            float[] one = engine.run(images(1), BOTH).host(InferencePlan.FEATURES);
            float[] six = engine.run(images(6), BOTH).host(InferencePlan.FEATURES);
            for (int i = 0; i < 40; i++) {
                assertThat(found.get(i).get()).isEqualTo(i % 2 == 0 ? one : six);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void closingUnderFireLetsRunsEndAndRefusesLaterOnes() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 10; round++) {
                Engine engine = start(classifier());
                float[] expected = engine.run(images(2), BOTH).host(InferencePlan.LOGITS);
                List<Future<Integer>> results = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    results.add(threads.submit(() -> runsUntilClosed(engine, expected)));
                }
                engine.run(images(1), BOTH);
                engine.close();
                engine.close();
                for (Future<Integer> result : results) {
                    assertThat(result.get()).isNotNegative();
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    private static int runsUntilClosed(Engine engine, float... expected) {
        for (int runs = 0; ; runs++) {
            try {
                assertThat(engine.run(images(2), BOTH).host(InferencePlan.LOGITS))
                        .isEqualTo(expected);
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("closed");
                return runs;
            }
        }
    }

    @Test
    void aStepThatIsNoOperationOfAPlanIsRefusedByName() {
        PlanBuilder builder = new PlanBuilder(IMAGE);
        builder.add("lambda", new External("a Lambda layer", IMAGE, false), 0);
        InferencePlan plan = builder.build(Map.of(InferencePlan.FEATURES, 1));

        assertThatThrownBy(() -> start(plan))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("'lambda'")
                .hasMessageContaining("a Lambda layer");
    }
}
