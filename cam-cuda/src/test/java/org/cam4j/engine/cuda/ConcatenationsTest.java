package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.Values;
import org.cam4j.engine.java.JavaEngine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Closeness;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Concatenations along the channels: parts are written where they belong, to the bits of copied ones, and the rest is copied at once. */
class ConcatenationsTest {

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    static Stream<Arguments> engines() {
        return Stream.of(Precision.EXACT, Precision.FP16).flatMap(precision -> Arrays.stream(Layout.values())
                .flatMap(layout -> Stream.of(7, 32).map(channels -> Arguments.of(precision, layout, channels))));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void partsHaveTheBitsOfCopiedOnes(Precision precision, Layout layout, int channels) throws Exception {
        CudaSettings settings = CudaSettings.standard().withPrecision(precision);

        assertThat(ConcatenationTrial.finding(TestPlans.branches(channels), layout, settings))
                .isEmpty();
        assertThat(ConcatenationTrial.finding(TestPlans.denseBlock(channels), layout, settings))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ROWS, 1", "ROWS, 3", "PLANES, 1", "PLANES, 3"})
    void outputsAreThoseOfJava(Layout layout, int count) throws Exception {
        for (int channels : new int[] {4, 6, 7}) {
            InferencePlan plan = TestPlans.branches(channels);
            assertOutputs(plan, layout, Map.of(InferencePlan.IMAGE, TestPlans.images(plan, count)));
        }
    }

    private static void assertOutputs(InferencePlan plan, Layout layout, Map<String, Batch> inputs) throws Exception {
        Set<String> names = plan.outputs().keySet();
        try (Engine engine = CudaEngine.start(plan, CudaSettings.standard(), layout);
                Engine java = new JavaEngine(plan, 1)) {
            Values found = engine.run(inputs, names);
            Values expected = java.run(inputs, names);
            for (String name : names) {
                assertThat(Closeness.relative(found.host(name), expected.host(name)))
                        .as(name)
                        .isLessThan(1e-6);
            }
        }
    }

    /** The way back cuts gradients into parts; the way forward keeps values that are parts. */
    @ParameterizedTest
    @CsvSource({"ROWS, 1", "ROWS, 3", "PLANES, 1", "PLANES, 3"})
    void gradientsAreThoseOfJava(Layout layout, int count) throws Exception {
        InferencePlan plan = TestPlans.branches(6);
        int narrow = plan.steps().get(1).value();
        Adjoint adjoint = Adjoint.of(plan, plan.output(InferencePlan.LOGITS), List.of(narrow), Gates.DIFFERENTIATED);
        Map<String, Batch> images = Map.of(InferencePlan.IMAGE, TestPlans.images(plan, count));
        assertOutputs(adjoint.forward(), layout, images);
        Map<String, Batch> kept = new HashMap<>();
        try (Engine java = new JavaEngine(adjoint.forward(), 1)) {
            Values values = java.run(images, adjoint.forward().outputs().keySet());
            adjoint.backward()
                    .inputs()
                    .forEach((name, shape) -> kept.put(
                            name,
                            name.equals(Adjoint.SEED)
                                    ? Batch.of(TestPlans.numbers(60, count * shape.size(), 1), shape)
                                    : Batch.of(values.host(name), shape)));
        }
        assertOutputs(adjoint.backward(), layout, kept);
    }

    private static int launches(InferencePlan plan, Precision precision, Layout layout, int batch) throws Exception {
        try (CudaEngine engine = CudaEngine.start(plan, CudaSettings.standard().withPrecision(precision), layout)) {
            Execution execution = engine.executions().take(batch);
            try {
                execution.forward();
                execution.await();
                return execution.launches();
            } finally {
                engine.executions().give(execution);
            }
        }
    }

    /** Four parts, as in InceptionV3: a pointwise convolution, one with a window, a pooling, a convolution after a pooling. */
    private static InferencePlan mixed(boolean joins) {
        PlanBuilder plan = new PlanBuilder(new Shape(9, 8, 3));
        int stem = plan.add("stem", TestPlans.convolution(4, 3, 3, 80, 1, false, 1), 0);
        Pooling maximum = new Pooling(Pooling.Kind.MAXIMUM, Window.of(3, 3).withPadding(new Padding(1, 1, 1, 1)));
        Pooling average = new Pooling(Pooling.Kind.AVERAGE, maximum.window());
        int first = plan.add("first", TestPlans.convolution(1, 1, 80, 32, 1, false, 1), stem);
        int second = plan.add("second", TestPlans.convolution(2, 3, 80, 64, 1, false, 1), stem);
        int third = plan.add("third", maximum, stem);
        int averaged = plan.add("averaged", average, stem);
        int fourth = plan.add("fourth", TestPlans.convolution(3, 1, 80, 32, 1, false, 1), averaged);
        return plan.build(
                joins
                        ? Map.of("joined", plan.add("joined", Concatenate.channels(), first, second, third, fourth))
                        : Map.of("first", first, "second", second, "third", third, "fourth", fourth));
    }

    /** Only what cuDNN's fused call writes, which is given no pitch, is copied; a single image in planes needs none. */
    @ParameterizedTest
    @CsvSource({
        "EXACT, PLANES, 1, 0",
        "EXACT, PLANES, 4, 1",
        "EXACT, ROWS, 1, 1",
        "TF32, ROWS, 4, 1",
        "FP16, ROWS, 1, 1",
        "FP16, ROWS, 4, 1"
    })
    void partsAreHardlyCopied(Precision precision, Layout layout, int batch, int copies) throws Exception {
        assertThat(launches(mixed(true), precision, layout, batch))
                .isEqualTo(launches(mixed(false), precision, layout, batch) + copies);
    }

    /** Four layers, as in DenseNet. */
    private static InferencePlan chain() {
        PlanBuilder plan = new PlanBuilder(new Shape(9, 8, 3));
        int joined = plan.add("stem", TestPlans.convolution(4, 3, 3, 64, 1, false, 1), 0);
        for (int layer = 0; layer < 4; layer++) {
            int channels = plan.shape(joined).channels();
            ScaleShift scale = new ScaleShift(
                    TestPlans.numbers(20 + layer, channels, 1), TestPlans.numbers(30, channels, 0.1), Activation.RELU);
            int scaled = plan.add("scaled" + layer, scale, joined);
            int added = plan.add("added" + layer, TestPlans.convolution(layer, 3, channels, 32, 1, false, 1), scaled);
            joined = plan.add("joined" + layer, Concatenate.channels(), joined, added);
        }
        return plan.build(Map.of("joined", joined));
    }

    /** The first part is read by the first layer too and is copied, together with what that layer adds if need be. */
    @ParameterizedTest
    @CsvSource({"EXACT, PLANES, 1, 3", "EXACT, PLANES, 4, 0", "FP16, ROWS, 1, 0"})
    void whatALayerAddsIsCopiedOnlyIfCudnnCannotWriteIt(Precision precision, Layout layout, int batch, int spared)
            throws Exception {
        Map<String, Integer> outputs = new HashMap<>(chain().outputs());
        chain().steps().stream()
                .filter(step -> step.operation() instanceof Convolution)
                .forEach(step -> outputs.put(step.name(), step.value()));

        assertThat(launches(chain(), precision, layout, batch))
                .isEqualTo(launches(chain().withOutputs(outputs), precision, layout, batch) - spared);
    }

    private static InferencePlan manyParts(boolean joins) {
        PlanBuilder plan = new PlanBuilder(new Shape(5, 4, 3));
        Map<String, Integer> outputs = new HashMap<>();
        int[] parts = new int[10];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = plan.add("part" + i, TestPlans.convolution(i, 3, 3, 3 + i, 1, false, 1), 0);
            outputs.put("part" + i, parts[i]);
        }
        if (joins) {
            outputs.put("joined", plan.add("joined", Concatenate.channels(), parts));
        }
        return plan.build(outputs);
    }

    /** Parts that are outputs, four in a launch. */
    @Test
    void copiesOfOneConcatenationShareLaunches() throws Exception {
        assertThat(launches(manyParts(true), Precision.EXACT, Layout.ROWS, 2))
                .isEqualTo(launches(manyParts(false), Precision.EXACT, Layout.ROWS, 2) + 3);
    }
}
