package org.cam4j.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.dnnl.engine;
import org.cam4j.classifier.LinearHead;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Precision;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Plans;
import org.junit.jupiter.api.Test;

/** Which of oneDNN's kernels run. */
class KernelChoiceTest {

    private static List<String> code(int size, int channels) throws EngineUnavailableException {
        PlanBuilder plan = new PlanBuilder(new Shape(size, size, channels));
        int features = plan.add(
                "convolution",
                new Convolution(
                        Window.of(3, 3).withPadding(new Padding(1, 1, 1, 1)),
                        channels,
                        channels,
                        1,
                        new float[9 * channels * channels],
                        new float[channels],
                        false,
                        Activation.RELU),
                InferencePlan.INPUT);
        InferencePlan built = Plans.classifier(plan, features, new LinearHead(new float[channels * 5], new float[5]));
        return code(built);
    }

    private static List<String> code(InferencePlan plan) throws EngineUnavailableException {
        try (NativeObjects natives = new NativeObjects()) {
            engine processor = natives.own(new engine(engine.kind.cpu, 0));
            return NetworkCompiler.compile(
                            plan,
                            Precision.FLOAT32,
                            1,
                            processor,
                            new Weights(processor, natives, Optional.empty(), new SharedWeights()),
                            natives)
                    .code();
        }
    }

    @Test
    void largeConvolutionsAreWinogradsWhereTheProcessorHasIt() throws Exception {
        assertThat(code(56, 64).stream().anyMatch(name -> name.contains("wino")))
                .isEqualTo(Layouts.hasBlocks());
        assertThat(code(14, 64).stream().anyMatch(name -> name.contains("wino")))
                .isEqualTo(Layouts.hasBlocks());
    }

    @Test
    void smallOnesAreDirect() throws Exception {
        assertThat(code(7, 64)).noneMatch(name -> name.contains("wino"));
        assertThat(code(56, 16)).noneMatch(name -> name.contains("wino"));
    }

    @Test
    void noneIsThereToBeReadOnly() throws Exception {
        assertThat(code(56, 64)).noneMatch(name -> name.startsWith("ref"));
        assertThat(code(9, 3)).noneMatch(name -> name.startsWith("ref"));
    }

    private static List<String> code(Shape input, int outputs) throws EngineUnavailableException {
        PlanBuilder plan = new PlanBuilder(input);
        int dense = plan.add(
                "dense",
                Dense.of(new float[input.channels() * outputs], new float[outputs], Activation.RELU),
                InferencePlan.INPUT);
        return code(plan.build(Map.of("result", dense)));
    }

    @Test
    void middleDenseLayersArePointwiseConvolutionsWhereInnerProductsAreSharedOutBadly() throws Exception {
        boolean blocked = Layouts.hasBlocks();
        assertThat(code(new Shape(64), 16)).noneMatch(KernelChoiceTest::isConvolution);
        assertThat(code(new Shape(1, 1, 480), 120).stream().anyMatch(KernelChoiceTest::isConvolution))
                .isEqualTo(blocked);
        assertThat(code(new Shape(2048), 1000)).noneMatch(KernelChoiceTest::isConvolution);
        assertThat(code(new Shape(7, 64), 16)).anyMatch(KernelChoiceTest::isConvolution);
    }

    private static boolean isConvolution(String code) {
        return code.contains("1x1") || code.contains("conv");
    }
}
