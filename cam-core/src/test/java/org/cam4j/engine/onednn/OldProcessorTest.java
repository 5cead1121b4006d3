package org.cam4j.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.java.JavaEngine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Closeness;
import org.cam4j.testing.SaidElsewhere;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** oneDNN's kernels for processors without AVX2, in a process of its own that a wrong one may end. */
class OldProcessorTest {

    private static final List<Integer> CHANNELS = List.of(1, 4, 5, 8, 15, 16, 33);

    /** Runs depthwise convolutions that add an input, and says how far each is from plain Java. */
    static final class DepthwiseSums {

        public static void main(String[] arguments) throws Exception {
            for (int channels : CHANNELS) {
                SaidElsewhere.say(channels + " " + difference(channels));
            }
        }

        private static double difference(int channels) throws Exception {
            Random random = new Random(channels);
            Shape image = new Shape(6, 7, channels);
            Convolution depthwise = new Convolution(
                    Window.of(3, 3).withPadding(new Padding(1, 1, 1, 1)),
                    channels,
                    channels,
                    channels,
                    numbers(9 * channels, random),
                    numbers(channels, random),
                    true,
                    Activation.SWISH);
            PlanBuilder builder = new PlanBuilder(image);
            int first = builder.add("first", depthwise, InferencePlan.INPUT, InferencePlan.INPUT);
            InferencePlan plan = builder.build(Map.of("sum", builder.add("sum", depthwise, first, first)));
            float[] cells = numbers(image.size(), random);
            try (Engine oneDnn = OneDnnEngine.start(plan, 1);
                    Engine java = new JavaEngine(plan, 1)) {
                return Closeness.relative(sum(oneDnn, cells, image), sum(java, cells, image));
            }
        }

        private static float[] sum(Engine engine, float[] cells, Shape image) {
            return engine.run(Batch.of(cells, image), Set.of("sum")).host("sum");
        }

        private static float[] numbers(int count, Random random) {
            float[] numbers = new float[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = random.nextFloat() - 0.5f;
            }
            return numbers;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSE41", "AVX"})
    void depthwiseConvolutionsAddAnyNumberOfChannels(String instructions) throws Exception {
        SaidElsewhere said = SaidElsewhere.by(DepthwiseSums.class, Map.of("DNNL_MAX_CPU_ISA", instructions), List.of());

        assertThat(said.status()).as(said.output()).isZero();
        assertThat(said.lines()).hasSameSizeAs(CHANNELS).allSatisfy(line -> assertThat(
                        Double.parseDouble(line.substring(line.indexOf(' '))))
                .as(line)
                .isLessThan(1e-6));
    }
}
