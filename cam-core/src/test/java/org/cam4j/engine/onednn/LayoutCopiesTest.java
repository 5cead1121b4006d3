package org.cam4j.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.dnnl.engine;
import org.cam4j.engine.Precision;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Softmax;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many copies the kernels need because they want other layouts than the values have; where a processor has blocks of channels. */
class LayoutCopiesTest {

    @BeforeEach
    void hasBlocks() {
        assumeTrue(Layouts.hasBlocks(), "this processor has one layout for all kernels");
    }

    /** Copies, of which one lets the image in if its layout is another. */
    private static long copies(PlanBuilder plan, int result) throws Exception {
        try (NativeObjects natives = new NativeObjects()) {
            engine processor = natives.own(new engine(engine.kind.cpu, 0));
            InferencePlan built = plan.build(Map.of("result", result));
            return NetworkCompiler.compile(
                            built,
                            Precision.FLOAT32,
                            1,
                            processor,
                            new Weights(processor, natives, Optional.empty(), new SharedWeights()),
                            natives)
                    .kernels()
                    .stream()
                    .filter(Kernel.Primitive.class::isInstance)
                    .filter(kernel -> ((Kernel.Primitive) kernel).name().startsWith("copy for"))
                    .count();
        }
    }

    private static int dense(PlanBuilder plan, String name, int inputs, int outputs, int value) {
        return plan.add(name, Dense.of(new float[inputs * outputs], new float[outputs], Activation.IDENTITY), value);
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void theReadersOfAValueShareItsCopy() throws Exception {
        PlanBuilder plan = new PlanBuilder(new Shape(9, 64));
        int normalized = plan.add("norm", new LayerNormalize(1e-5f, ones(64), new float[64]), InferencePlan.INPUT);
        int one = dense(plan, "one", 64, 32, normalized);
        int other = dense(plan, "other", 64, 32, normalized);
        int sum = plan.add("sum", new Elementwise(Elementwise.Kind.ADD), one, other);

        // Into blocks for both dense layers, and back for the result.
        assertThat(copies(plan, sum)).isEqualTo(2);
    }

    @Test
    void attentionStaysRowMajorFromItsFirstStepToItsLast() throws Exception {
        PlanBuilder plan = new PlanBuilder(new Shape(4, 9, 32));
        int scaled = plan.add("scale", ScaleShift.uniform(32, 0.2f, 0), InferencePlan.INPUT);
        int scores = plan.add("scores", new MatMul(true), scaled, InferencePlan.INPUT);
        int shares = plan.add("shares", new Softmax(), scores);
        int mean = plan.add("mean", new MatMul(false), shares, InferencePlan.INPUT);
        int rows = plan.add("rows", new Reshape(new Shape(36, 32)), mean);

        assertThat(copies(plan, rows)).isZero();
    }

    @Test
    void gatesOfChannelsThatFillNoBlockStayInBlocks() throws Exception {
        PlanBuilder plan = new PlanBuilder(new Shape(8, 9, 32));
        int image = dense(plan, "image", 32, 24, InferencePlan.INPUT);
        int gate = dense(plan, "gate", 32, 24, InferencePlan.INPUT);
        int gated = plan.add("gated", new Elementwise(Elementwise.Kind.MULTIPLY), image, gate);
        int halved = plan.add("halved", ScaleShift.uniform(24, 0.5f, 0.1f), gated);
        int last = dense(plan, "last", 24, 16, halved);

        // The image into blocks once, and the result out of them.
        assertThat(copies(plan, last)).isEqualTo(2);
    }
}
