package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.explain.Cam;
import org.cam4j.explain.GradCam;
import org.cam4j.explain.HiResCam;
import org.cam4j.explain.IntegratedGradients;
import org.cam4j.explain.LayerCam;
import org.cam4j.explain.Methods;
import org.cam4j.explain.Occlusion;
import org.cam4j.explain.ScoreCam;
import org.cam4j.explain.Target;
import org.cam4j.explain.network.Progress;
import org.cam4j.testing.Closeness;
import org.cam4j.testing.Golden;
import org.cam4j.testing.Npz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods by the front door, against TensorFlow's gradients of the same Keras model: {@code keras_methods.py} made both. */
class MethodsOfMapperTest {

    private static final Npz EXPECTED = Npz.read("/explain/keras.npz");

    private static MapperBuilder model() {
        return ClassActivationMapper.fromKeras(Golden.resource("/keras/models/methods/k3.keras"));
    }

    private static Explanation explained(ClassActivationMapper mapper) {
        InputTensor image = InputTensor.of(EXPECTED.get("input").values(), 16, 16, 3);
        return mapper.explain(image).get(0);
    }

    private static int classIndex(int index) {
        return (int) EXPECTED.get("classes").values()[index];
    }

    static Stream<Arguments> enginesAndPlaces() {
        return Stream.of("Java", "oneDNN", "ND4J").flatMap(engine -> Stream.of("early", "middle", "late", "image")
                .map(layer -> Arguments.of(engine, layer)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("enginesAndPlaces")
    void mapsAreThoseOfTensorFlow(String engine, String layer) {
        try (ClassActivationMapper mapper = model().engine(engine).build()) {
            Explanation explanation = explained(mapper);
            List<String> wrong = new ArrayList<>();
            int compared = 0;
            for (String name : Methods.names()) {
                Npz.Array expected = EXPECTED.get(layer + "." + name);
                for (int i = 0; expected != null && i < 2; i++) {
                    List<String> layers = layer.equals("image") ? List.of() : List.of(layer);
                    ActivationMap map = explanation.map(classIndex(i), Methods.named(name, layers));
                    double distance =
                            Closeness.relative(map.toArray(), expected.at(i).values());
                    if (!(distance < 1e-4)) {
                        wrong.add(name + ": " + distance);
                    }
                    assertThat(map.method()).isEqualTo(name);
                    assertThat(map.layer()).isEqualTo(layer.equals("image") ? "" : layer);
                    compared++;
                }
            }
            assertThat(wrong).isEmpty();
            assertThat(compared)
                    .isEqualTo(
                            List.of("image", "middle", "early", "late").indexOf(layer) == 0
                                    ? 2
                                    : layer.equals("late") ? 24 : layer.equals("early") ? 16 : 12);
        }
    }

    @Test
    void camOfEveryLayerAddsUpToTheLogit() {
        try (ClassActivationMapper mapper = model().build()) {
            Explanation explanation = explained(mapper);
            assertThat(mapper.layers()).contains("early", "pool", "branch", "gated", "middle", "late_norm", "late");
            for (String layer : mapper.layers()) {
                ActivationMap map = explanation.map(3, Cam.at(layer));
                double mean = 0;
                for (float value : map.toArray()) {
                    mean += value / map.toArray().length;
                }
                assertThat(map.addsUp()).isTrue();
                assertThat(mean + map.bias())
                        .as(layer)
                        .isCloseTo(explanation.prediction(3).logit(), Offset.offset(1e-4));
            }
        }
    }

    @Test
    void theDefaultIsCamWithoutAnotherPass() {
        Explanation explanation;
        try (ClassActivationMapper mapper = model().build()) {
            explanation = explained(mapper);
        }
        ActivationMap map = explanation.map(2);
        assertThat(map.method()).isEqualTo("cam");
        assertThat(explanation.map(2, Cam.atTarget()).toArray()).isEqualTo(map.toArray());
    }

    @Test
    void aMapperMayHaveAnotherMethod() {
        try (ClassActivationMapper mapper =
                model().method(LayerCam.at("middle")).build()) {
            Explanation explanation = explained(mapper);
            ActivationMap map = explanation.map(3);
            assertThat(map.method()).isEqualTo("layer-cam");
            assertThat(map.layer()).isEqualTo("middle");
            assertThat(map.addsUp()).isFalse();
            assertThat(map.toArray())
                    .isEqualTo(explanation.map(3, LayerCam.at("middle")).toArray());
            assertThat(explanation.map("class 3").toArray()).isEqualTo(map.toArray());
        }
    }

    @Test
    void targetsOtherThanLogitsAreExplained() {
        try (ClassActivationMapper mapper = model().build()) {
            Explanation explanation = explained(mapper);
            ActivationMap contrast = explanation.map(Target.difference(0, 3), Cam.at("middle"), Progress.NONE);
            double difference = explanation.prediction(0).logit()
                    - explanation.prediction(3).logit();
            assertThat(contrast.prediction().logit()).isCloseTo(difference, Offset.offset(1e-5));
            double mean = 0;
            for (float value : contrast.toArray()) {
                mean += value / contrast.toArray().length;
            }
            assertThat(mean + contrast.bias()).isCloseTo(difference, Offset.offset(1e-4));
            Target probability = Target.logSoftmax(0).exp();
            assertThat(explanation
                            .map(probability, Cam.at("middle"), Progress.NONE)
                            .addsUp())
                    .isFalse();
        }
    }

    @Test
    void cellsOfInnerLayersAndPixelsHaveTheirOwnPlacement() {
        try (ClassActivationMapper mapper = model().build()) {
            Explanation explanation = explained(mapper);
            assertThat(explanation.map(0, GradCam.at("early")).photoMap().width())
                    .isEqualTo(16);
            ActivationMap pixels = explanation.map(0, Occlusion.with(4));
            assertThat(pixels.height()).isEqualTo(16);
            assertThat(pixels.layer()).isEmpty();
            assertThat(explanation
                            .map(0, IntegratedGradients.with(4))
                            .photoMap()
                            .height())
                    .isEqualTo(16);
        }
    }

    @Test
    void preparedModelsAreExplainedByEveryMethod(@TempDir Path folder) {
        Path file = folder.resolve("methods.cam4j");
        try (ClassActivationMapper mapper = model().build()) {
            mapper.save(file);
        }
        try (ClassActivationMapper mapper = ClassActivationMapper.open(file)) {
            Explanation explanation = explained(mapper);
            assertThat(mapper.layers()).contains("early");
            for (String name : List.of("grad-cam", "layer-cam", "shapley-cam", "score-cam", "ablation-cam")) {
                ActivationMap map = explanation.map(3, Methods.named(name, List.of()));
                assertThat(Closeness.relative(
                                map.toArray(),
                                EXPECTED.get("late." + name).at(1).values()))
                        .as(name)
                        .isLessThan(1e-4);
            }
        }
    }

    @Test
    void manyPassesTellTheirProgressAndStopWhenInterrupted() {
        try (ClassActivationMapper mapper = model().build()) {
            Explanation explanation = explained(mapper);
            List<Integer> heard = new ArrayList<>();
            explanation.map(Target.logit(0), Occlusion.with(7), (done, all) -> heard.add(all));
            assertThat(heard).isNotEmpty().containsOnly(heard.get(0));
            Thread.currentThread().interrupt();
            try {
                assertThatThrownBy(() -> explanation.map(0, ScoreCam.atTarget()))
                        .isInstanceOf(CancellationException.class);
            } finally {
                Thread.interrupted();
            }
        }
    }

    @Test
    void aMethodNeedsTheRunningNetwork(@TempDir Path folder) {
        Path file = folder.resolve("saved.npz");
        Explanation explanation;
        try (ClassActivationMapper mapper = model().build()) {
            explanation = explained(mapper);
            explanation.save(file);
            assertThatThrownBy(() -> explanation.map(0, HiResCam.at("conv9")))
                    .isInstanceOf(UnsupportedModelException.class)
                    .hasMessageStartingWith("the network has no layer 'conv9'; choose one of early,");
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> explanation.map(0, HiResCam.atTarget()))
                .withMessage("the mapper is closed: build a new one");
        assertThatIllegalStateException()
                .isThrownBy(() -> Explanation.load(file).map(0, HiResCam.atTarget()))
                .withMessage("this explanation was read from a file, which holds maps of the method cam alone: "
                        + "explain the photo again for another method.");
    }
}
