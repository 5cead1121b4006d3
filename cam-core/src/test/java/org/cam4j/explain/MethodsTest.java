package org.cam4j.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.cam4j.exception.UnsupportedModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MethodsTest {

    private final Random random = new Random(2);
    private final TinyNetwork network = new TinyNetwork(
            2,
            3,
            2,
            true,
            TinyNetwork.random(random, 3, 4, 1),
            new TinyNetwork.PoolingAndDense(TinyNetwork.random(random, 4, 5, 1), new double[5]));
    private final ExplainedImage image = network.image(random);

    /** Those of attention need a transformer: AttentionMapsTest of cam-onnx. */
    private static final List<String> OF_ATTENTION = List.of("attention-rollout", "legrad");

    static Stream<String> names() {
        return Methods.names().stream().filter(name -> !OF_ATTENTION.contains(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyNameMakesAMethodOfThatName(String name) {
        ExplanationMethod method = Methods.named(name, List.of());
        if (!name.equals("finer-cam:torch-cam")) {
            assertThat(method.name()).isEqualTo(name);
        }
        if (!name.equals("rise")) {
            assertThat(method.map(image, Target.logit(1)).values()).doesNotContain(Float.NaN);
        }
    }

    @Test
    void anUnknownMethodIsToldTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Methods.named("gradcam", List.of()))
                .withMessageStartingWith("there is no method 'gradcam'; choose one of cam, grad-cam, grad-cam++, "
                        + "grad-cam++:pytorch-grad-cam, grad-cam++:torch-cam, xgrad-cam")
                .withMessageEndingWith(", smooth-grad; :eigen-smooth or :aug-smooth behind a name smooths its maps");
    }

    @Test
    void aMethodOfPixelsTakesNoLayer() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Methods.named("occlusion", List.of("a", "b")))
                .withMessage("the method occlusion works on pixels and takes no layer, but layers are given: a, b");
    }

    @Test
    void aMethodOfAttentionTakesNoLayerAndNeedsATransformer() {
        for (String name : OF_ATTENTION) {
            assertThat(Methods.takesLayer(name)).isFalse();
            assertThat(Methods.takesLayer(name + ":aug-smooth")).isFalse();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Methods.named(name, List.of("a")))
                    .withMessage("the method " + name
                            + " works on the attention of all blocks and takes no layer, but layers are given: a");
            ExplanationMethod method = Methods.named(name, List.of());
            assertThat(method.name()).isEqualTo(name);
            assertThatThrownBy(() -> method.map(image, Target.logit(1)))
                    .isInstanceOf(UnsupportedModelException.class)
                    .hasMessageStartingWith("the network has no attention");
        }
    }

    @Test
    void aMethodWithoutWeightedChannelsIsNotSmoothedByItsFirstComponent() {
        for (String name : List.of("eigen-cam", "occlusion", "legrad")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Methods.named(name + ":eigen-smooth", List.of()))
                    .withMessage("the method " + name + " does not add weighted channels, which eigen-smooth joins; "
                            + "leave that out, or take aug-smooth");
        }
    }

    @Test
    void bothSmoothingsGoTogetherInEitherOrder() {
        assertThat(Methods.named("grad-cam:aug-smooth:eigen-smooth", List.of()))
                .isEqualTo(Methods.named("grad-cam:eigen-smooth:aug-smooth", List.of()));
    }

    @Test
    void aVariantChosenInCodeIsTheOneOfThatName() {
        Variant library = Variant.PYTORCH_GRAD_CAM;

        assertThat(Stream.of(
                                AblationCam.at("a").as(library),
                                EigenCam.at("a").as(library),
                                FinerCam.at("a").as(library),
                                GradCamPlusPlus.at("a").as(library),
                                LayerCam.at("a").as(library),
                                ScoreCam.at("a").as(library),
                                XGradCam.at("a").as(library))
                        .toList())
                .allSatisfy(method ->
                        assertThat(Methods.named(method.name(), List.of("a"))).isEqualTo(method));
        assertThat(Methods.named("full-grad:pytorch-grad-cam", List.of()))
                .isEqualTo(FullGrad.ofImage().as(library));
    }

    @Test
    void aVariantThatALibraryDoesNotHaveIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AblationCam.atTarget().as(Variant.TORCH_CAM))
                .withMessage(
                        "there is no ablation-cam:torch-cam; choose ablation-cam or ablation-cam:pytorch-grad-cam");
    }

    @Test
    void severalLayersAreJoined() {
        assertThat(Methods.named("layer-cam", List.of("a", "b"))).isEqualTo(LayerCam.at("a", "b"));
        assertThat(Methods.named("grad-cam", List.of("a", "b")))
                .isEqualTo(FusedMaps.of(FusedMaps.Fusion.MEAN, GradCam.at("a"), GradCam.at("b")));
        assertThat(Methods.named("layer-cam:pytorch-grad-cam", List.of("a", "b"))
                        .name())
                .isEqualTo("layer-cam:pytorch-grad-cam");
    }

    @Test
    void joinedMapsAreRectifiedAndScaledBefore() {
        ExplanationMethod coarse = fixed("coarse", 1, 2, -3, 4);
        ExplanationMethod fine = fixed("fine", 1, 4, 0, 10, 5, -1);
        // The coarse map is (0, 1), enlarged between centres of cells to (0, 1/4, 3/4, 1).
        RawMap mean = FusedMaps.of(FusedMaps.Fusion.MEAN, coarse, fine).map(image, Target.logit(0));
        assertThat(mean.layer()).isEqualTo("fine");
        assertThat(mean.values()).containsExactly(new float[] {0, 0.625f, 0.625f, 0.5f}, Offset.offset(1e-6f));
        float t2 = (float) Math.tanh(2);
        float[] largest = FusedMaps.of(FusedMaps.Fusion.TANH_MAXIMUM, coarse, fine)
                .map(image, Target.logit(0))
                .values();
        assertThat(largest)
                .containsExactly(
                        new float[] {0, t2, Math.max(0.75f * t2, (float) Math.tanh(1)), t2}, Offset.offset(1e-6f));
    }

    @Test
    void aMapWithoutPositiveValuesAddsNothing() {
        ExplanationMethod against = fixed("against", 1, 2, -3, 0);
        ExplanationMethod method = fixed("for", 1, 2, 1, 2);
        assertThat(FusedMaps.of(FusedMaps.Fusion.MEAN, against, method)
                        .map(image, Target.logit(0))
                        .values())
                .containsExactly(0.25f, 0.5f);
    }

    private static ExplanationMethod fixed(String layer, int height, int width, float... values) {
        return new ExplanationMethod() {
            @Override
            public String name() {
                return layer;
            }

            @Override
            public RawMap map(ExplainedImage explained, Target target) {
                return new RawMap(layer, height, width, values);
            }
        };
    }

    @Test
    void finerCamNeedsAnotherClass() {
        TinyNetwork single = new TinyNetwork(
                2,
                2,
                1,
                true,
                new double[][] {{1}},
                new TinyNetwork.PoolingAndDense(new double[][] {{1}}, new double[1]));
        assertThatThrownBy(() -> FinerCam.atTarget().map(single.image(random), Target.logit(0)))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessage("finer-cam compares a class with others, and the network has one output; "
                        + "choose another method, such as grad-cam");
    }

    @Test
    void finerCamNamesTheMethodThatMakesItsMaps() {
        assertThat(FinerCam.of(HiResCam.atTarget()).name()).isEqualTo("finer-cam of hires-cam");
    }

    @Test
    void channelsThatDoNotFireHaveNoWeightWhereADivisionIsUndefined() {
        ExplainedImage black = image.with(new float[image.values().length]);
        for (String name : List.of("xgrad-cam", "grad-cam++", "eigen-cam", "kpca-cam", "eigen-grad-cam", "score-cam")) {
            assertThat(Methods.named(name, List.of())
                            .map(black, Target.logit(1))
                            .values())
                    .as(name)
                    .containsOnly(0);
        }
    }

    @Test
    void equalCellsHaveNoComponent() {
        float[] grey = new float[image.values().length];
        Arrays.fill(grey, 0.3f);
        ExplainedImage even = network.new Run(grey);
        assertThat(even.activations(TinyNetwork.LAYER).values()).isNotEqualTo(new float[24]);
        for (String name :
                List.of("eigen-cam:pytorch-grad-cam", "kpca-cam", "eigen-grad-cam", "hires-cam:eigen-smooth")) {
            assertThat(Methods.named(name, List.of()).map(even, Target.logit(1)).values())
                    .as(name)
                    .containsOnly(0);
        }
    }

    @Test
    void ablationOfAScoreOfNoughtWeighsByTheDrops() {
        TinyNetwork cancelling = new TinyNetwork(
                1,
                1,
                1,
                true,
                new double[][] {{1, 1}},
                new TinyNetwork.PoolingAndDense(new double[][] {{3}, {-3}}, new double[1]));
        float[] weights = AblationCam.atTarget().weights(cancelling.new Run(new float[] {2}), Target.logit(0));
        assertThat(weights).containsExactly(6, -6);
    }

    @Test
    void weightsOfTheWrongNumberAreRefused() {
        LayerActivations a = new LayerActivations("a", 1, 2, 3, new float[6]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> a.weightedSum(new float[2]))
                .withMessage("2 weights fit neither the 3 channels of 'a' nor its 6 activations");
        assertThatIllegalArgumentException().isThrownBy(() -> new LayerActivations("a", 1, 2, 3, new float[5]));
        assertThatIllegalArgumentException().isThrownBy(() -> new RawMap("a", 1, 2, new float[3]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FusedMaps.of(FusedMaps.Fusion.MEAN))
                .withMessageContaining("no method");
    }
}
