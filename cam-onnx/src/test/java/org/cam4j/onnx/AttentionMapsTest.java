package org.cam4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.InputTensor;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.explain.Attention;
import org.cam4j.explain.AttentionRollout;
import org.cam4j.explain.LeGrad;
import org.cam4j.explain.Methods;
import org.cam4j.explain.network.Progress;
import org.cam4j.onnx.testing.Npz;
import org.cam4j.onnx.testing.StoredClassifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps of a transformer's attention, against PyTorch in double precision: {@code attention_maps.py}. */
class AttentionMapsTest {

    private static final double BOUND = 1e-4;

    private interface Check {
        void of(Explanation explanation);
    }

    private static void explain(StoredClassifier stored, String engine, Check check) {
        try (ClassActivationMapper mapper =
                ClassActivationMapper.from(stored.file()).engine(engine).build()) {
            StoredClassifier.Images images = stored.images();
            InputTensor image = InputTensor.of(
                    Arrays.copyOf(images.values(), images.shape().size()),
                    images.shape().height(),
                    images.shape().width(),
                    images.shape().channels());
            check.of(mapper.explain(image, 0));
        }
    }

    @ParameterizedTest
    @CsvSource({"vit_mean_dyn18, oneDNN", "vit_tv_dyn18, oneDNN", "deit_ts17, oneDNN", "deit_ts17, Java"})
    void rolloutAndLeGradAreThoseOfPyTorch(String name, String engine) {
        Map<String, Npz.Array> expected =
                Npz.read(Path.of("src", "test", "resources", "maps", name + ".attention.npz"));
        explain(StoredClassifier.of(name), engine, explanation -> {
            for (int c = 0; c < explanation.classes(); c++) {
                ActivationMap rollout = explanation.map(c, Methods.named("attention-rollout", List.of()));
                assertNear(rollout, expected.get("rollout").values());
                ActivationMap leGrad = explanation.map(c, Methods.named("legrad", List.of()));
                float[] all = expected.get("legrad").values();
                assertNear(leGrad, Arrays.copyOfRange(all, 16 * c, 16 * (c + 1)));
                assertThat(leGrad.addsUp()).isFalse();
            }
        });
    }

    private static void assertNear(ActivationMap map, float... expected) {
        assertThat(map.height()).isEqualTo(4);
        assertThat(map.width()).isEqualTo(4);
        double distance = 0;
        double length = 0;
        float[] found = map.toArray();
        for (int i = 0; i < expected.length; i++) {
            distance += Math.pow((double) found[i] - expected[i], 2);
            length += Math.pow(expected[i], 2);
        }
        assertThat(Math.sqrt(distance / length)).as(map.method()).isLessThan(BOUND);
    }

    @Test
    void everyBlocksSharesAreRowsOfOne() {
        explain(StoredClassifier.of("deit_ts17"), "oneDNN", explanation -> {
            Attention attention = explanation.image(Progress.NONE).attention();
            assertThat(attention.blocks()).hasSize(2).allSatisfy(block -> {
                assertThat(block.heads()).isEqualTo(2);
                assertThat(block.shares()).hasSize(2 * 18 * 18);
                for (int row = 0; row < 2 * 18; row++) {
                    double sum = 0;
                    for (int i = row * 18; i < (row + 1) * 18; i++) {
                        sum += block.shares()[i];
                    }
                    assertThat(sum).isBetween(1 - 1e-5, 1 + 1e-5);
                }
            });
            assertThat(attention.blocks().get(0).name()).isEqualTo("/blocks/blocks.0/attn/Softmax_output_0");
            assertThat(attention.prefix()).isEqualTo(2);
            boolean[] ofClassAndDistillation = new boolean[18];
            Arrays.fill(ofClassAndDistillation, 0, 2, true);
            assertThat(attention.read()).isEqualTo(ofClassAndDistillation);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet_basic_dyn18", "convnext_ts13"})
    void networksWithoutAttentionAreRefused(String name) {
        explain(StoredClassifier.of(name), "oneDNN", explanation -> assertThatThrownBy(
                        () -> explanation.map(0, AttentionRollout.ofBlocks()))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessage("the network has no attention, a softmax that multiplies tokens: "
                        + "choose a method of layers, such as cam"));
    }

    @Test
    void attentionWithinWindowsIsRefused() {
        explain(StoredClassifier.of("swin_ts17"), "oneDNN", explanation -> assertThatThrownBy(
                        () -> explanation.map(0, LeGrad.ofBlocks()))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("expected blocks that all attend from every token to every token"));
    }

    @Test
    void layersThatCanBeChosenLieInTheImage() {
        try (ClassActivationMapper mapper = ClassActivationMapper.from(
                        StoredClassifier.of("deit_ts17").file())
                .build()) {
            assertThat(mapper.layers())
                    .contains(mapper.summary().features())
                    .noneMatch(layer -> layer.contains("/attn/"));
        }
    }
}
