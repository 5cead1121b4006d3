package org.cam4j.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.bytedeco.dnnl.engine;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Precision;
import org.cam4j.engine.java.JavaEngine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Bfloat16Support;
import org.cam4j.testing.Closeness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps in bfloat16, on numbers that it holds exactly, against plain Java. */
class HalfStepsTest {

    @BeforeEach
    void onProcessorsThatHaveIt() throws Exception {
        assumeThat(Bfloat16Support.isHere())
                .as("the processor multiplies in bfloat16")
                .isTrue();
    }

    /** Small integers. */
    private static float[] integers(int count, int most, Random random) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextInt(2 * most + 1) - most;
        }
        return numbers;
    }

    private static Convolution convolution(int window, int inputs, int outputs, Random random) {
        int border = window / 2;
        return new Convolution(
                Window.of(window, window).withPadding(new Padding(border, border, border, border)),
                inputs,
                outputs,
                1,
                integers(window * window * inputs * outputs, 3, random),
                integers(outputs, 3, random),
                false,
                Activation.RELU);
    }

    private static float[] run(Engine engine, InferencePlan plan, float[] image, String output) {
        return engine.run(Batch.of(image, plan.input()), Set.of(output)).host(output);
    }

    private static void assertExact(InferencePlan plan, int threads, Random random) throws Exception {
        float[] image = integers(plan.input().size(), 3, random);
        try (Engine coarse = OneDnnEngine.start(
                        plan,
                        EngineSettings.standard().withThreads(threads).withPrecision(Precision.BFLOAT16),
                        Optional.empty());
                Engine reference = new JavaEngine(plan, 1)) {
            for (String output : plan.outputs().keySet()) {
                assertThat(run(coarse, plan, image, output))
                        .as(plan.toString())
                        .containsExactly(run(reference, plan, image, output));
            }
        }
    }

    /** Cells and channels for which oneDNN's pointwise kernel for AMX is wrong or ends the process, and others. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 6, 7, 9, 13})
    void convolutionsOfFewCellsAreRight(int height) throws Exception {
        Random random = new Random(height);
        for (int width : new int[] {1, 3, 6, 8, 14}) {
            for (int window : new int[] {1, 3}) {
                int inputs = new int[] {3, 32, 40, 48, 64, 96}[random.nextInt(6)];
                int outputs = new int[] {8, 16, 48, 64, 80}[random.nextInt(5)];
                PlanBuilder plan = new PlanBuilder(new Shape(height, width, inputs));
                int convolved = plan.add("made", convolution(window, inputs, outputs, random), InferencePlan.INPUT);
                assertExact(plan.build(Map.of("made", convolved)), 1 + random.nextInt(2), random);
            }
        }
    }

    @Test
    void sumsJoinsAndMaximaBetweenLayersAreExactWhereTheirNumbersAre() throws Exception {
        Random random = new Random(3);
        PlanBuilder plan = new PlanBuilder(new Shape(7, 6, 20));
        int pool = plan.add("pool", new Pooling(Pooling.Kind.MAXIMUM, Window.of(2, 2)), InferencePlan.INPUT);
        int both = plan.add("both", Concatenate.channels(), pool, pool);
        int sum = plan.add("sum", new Elementwise(Elementwise.Kind.ADD, Activation.RELU), both, both);
        int made = plan.add("made", convolution(3, 40, 24, random), sum);

        assertExact(plan.build(Map.of("made", made)), 2, random);
    }

    /** Vectors of four channels, and of more, with functions that need registers; without AMX, oneDNN's kernel is wrong for four. */
    @ParameterizedTest
    @CsvSource({"4, 4", "4, 8", "8, 12", "8, 8", "16, 32"})
    void groupsMayEndWithFunctions(int inputs, int outputs) throws Exception {
        Random random = new Random(inputs + outputs);
        for (Activation activation : List.of(
                Activation.SWISH, Activation.SIGMOID, new Activation(Activation.Function.HARD_SIGMOID, 0.25f, 0.5f))) {
            Shape input = new Shape(3, 29, 3 * inputs);
            Convolution convolution = new Convolution(
                    Window.of(3, 3).withPadding(new Padding(1, 1, 1, 1)),
                    3 * inputs,
                    3 * outputs,
                    3,
                    integers(3 * outputs * inputs * 9, 1, random),
                    integers(3 * outputs, 1, random),
                    false,
                    activation);
            PlanBuilder builder = new PlanBuilder(input);
            InferencePlan plan = builder.build(Map.of("made", builder.add("made", convolution, InferencePlan.INPUT)));
            float[] image = integers(input.size(), 1, random);
            try (Engine coarse = OneDnnEngine.start(
                            plan,
                            EngineSettings.standard().withThreads(1).withPrecision(Precision.BFLOAT16),
                            Optional.empty());
                    Engine reference = new JavaEngine(plan, 1)) {
                float[] found = run(coarse, plan, image, "made");
                float[] expected = run(reference, plan, image, "made");

                assertThat(Closeness.relative(found, expected))
                        .as(plan.toString())
                        .isLessThan(1e-5);
            }
        }
    }

    @Test
    void whatFollowsAnOutputIsComputedInFloats() throws Exception {
        Random random = new Random(4);
        PlanBuilder plan = new PlanBuilder(new Shape(5, 5, 16));
        int features = plan.add("features", convolution(3, 16, 32, random), InferencePlan.INPUT);
        int pooled = plan.add("pooled", new GlobalPooling(Pooling.Kind.AVERAGE), features);
        float[] weights = new float[32 * 4];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = random.nextFloat();
        }
        int logits = plan.add("logits", Dense.of(weights, new float[4], Activation.IDENTITY), pooled);
        InferencePlan built = plan.build(Map.of("features", features, "logits", logits));
        float[] image = integers(built.input().size(), 3, random);

        try (Engine coarse = OneDnnEngine.start(
                        built,
                        EngineSettings.standard().withThreads(1).withPrecision(Precision.BFLOAT16),
                        Optional.empty());
                Engine exact = OneDnnEngine.start(built, 1)) {
            // In bfloat16 a thousandth.
            assertThat(Closeness.relative(run(coarse, built, image, "logits"), run(exact, built, image, "logits")))
                    .isLessThan(1e-6);
        }
    }

    @Test
    void layersFollowEachOtherWithoutCopiesAndWithoutTheBrokenKernel() throws Exception {
        Random random = new Random(5);
        PlanBuilder plan = new PlanBuilder(new Shape(12, 12, 3));
        int value = plan.add("first", convolution(3, 3, 32, random), InferencePlan.INPUT);
        value = plan.add("point", convolution(1, 32, 64, random), value);
        value = plan.add("square", convolution(3, 64, 64, random), value);
        value = plan.add("last", convolution(1, 64, 16, random), value);
        InferencePlan built = plan.build(Map.of("made", value));
        try (NativeObjects natives = new NativeObjects()) {
            engine processor = natives.own(new engine(engine.kind.cpu, 0));
            List<Kernel> kernels = NetworkCompiler.compile(
                            built,
                            Precision.BFLOAT16,
                            1,
                            processor,
                            new Weights(processor, natives, Optional.empty(), new SharedWeights()),
                            natives)
                    .kernels();

            assertThat(kernels).hasSize(5);
            assertThat(kernels).filteredOn(kernel -> isCopy(kernel)).hasSize(1);
            assertThat(kernels)
                    .noneMatch(kernel -> KernelLimits.isBroken(((Kernel.Primitive) kernel).implementation()));
        }
    }

    private static boolean isCopy(Kernel kernel) {
        return ((Kernel.Primitive) kernel).name().startsWith("copy");
    }
}
