package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.cam4j.dl4j.engine.Nd4jEngine;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.engine.Engine;
import org.cam4j.engine.onednn.OneDnnEngine;
import org.cam4j.image.Extent;
import org.cam4j.image.MapPlacement;
import org.cam4j.keras.KerasModels;
import org.cam4j.plan.InferencePlan;
import org.cam4j.testing.Golden;
import org.cam4j.testing.Plans;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Functions between layers on every engine against Keras' own scores. Runs with AVX-512 and with AVX2. */
class KerasFunctionsTest {

    private static final double TOLERANCE = 1e-5;

    @TempDir
    private Path folder;

    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of("layers_pieces", "k2.h5"),
                Arguments.of("layers_pieces", "k3.keras"),
                Arguments.of("layers_reductions", "k2.keras"),
                Arguments.of("layers_reductions", "k3.keras"),
                Arguments.of("layers_group_normalizations", "k2.keras"),
                Arguments.of("layers_group_normalizations", "k3.keras"),
                Arguments.of("layers_unit_lengths", "k2.keras"),
                Arguments.of("layers_unit_lengths", "k3.keras"),
                Arguments.of("layers_kept_ratio", "k2.keras"),
                Arguments.of("layers_kept_ratio", "k3.keras"),
                Arguments.of("layers_joined_image", "k2.keras"),
                Arguments.of("layers_joined_image", "k3.keras"),
                Arguments.of("layers_pooled_reshape", "k2.keras"),
                Arguments.of("layers_pooled_reshape", "k3.keras"));
    }

    private static InferencePlan plan(Golden golden) {
        int height = (int) golden.x().size(1);
        int width = (int) golden.x().size(2);
        return GapClassifier.find(KerasModels.read(golden.model()), height, width)
                .plan()
                .orElseThrow();
    }

    private static void assertKerasScores(Activations activations, Golden golden) {
        INDArray logits = Nd4j.create(new float[][] {activations.logits(0), activations.logits(1)});
        assertThat(Golden.distance(Transforms.softmax(logits, true), golden.y()))
                .isLessThan(TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("models")
    void oneDnnComputesWhatKerasComputes(String name, String format) throws Exception {
        Golden golden = Golden.of(name, format);
        InferencePlan plan = plan(golden);
        try (Engine engine = OneDnnEngine.start(plan, 2)) {
            assertKerasScores(Plans.run(engine, Plans.head(plan), golden.x()), golden);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void nd4jComputesWhatKerasComputes(String name, String format) {
        Golden golden = Golden.of(name, format);
        InferencePlan plan = plan(golden);
        try (Engine engine = new Nd4jEngine(plan)) {
            assertKerasScores(Plans.run(engine, Plans.head(plan), golden.x()), golden);
        }
    }

    /** 12 rows and 20 columns. */
    @Test
    void mapsLieWhereResizingToAnAspectRatioTookTheImage() {
        Path cropped = Golden.of("layers_kept_ratio", "k2.keras").model();
        Path padded = Golden.of("layers_kept_ratio", "k3.keras").model();
        try (ClassActivationMapper middle =
                        ClassActivationMapper.fromKeras(cropped).build();
                ClassActivationMapper whole =
                        ClassActivationMapper.fromKeras(padded).build()) {
            assertThat(middle.placement())
                    .isEqualTo(new MapPlacement.Placed(new Extent(0, 12, 0, 12), new Extent(4, 16, 4, 16), false));
            assertThat(whole.placement())
                    .isEqualTo(new MapPlacement.Placed(new Extent(-4, 16, 0, 12), new Extent(0, 20, 0, 20), false));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aPreparedModelGivesTheBitsOfTheKerasFile(String name, String format) {
        Golden golden = Golden.of(name, format);
        Path file = folder.resolve("prepared.cam4j");
        try (ClassActivationMapper mapper =
                ClassActivationMapper.fromKeras(golden.model()).build()) {
            mapper.save(file);
            try (ClassActivationMapper opened = ClassActivationMapper.open(file)) {
                assertThat(opened.engine()).isEqualTo(mapper.engine()).startsWith("oneDNN");
                assertThat(opened.maps(golden.x(), 0, 3)).isEqualTo(mapper.maps(golden.x(), 0, 3));
            }
        }
    }
}
