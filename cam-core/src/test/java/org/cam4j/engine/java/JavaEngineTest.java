package org.cam4j.engine.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cam4j.engine.Batch;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Values;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.reference.PlanInterpreter;
import org.junit.jupiter.api.Test;

class JavaEngineTest {

    private static final Shape IMAGE = new Shape(12, 12, 3);

    /** A convolution, attention among its cells, and a dense layer: enough work to be shared among threads. */
    private static InferencePlan transformer() {
        Random random = new Random(7);
        Window window = Window.same(IMAGE, 3, 3, new int[] {1, 1}, new int[] {1, 1});
        PlanBuilder builder = new PlanBuilder(IMAGE);
        Convolution convolution = new Convolution(
                window, 3, 40, 1, numbers(random, 40 * 27), numbers(random, 40), false, Activation.RELU);
        int maps = builder.add("maps", convolution, InferencePlan.INPUT);
        int tokens = builder.add("tokens", new Reshape(new Shape(144, 40)), maps);
        int products = builder.add("products", new MatMul(true), tokens, tokens);
        int shares = builder.add("shares", new Softmax(), products);
        int mixed = builder.add("mixed", new MatMul(false), shares, tokens);
        int sum = builder.add("sum", new Elementwise(Elementwise.Kind.ADD), mixed, tokens);
        Dense dense = Dense.of(numbers(random, 400), numbers(random, 10), Activation.IDENTITY);
        int logits = builder.add("logits", dense, sum);
        return builder.build(Map.of("maps", maps, "logits", logits, "image", InferencePlan.INPUT));
    }

    private static float[] numbers(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = 2 * random.nextFloat() - 1;
        }
        return numbers;
    }

    private static float[] images(int count) {
        return numbers(new Random(1), count * IMAGE.size());
    }

    @Test
    void valuesAreWhatTheDefinitionsSayRoundedOnce() throws EngineUnavailableException {
        PlanBuilder builder = new PlanBuilder(new Shape(1, 1, 1));
        int third = builder.add("third", ScaleShift.uniform(1, 1f / 3, 0), InferencePlan.INPUT);
        // 1/3 as a float times 3 is no float: it is rounded to 1, and its distance from 1 is gone.
        int whole = builder.add("whole", ScaleShift.uniform(1, 3, 0), third);
        int rest = builder.add("rest", ScaleShift.uniform(1, 1, -1), whole);
        int atOnce = builder.add("at once", ScaleShift.uniform(1, 3, -1), third);
        InferencePlan plan = builder.build(Map.of("third", third, "rest", rest, "at once", atOnce));

        try (JavaEngine engine = new JavaEngine(plan, 1)) {
            Values values = engine.run(
                    Batch.of(new float[] {1}, plan.input()), plan.outputs().keySet());

            assertThat(values.host("third")).containsExactly(1f / 3);
            assertThat(values.host("rest")).containsExactly(0);
            assertThat(values.host("at once")).containsExactly((float) (3 * (double) (1f / 3) - 1));
        }
    }

    @Test
    void outputsAgreeWithDoublePrecision() throws EngineUnavailableException {
        InferencePlan plan = transformer();
        float[] image = images(1);
        double[] exact = new double[image.length];
        for (int i = 0; i < exact.length; i++) {
            exact[i] = image[i];
        }
        double[] expected = PlanInterpreter.run(plan, exact).logits();

        try (JavaEngine engine = new JavaEngine(plan, 2)) {
            float[] found = engine.run(Batch.of(image, IMAGE), Set.of("logits")).host("logits");

            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < found.length; i++) {
                assertThat((double) found[i]).isCloseTo(expected[i], within(1e-4));
            }
        }
    }

    @Test
    void threadsAndBatchesChangeNoBit() throws EngineUnavailableException {
        InferencePlan plan = transformer();
        float[] three = images(3);
        try (JavaEngine alone = new JavaEngine(plan, 1);
                JavaEngine several = new JavaEngine(plan, 4)) {
            Values together = several.run(Batch.of(three, IMAGE), Set.of("maps", "logits", "image"));

            assertThat(together.count()).isEqualTo(3);
            assertThat(together.shape("logits")).isEqualTo(new Shape(144, 10));
            assertThat(together.host("image")).containsExactly(three);
            for (int i = 0; i < 3; i++) {
                float[] image = Arrays.copyOfRange(three, i * IMAGE.size(), (i + 1) * IMAGE.size());
                Values one = alone.run(Batch.of(image, IMAGE), Set.of("maps", "logits"));
                for (String name : List.of("maps", "logits")) {
                    int size = one.shape(name).size();
                    assertThat(Arrays.copyOfRange(together.host(name), i * size, (i + 1) * size))
                            .containsExactly(one.host(name));
                }
            }
        }
    }

    @Test
    void concurrentCallersGetTheSameBits() throws Exception {
        InferencePlan plan = transformer();
        float[] image = images(1);
        ExecutorService callers = Executors.newFixedThreadPool(6);
        try (JavaEngine engine = new JavaEngine(plan, 2)) {
            float[] expected =
                    engine.run(Batch.of(image, IMAGE), Set.of("logits")).host("logits");
            List<Future<float[]>> found = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                found.add(callers.submit(() ->
                        engine.run(Batch.of(image, IMAGE), Set.of("logits")).host("logits")));
            }
            for (Future<float[]> future : found) {
                assertThat(future.get()).containsExactly(expected);
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void aClosedEngineRunsNothingAndItsValuesStay() throws EngineUnavailableException {
        JavaEngine engine = new JavaEngine(transformer(), 2);
        Batch batch = Batch.of(images(1), IMAGE);
        Values values = engine.run(batch, Set.of("logits"));

        engine.close();
        engine.close();

        assertThat(values.isFinite("logits", 0)).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> engine.run(batch, Set.of("logits")))
                .withMessage("the mapper is closed: build a new one");
    }

    @Test
    void otherImagesAndOutputsAreRefused() throws EngineUnavailableException {
        try (JavaEngine engine = new JavaEngine(transformer(), 1)) {
            Shape other = new Shape(12, 11, 3);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.run(Batch.of(new float[other.size()], other), Set.of("logits")))
                    .withMessageContaining("12x11x3");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.run(Batch.of(images(1), IMAGE), Set.of("typo")))
                    .withMessageContaining("typo");
            assertThat(engine.name()).isEqualTo("Java (plain loops, 1 thread)");
        }
    }

    @Test
    void stepsThatPlansCannotSayAreRefused() {
        PlanBuilder builder = new PlanBuilder(IMAGE);
        int layer = builder.add("mine", new External("a layer of its own", IMAGE, false), InferencePlan.INPUT);
        InferencePlan plan = builder.build(Map.of("features", layer));

        assertThatThrownBy(() -> new JavaEngine(plan, 1))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessage("it cannot run 'mine', which is external (a layer of its own)");
    }
}
