package org.cam4j.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.InputTensor;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.Window;
import org.junit.jupiter.api.Test;

/** Methods of attention on a transformer of two blocks without hidden layers, whose maps have closed forms, in double precision. */
class AttentionTest {

    private static final int SIDE = 4;
    private static final int TOKENS = SIDE * SIDE;
    private static final int HEADS = 2;
    private static final int OF_HEAD = 3;
    private static final int CHANNELS = HEADS * OF_HEAD;
    private static final int CLASSES = 3;
    private static final int BLOCKS = 2;

    private final Random random = new Random(3);
    private final Dense patches = dense(3, CHANNELS);
    private final Dense[][] blocks = {
        {dense(CHANNELS, CHANNELS), dense(CHANNELS, CHANNELS), dense(CHANNELS, CHANNELS)},
        {dense(CHANNELS, CHANNELS), dense(CHANNELS, CHANNELS), dense(CHANNELS, CHANNELS)}
    };
    private final Dense head = dense(CHANNELS, CLASSES);
    private final float[] pixels = numbers(TOKENS * 3);

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private Dense dense(int inputs, int outputs) {
        return Dense.of(numbers(inputs * outputs), numbers(outputs), Activation.IDENTITY);
    }

    /** Each pixel is a patch. */
    private InferencePlan transformer() {
        PlanBuilder plan = new PlanBuilder(new Shape(SIDE, SIDE, 3));
        Convolution embedding = new Convolution(
                new Window(1, 1, 1, 1, 1, 1, Padding.NONE),
                3,
                CHANNELS,
                1,
                patches.weights().values(),
                patches.bias(),
                false,
                Activation.IDENTITY);
        int value = plan.add("embedding", embedding, InferencePlan.INPUT);
        value = plan.add("tokens", new Reshape(new Shape(TOKENS, CHANNELS)), value);
        for (int block = 0; block < BLOCKS; block++) {
            int[] parts = new int[3];
            for (int part = 0; part < 3; part++) {
                int all = plan.add("part" + block, blocks[block][part], value);
                int split = plan.add("split" + block, new Reshape(new Shape(TOKENS, HEADS, OF_HEAD)), all);
                parts[part] = plan.add("heads" + block, new Transpose(List.of(1, 0, 2)), split);
            }
            int products = plan.add("products" + block, new MatMul(true), parts[0], parts[1]);
            int shares = plan.add("attention" + block, new Softmax(), products);
            int weighed = plan.add("weighed" + block, new MatMul(false), shares, parts[2]);
            int turned = plan.add("turned" + block, new Transpose(List.of(1, 0, 2)), weighed);
            int joined = plan.add("joined" + block, new Reshape(new Shape(TOKENS, CHANNELS)), turned);
            value = plan.add("sum" + block, new Elementwise(Elementwise.Kind.ADD), joined, value);
        }
        value = plan.add("cells", new Reshape(new Shape(TOKENS, 1, CHANNELS)), value);
        value = plan.add("mean", new GlobalPooling(Pooling.Kind.AVERAGE), value);
        return plan.build(Map.of("scores", plan.add("classes", head, value)));
    }

    /** What the network computes of each block: shares [h, t, t] and values V [t, c]. */
    private record Block(double[][][] shares, double[][] values) {}

    private Block[] forward() {
        double[][] x = new double[TOKENS][];
        for (int token = 0; token < TOKENS; token++) {
            x[token] = apply(patches, new double[] {pixels[3 * token], pixels[3 * token + 1], pixels[3 * token + 2]});
        }
        Block[] found = new Block[BLOCKS];
        for (int block = 0; block < BLOCKS; block++) {
            double[][] queries = applyToAll(blocks[block][0], x);
            double[][] keys = applyToAll(blocks[block][1], x);
            double[][] values = applyToAll(blocks[block][2], x);
            double[][][] shares = new double[HEADS][TOKENS][];
            double[][] next = new double[TOKENS][];
            for (int token = 0; token < TOKENS; token++) {
                next[token] = x[token].clone();
                for (int part = 0; part < HEADS; part++) {
                    shares[part][token] = softmax(products(queries[token], keys, part));
                    for (int other = 0; other < TOKENS; other++) {
                        for (int c = part * OF_HEAD; c < (part + 1) * OF_HEAD; c++) {
                            next[token][c] += shares[part][token][other] * values[other][c];
                        }
                    }
                }
            }
            found[block] = new Block(shares, values);
            x = next;
        }
        return found;
    }

    private static double[] products(double[] query, double[][] keys, int part) {
        double[] products = new double[keys.length];
        for (int other = 0; other < keys.length; other++) {
            for (int c = part * OF_HEAD; c < (part + 1) * OF_HEAD; c++) {
                products[other] += query[c] * keys[other][c];
            }
        }
        return products;
    }

    private static double[] softmax(double[] values) {
        double[] shares = new double[values.length];
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            shares[i] = Math.exp(values[i]);
            sum += shares[i];
        }
        for (int i = 0; i < values.length; i++) {
            shares[i] /= sum;
        }
        return shares;
    }

    private static double[][] applyToAll(Dense dense, double[][] tokens) {
        double[][] results = new double[tokens.length][];
        for (int token = 0; token < tokens.length; token++) {
            results[token] = apply(dense, tokens[token]);
        }
        return results;
    }

    private static double[] apply(Dense dense, double[] values) {
        double[] results = new double[dense.outputs()];
        for (int o = 0; o < results.length; o++) {
            results[o] = dense.bias()[o];
            for (int i = 0; i < values.length; i++) {
                results[o] += dense.weights().values()[o * values.length + i] * values[i];
            }
        }
        return results;
    }

    /** Attention to each token, of the mean of all tokens: {@code 1/t · 1ᵀ Π ½(Ā + I)}. */
    private static double[] rollout(Block[] blocks) {
        double[] row = new double[TOKENS];
        Arrays.fill(row, 1.0 / TOKENS);
        for (int block = BLOCKS - 1; block >= 0; block--) {
            double[] before = new double[TOKENS];
            for (int token = 0; token < TOKENS; token++) {
                before[token] += row[token] / 2;
                for (int part = 0; part < HEADS; part++) {
                    for (int other = 0; other < TOKENS; other++) {
                        before[other] += row[token] * blocks[block].shares()[part][token][other] / HEADS / 2;
                    }
                }
            }
            row = before;
        }
        return row;
    }

    /**
     * The score of a block is {@code w · mean_i(x_i + Σ_j A_ij V_j) + b}, so its slope by {@code A_ij} is {@code w · V_j / t} for each token
     * i, and the mean over i of what is positive the same.
     */
    private double[] leGrad(Block[] found, int classIndex) {
        double[] map = new double[TOKENS];
        for (Block block : found) {
            for (int token = 0; token < TOKENS; token++) {
                for (int part = 0; part < HEADS; part++) {
                    double slope = 0;
                    for (int c = part * OF_HEAD; c < (part + 1) * OF_HEAD; c++) {
                        slope += head.weights().values()[classIndex * CHANNELS + c] * block.values()[token][c];
                    }
                    map[token] += Math.max(slope / TOKENS, 0) / HEADS / BLOCKS;
                }
            }
        }
        return map;
    }

    private static void assertNear(ActivationMap map, double[] expected) {
        assertThat(map.height()).isEqualTo(SIDE);
        assertThat(map.width()).isEqualTo(SIDE);
        float[] found = map.toArray();
        for (int cell = 0; cell < expected.length; cell++) {
            assertThat((double) found[cell]).as("cell %d", cell).isCloseTo(expected[cell], within(1e-5));
        }
    }

    private interface Work {
        void on(Explanation explanation);
    }

    private void explain(InferencePlan plan, Work work) {
        try (ClassActivationMapper mapper =
                ClassActivationMapper.ofPlan(plan).threads(1).build()) {
            work.on(mapper.explain(InputTensor.of(pixels, SIDE, SIDE, 3), 0));
        }
    }

    @Test
    void rolloutIsTheProductOfAllBlocksMeanShares() {
        explain(
                transformer(),
                explanation -> assertNear(explanation.map(0, AttentionRollout.ofBlocks()), rollout(forward())));
    }

    @Test
    void leGradIsWhatMoreAttentionToATokenWouldAdd() {
        Block[] found = forward();
        explain(transformer(), explanation -> {
            for (int c = 0; c < CLASSES; c++) {
                assertNear(explanation.map(c, LeGrad.ofBlocks()), leGrad(found, c));
            }
        });
    }

    @Test
    void networksWithoutAttentionAreRefused() {
        PlanBuilder plan = new PlanBuilder(new Shape(SIDE, SIDE, 3));
        int map = plan.add(
                "convolution", Convolution.pointwise(numbers(3 * 4), numbers(4), Activation.RELU), InferencePlan.INPUT);
        int mean = plan.add("mean", new GlobalPooling(Pooling.Kind.AVERAGE), map);
        int scores = plan.add("classes", dense(4, CLASSES), mean);
        explain(plan.build(Map.of("scores", scores)), explanation -> assertThatThrownBy(
                        () -> explanation.map(0, AttentionRollout.ofBlocks()))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("the network has no attention")
                .hasMessageContaining("choose a method of layers, such as cam"));
    }

    @Test
    void attentionOfOtherSizesThanItsTokensIsRefused() {
        Attention.Block block = new Attention.Block("softmax", 1, new float[9]);

        assertThat(new Attention("layer", 1, 2, 1, new boolean[3], List.of(block)).tokens())
                .isEqualTo(3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Attention("layer", 2, 2, 0, new boolean[3], List.of(block)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Attention("layer", 1, 2, 1, new boolean[4], List.of(block)))
                .withMessageContaining("9 shares of 'softmax'");
    }
}
