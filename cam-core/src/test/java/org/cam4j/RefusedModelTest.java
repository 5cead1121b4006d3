package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Pointer;
import org.cam4j.classifier.LinearHead;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.PhotoException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.Fit;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Shape;
import org.cam4j.prepared.ModelDescription;
import org.cam4j.prepared.PreparedFile;
import org.cam4j.prepared.PreparedModel;
import org.cam4j.testing.Plans;
import org.cam4j.testing.RunningThreads;
import org.cam4j.testing.TestNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

/** Models that are refused after they were read, and photos of which a network makes no finite numbers. */
class RefusedModelTest {

    private static final int SIZE = 4;

    @TempDir
    Path folder;

    /** The image itself as features, and one class that is the sum of its channels' averages times a weight. */
    private static InferencePlan plan(float weight, float bias) {
        PlanBuilder plan = new PlanBuilder(new Shape(SIZE, SIZE, 3));
        float[] identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
        int features = plan.add(
                "conv", Convolution.pointwise(identity, new float[3], Activation.IDENTITY), InferencePlan.INPUT);
        return Plans.classifier(
                plan, features, new LinearHead(new float[] {weight, 1, weight, 1, weight, 1}, new float[] {bias, 0}));
    }

    private Path prepared(InferencePlan plan, String activation) {
        Path file = folder.resolve("model.cam4j");
        ImagePreparation preparation =
                new ImagePreparation(SIZE, SIZE, 3, Preprocessing.NONE, Interpolation.NEAREST, Fit.SQUASH);
        ModelDescription description = new ModelDescription(
                "model", Optional.empty(), "1", "conv", "conv", "gap", "head", activation, "softmax", 0, List.of());
        PreparedFile.write(
                file,
                new PreparedModel(
                        description,
                        Optional.of(preparation),
                        List.of("a", "b"),
                        plan,
                        Optional.of(Plans.head(plan)),
                        Optional.empty(),
                        false));
        return file;
    }

    private static BufferedImage photo(int grey) {
        BufferedImage photo = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < SIZE * SIZE; i++) {
            photo.setRGB(i % SIZE, i / SIZE, grey * 0x010101);
        }
        return photo;
    }

    @Test
    void aRefusedPreparedModelLeavesNeitherThreadsNorMemory() throws Exception {
        Path file = prepared(plan(1, 0), "?OFTMAX");
        assertThatThrownBy(() -> ClassActivationMapper.open(file)).isInstanceOf(ModelFileException.class);
        RunningThreads before = RunningThreads.now();
        long bytes = Pointer.totalBytes();

        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> ClassActivationMapper.open(file))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContainingAll("model.cam4j", "?OFTMAX");
        }

        before.assertOthersEnd();
        assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"oneDNN", "ND4J", "Java"})
    void aBuildThatFailsWhenTheEngineRunsLeavesNoThread(String engineName) throws Exception {
        ComputationGraph graph = TestNetworks.gap(CNN2DFormat.NHWC);
        graph.getParam("predictions_W").putScalar(0, 0, Float.NaN);
        RunningThreads before = RunningThreads.now();

        for (int i = 0; i < 3; i++) {
            MapperBuilder builder =
                    ClassActivationMapper.of(graph).inputSize(12, 10).engine(engineName);
            assertThatThrownBy(builder::build).isInstanceOf(UnsupportedModelException.class);
        }

        before.assertOthersEnd();
    }

    @Test
    void aPreparedModelBeyondTheLimitsIsRefusedBeforeItRuns() {
        PlanBuilder plan = new PlanBuilder(new Shape(SIZE, SIZE, 3));
        int wide = plan.add("pad", new Pad(new Padding(0, 0, 0, 1 << 24)), InferencePlan.INPUT);
        Path file = prepared(Plans.classifier(plan, wide, new LinearHead(new float[6], new float[2])), "softmax");

        assertThatThrownBy(() -> ClassActivationMapper.open(file))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContainingAll("'pad'", "16777216 cells");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void aHeadThatIsNotFiniteIsNeitherSavedNorOpened(float bias) {
        InferencePlan plan = plan(1, bias);

        assertThatThrownBy(() -> prepared(plan, "softmax"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the head has the weight " + bias);
    }

    @ParameterizedTest
    @ValueSource(floats = {3e38f, -3e38f})
    void scoresThatAreNotFiniteAreThePhotosFailure(float weight) {
        try (ClassActivationMapper mapper = ClassActivationMapper.open(prepared(plan(weight, 0), "softmax"))) {
            assertThatThrownBy(() -> mapper.explain(photo(9)))
                    .isInstanceOf(PhotoException.class)
                    .hasMessageContaining("not finite");
            assertThatThrownBy(() -> mapper.activations(Nd4j.ones(2, SIZE, SIZE, 3)))
                    .isInstanceOf(PhotoException.class)
                    .hasMessageContaining("image 0");
        }
    }

    @Test
    void oneOverflowingPhotoLeavesTheOthers() {
        try (ClassActivationMapper mapper = ClassActivationMapper.open(prepared(plan(3e36f, 0), "softmax"))) {
            assertThat(mapper.explain(photo(0)).prediction().logit()).isZero();
            assertThatThrownBy(() -> mapper.explain(photo(255)))
                    .isInstanceOf(PhotoException.class)
                    .hasMessageContaining("not finite");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"oneDNN", "ND4J", "Java"})
    void activationsThatAreNotFiniteAreFoundInEveryEngine(String engineName) throws Exception {
        PlanBuilder plan = new PlanBuilder(new Shape(1, 2, 1));
        int features = plan.add(
                "conv",
                Convolution.pointwise(new float[] {1e38f}, new float[1], Activation.IDENTITY),
                InferencePlan.INPUT);
        InferencePlan built = Plans.classifier(plan, features, new LinearHead(new float[] {0}, new float[1]));
        EngineSettings settings = EngineSettings.standard().withEngine(engineName);
        try (Engine engine = Engines.of(built, settings)) {
            Activations activations = Plans.run(engine, built, new float[] {1, 2, 1, 9});

            assertThat(activations.isFinite(0)).isTrue();
            assertThat(activations.isFinite(1)).isFalse();
        }
    }

    @Test
    void pixelsThatAreNotFiniteAreRefused() {
        try (ClassActivationMapper mapper = ClassActivationMapper.open(prepared(plan(1, 0), "softmax"))) {
            var images = Nd4j.ones(1, SIZE, SIZE, 3);
            images.putScalar(new int[] {0, 1, 2, 0}, Float.NaN);

            assertThatThrownBy(() -> mapper.activations(images))
                    .isInstanceOf(PhotoException.class)
                    .hasMessageContaining("pixels");
        }
    }
}
