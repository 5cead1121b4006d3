package org.cam4j.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.Pointer;
import org.cam4j.Activations;
import org.cam4j.classifier.LinearHead;
import org.cam4j.engine.Engine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Plans;
import org.junit.jupiter.api.Test;

/** What an engine does over its life: threads, batches, memory, closing. */
class OneDnnLifeTest {

    private static final int SIZE = 28;
    private static final int IMAGE = SIZE * SIZE * 3;
    private static final LinearHead HEAD = new LinearHead(numbers(64 * 5, new Random(8)), numbers(5, new Random(9)));

    /** Two blocks as in VGG, an eighth of VGG19's channels: Winograd where the processor has it. */
    private static InferencePlan plan() {
        Random random = new Random(4);
        PlanBuilder plan = new PlanBuilder(new Shape(SIZE, SIZE, 3));
        int value = plan.add("conv1", convolution(3, 32, random), InferencePlan.INPUT);
        value = plan.add("conv2", convolution(32, 32, random), value);
        value = plan.add("pool", new Pooling(Pooling.Kind.MAXIMUM, new Window(2, 2, 2, 2, 1, 1, Padding.NONE)), value);
        value = plan.add("conv3", convolution(32, 64, random), value);
        value = plan.add("conv4", convolution(64, 64, random), value);
        return Plans.classifier(plan, value, HEAD);
    }

    private static Convolution convolution(int in, int out, Random random) {
        return new Convolution(
                Window.of(3, 3).withPadding(new Padding(1, 1, 1, 1)),
                in,
                out,
                1,
                numbers(in * out * 9, random),
                numbers(out, random),
                false,
                Activation.RELU);
    }

    private static float[] numbers(int count, Random random) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian() * 0.1f;
        }
        return numbers;
    }

    private static float[] images(int count) {
        return numbers(count * IMAGE, new Random(7));
    }

    private static float[] logits(Activations activations) {
        float[] logits = new float[activations.count() * activations.classes()];
        for (int image = 0; image < activations.count(); image++) {
            System.arraycopy(
                    activations.logits(image), 0, logits, image * activations.classes(), activations.classes());
        }
        return logits;
    }

    @Test
    void anImageGivesTheSameBitsAloneInABatchAndWithAnyNumberOfThreads() throws Exception {
        float[] images = images(11);
        try (Engine one = OneDnnEngine.start(plan(), 1);
                Engine two = OneDnnEngine.start(plan(), 2);
                Engine four = OneDnnEngine.start(plan(), 4)) {
            float[] expected = logits(Plans.run(one, HEAD, images, SIZE, SIZE, 3));
            assertThat(logits(Plans.run(two, HEAD, images, SIZE, SIZE, 3))).containsExactly(expected);
            assertThat(logits(Plans.run(four, HEAD, images, SIZE, SIZE, 3))).containsExactly(expected);
            for (int image = 0; image < 11; image++) {
                float[] single = Arrays.copyOfRange(images, image * IMAGE, (image + 1) * IMAGE);
                assertThat(logits(Plans.run(two, HEAD, single, SIZE, SIZE, 3)))
                        .containsExactly(Arrays.copyOfRange(expected, image * 5, image * 5 + 5));
            }
        }
    }

    @Test
    void twoEnginesOfTheSamePlanGiveTheSameBits() throws Exception {
        float[] images = images(1);
        try (Engine first = OneDnnEngine.start(plan(), 2);
                Engine second = OneDnnEngine.start(plan(), 2)) {
            assertThat(logits(Plans.run(second, HEAD, images, SIZE, SIZE, 3)))
                    .containsExactly(logits(Plans.run(first, HEAD, images, SIZE, SIZE, 3)));
        }
    }

    @Test
    void fourCallersGetTheBitsOfOneAndMemoryStaysFlat() throws Exception {
        try (Engine engine = OneDnnEngine.start(plan(), 2)) {
            List<float[]> inputs = new ArrayList<>();
            List<float[]> expected = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                float[] input = numbers((i + 1) * IMAGE, new Random(i));
                inputs.add(input);
                expected.add(logits(Plans.run(engine, HEAD, input, SIZE, SIZE, 3)));
            }
            long before = Pointer.totalBytes();
            ExecutorService callers = Executors.newFixedThreadPool(4);
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int caller = i;
                results.add(callers.submit(() -> {
                    int different = 0;
                    for (int run = 0; run < 2_500; run++) {
                        float[] logits = logits(Plans.run(engine, HEAD, inputs.get(caller), SIZE, SIZE, 3));
                        different += Arrays.equals(logits, expected.get(caller)) ? 0 : 1;
                    }
                    return different;
                }));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get()).isZero();
            }
            callers.shutdown();
            // Less, if arrays of other tests are collected meanwhile.
            assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(before);
        }
    }

    @Test
    void closingFreesAllNativeMemory() throws Exception {
        OneDnnEngine.start(plan(), 2).close();
        long before = Pointer.totalBytes();
        long count = Pointer.totalCount();
        Engine engine = OneDnnEngine.start(plan(), 2);
        Plans.run(engine, HEAD, images(5), SIZE, SIZE, 3);
        assertThat(Pointer.totalBytes()).isGreaterThan(before);

        engine.close();

        assertThat(Pointer.totalBytes()).isEqualTo(before);
        assertThat(Pointer.totalCount()).isEqualTo(count);
    }

    @Test
    void activationsOutliveTheEngineAndRunsDoNot() throws Exception {
        Engine engine = OneDnnEngine.start(plan(), 2);
        Activations activations = Plans.run(engine, HEAD, images(1), SIZE, SIZE, 3);
        float[] before = activations.map(0, 2);

        engine.close();
        engine.close();

        assertThat(activations.map(0, 2)).containsExactly(before);
        assertThatIllegalStateException()
                .isThrownBy(() -> Plans.run(engine, HEAD, images(1), SIZE, SIZE, 3))
                .withMessage("the mapper is closed: build a new one");
    }

    @Test
    void closingDuringRunsGivesResultsOrRefusalsOnly() throws Exception {
        Engine engine = OneDnnEngine.start(plan(), 2);
        float[] images = images(3);
        float[] expected = logits(Plans.run(engine, HEAD, images, SIZE, SIZE, 3));
        ExecutorService callers = Executors.newFixedThreadPool(4);
        List<Future<Activations>> runs = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            runs.add(callers.submit(() -> Plans.run(engine, HEAD, images, SIZE, SIZE, 3)));
        }
        runs.get(20).get();
        engine.close();
        callers.shutdown();

        int refused = 0;
        for (Future<Activations> run : runs) {
            try {
                assertThat(logits(run.get())).containsExactly(expected);
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(IllegalStateException.class);
                refused++;
            }
        }
        assertThat(refused).isLessThan(180);
    }

    @Test
    void refusesImagesOfAnotherSize() throws Exception {
        try (Engine engine = OneDnnEngine.start(plan(), 1)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Plans.run(engine, HEAD, new float[7], SIZE, SIZE, 3))
                    .withMessageContaining("7 values");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Plans.run(engine, HEAD, new float[0], SIZE, SIZE, 3))
                    .withMessageContaining("0 values");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Plans.run(engine, HEAD, new float[48], 4, 4, 3))
                    .withMessageContaining("4x4x3")
                    .withMessageContaining("28x28x3");
        }
    }

    @Test
    void namesWhatRuns() throws Exception {
        try (Engine engine = OneDnnEngine.start(plan(), 2)) {
            assertThat(engine.name()).startsWith("oneDNN 2.5.2").contains("2 threads");
        }
    }
}
