package org.cam4j.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.dnnl.engine;
import org.cam4j.classifier.LinearHead;
import org.cam4j.engine.Engine;
import org.cam4j.engine.Precision;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.WeightArray;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Plans;
import org.junit.jupiter.api.Test;

/** Concatenations inside concatenations, of whatever parts: values are multiples of the image's, which concatenation keeps as they are. */
class ConcatenationPlacesTest {

    private static final int CELLS = 6;

    /** A plan and what its values hold. */
    private static final class Network {

        private final PlanBuilder plan = new PlanBuilder(new Shape(2, 3, 16));
        private final List<float[]> values = new ArrayList<>();

        Network(float[] image) {
            values.add(image);
        }

        private int put(int value, float[] content) {
            assertThat(value).isEqualTo(values.size());
            values.add(content);
            return value;
        }

        /** So many of the image's channels, each times a factor. */
        int part(int channels, float factor) {
            float[] weights = new float[channels * 16];
            float[] content = new float[CELLS * channels];
            for (int c = 0; c < channels; c++) {
                weights[c * 16 + c % 16] = factor;
                for (int cell = 0; cell < CELLS; cell++) {
                    content[cell * channels + c] = factor * values.get(0)[cell * 16 + c % 16];
                }
            }
            Convolution convolution = Convolution.pointwise(weights, new float[channels], Activation.IDENTITY);
            return put(plan.add("part", convolution, InferencePlan.INPUT), content);
        }

        private float[] scaled(int value, float factor) {
            float[] content = values.get(value).clone();
            for (int i = 0; i < content.length; i++) {
                content[i] *= factor;
            }
            return content;
        }

        int depthwise(int value, float factor) {
            int channels = plan.shape(value).channels();
            float[] weights = new float[channels];
            Arrays.fill(weights, factor);
            Convolution convolution = new Convolution(
                    Window.of(1, 1),
                    channels,
                    channels,
                    channels,
                    weights,
                    weights.clone(),
                    false,
                    Activation.IDENTITY);
            Convolution unbiased = convolution.withWeights(WeightArray.of(weights), new float[channels]);
            return put(plan.add("depthwise", unbiased, value), scaled(value, factor));
        }

        int pooled(int value) {
            return put(
                    plan.add("pooled", new Pooling(Pooling.Kind.MAXIMUM, Window.of(1, 1)), value), values.get(value));
        }

        int doubled(int value) {
            return put(
                    plan.add("doubled", ScaleShift.uniform(plan.shape(value).channels(), 2, 0), value),
                    scaled(value, 2));
        }

        /** The value and another one that is added to it in place. */
        int sum(int value, int added) {
            int channels = plan.shape(value).channels();
            float[] weights = new float[channels * channels];
            for (int c = 0; c < channels; c++) {
                weights[c * channels + c] = 1;
            }
            float[] content = values.get(value).clone();
            for (int i = 0; i < content.length; i++) {
                content[i] += values.get(added)[i];
            }
            Convolution convolution = Convolution.pointwise(weights, new float[channels], Activation.IDENTITY);
            return put(plan.add("sum", convolution.withSum(Activation.IDENTITY), value, added), content);
        }

        int joined(int... parts) {
            int value = plan.add("joined", Concatenate.channels(), parts);
            int channels = plan.shape(value).channels();
            float[] content = new float[CELLS * channels];
            int offset = 0;
            for (int part : parts) {
                int own = plan.shape(part).channels();
                for (int cell = 0; cell < CELLS; cell++) {
                    System.arraycopy(values.get(part), cell * own, content, cell * channels + offset, own);
                }
                offset += own;
            }
            return put(value, content);
        }

        InferencePlan plan(int features) {
            return Plans.classifier(
                    plan,
                    features,
                    new LinearHead(new float[plan.shape(features).channels()], new float[1]));
        }

        void assertComputed(int features) throws Exception {
            InferencePlan plan = plan(features);
            try (Engine engine = OneDnnEngine.start(plan, 2)) {
                float[] made = Plans.run(engine, plan, values.get(0))
                        .features()
                        .dup('c')
                        .data()
                        .asFloat();
                assertThat(made).as(plan(features).toString()).containsExactly(values.get(features));
            }
        }
    }

    /** Powers of two and small integers: exact in any order of sums. */
    private static float[] image(Random random) {
        float[] image = new float[CELLS * 16];
        for (int i = 0; i < image.length; i++) {
            image[i] = random.nextInt(64) - 32;
        }
        return image;
    }

    @Test
    void aPartThatIsItselfJoinedOfPartsThatDoNotFitIsCopied() throws Exception {
        Network network = new Network(image(new Random(1)));
        int inner = network.joined(network.part(24, 2), network.part(8, 4));

        network.assertComputed(network.joined(inner, network.part(16, 8)));
    }

    @Test
    void aPartThatIsJoinedOfTheSameValueTwiceOrOfTheImageIsCopied() throws Exception {
        Network network = new Network(image(new Random(2)));
        int part = network.part(16, 2);
        int twice = network.joined(part, part);
        int ofImage = network.joined(InferencePlan.INPUT, part);

        network.assertComputed(network.joined(twice, ofImage, network.part(16, 4)));
    }

    @Test
    void anythingMayBeJoinedToAnyDepth() throws Exception {
        Random random = new Random(3);
        for (int trial = 0; trial < 150; trial++) {
            Network network = new Network(image(random));
            int last = network.part(16, 2);
            for (int step = 0; step < 8; step++) {
                int value = random.nextInt(last + 1);
                last = switch (random.nextInt(9)) {
                    case 0 -> network.part(new int[] {8, 16, 24, 32}[random.nextInt(4)], 2);
                    case 1 -> network.depthwise(value, 2);
                    case 2 -> network.pooled(value);
                    case 3 -> network.doubled(value);
                    case 4 -> network.sum(value, value);
                    default -> network.joined(last, value, random.nextInt(last + 1));
                };
            }
            network.assertComputed(network.joined(last, random.nextInt(last + 1)));
        }
    }

    @Test
    void wholeBlocksAreJoinedWithoutACopy() throws Exception {
        Network network = new Network(image(new Random(4)));
        int first = network.joined(network.part(16, 2), network.part(32, 4));
        int second = network.joined(first, network.part(16, 8));
        try (NativeObjects natives = new NativeObjects()) {
            engine processor = natives.own(new engine(engine.kind.cpu, 0));
            List<Kernel> kernels = NetworkCompiler.compile(
                            network.plan(second),
                            Precision.FLOAT32,
                            1,
                            processor,
                            new Weights(processor, natives, Optional.empty(), new SharedWeights()),
                            natives)
                    .kernels();

            boolean copies = kernels.stream()
                    .anyMatch(kernel -> kernel instanceof Kernel.Primitive primitive
                            && primitive.name().contains("joined"));
            assertThat(copies).isEqualTo(!Layouts.hasBlocks());
        }
    }
}
