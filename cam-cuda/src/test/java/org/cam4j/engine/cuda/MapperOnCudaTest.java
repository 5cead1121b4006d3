package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.InputTensor;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.explain.GradCam;
import org.cam4j.explain.Methods;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;
import org.cam4j.plan.InferencePlan;
import org.cam4j.prepared.PreparedFile;
import org.cam4j.testing.Closeness;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What an application gets from a mapper on the stand-in's GPU, beside ND4J on the CPU in the same process. */
class MapperOnCudaTest {

    private static final int IMAGES = 3;

    private final InferencePlan classifier = TestPlans.classifier(false);
    private final InferencePlan plan =
            classifier.withOutputs(Map.of("scores", classifier.output(InferencePlan.LOGITS)));
    private final float[] numbers = TestPlans.numbers(9, IMAGES * plan.input().size(), 1);

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    private ClassActivationMapper mapper(String engine) {
        return ClassActivationMapper.ofPlan(plan).engine(engine).build();
    }

    private INDArray images() {
        return Nd4j.createFromArray(numbers)
                .reshape(
                        'c',
                        IMAGES,
                        plan.input().height(),
                        plan.input().width(),
                        plan.input().channels());
    }

    private InputTensor tensor() {
        float[] one = Arrays.copyOf(numbers, plan.input().size());
        return InputTensor.of(
                one, plan.input().height(), plan.input().width(), plan.input().channels());
    }

    private static float[] numbers(INDArray array) {
        return array.dup('c').data().asFloat();
    }

    @Test
    void arraysAreThoseOfPlainJava() {
        try (ClassActivationMapper cuda = mapper("CUDA");
                ClassActivationMapper java = mapper("Java")) {
            assertThat(cuda.engine()).startsWith("CUDA on CUDA stand-in (EXACT");
            INDArray features = cuda.convActivations(images());
            INDArray maps = cuda.maps(images(), 4, 0, 6);
            INDArray enlarged = cuda.upsample(maps, 31, 17);

            assertThat(features.shape())
                    .isEqualTo(java.convActivations(images()).shape());
            assertThat(Closeness.relative(numbers(features), numbers(java.convActivations(images()))))
                    .isLessThan(3e-7);
            assertThat(maps.shape()).isEqualTo(java.maps(images(), 4, 0, 6).shape());
            assertThat(Closeness.relative(numbers(maps), numbers(java.maps(images(), 4, 0, 6))))
                    .isLessThan(1e-6);
            assertThat(enlarged.shape()).containsExactly(IMAGES, 3, 31, 17);
            assertThat(Closeness.relative(numbers(enlarged), numbers(java.upsample(maps, 31, 17))))
                    .isLessThan(3e-7);
        }
    }

    @Test
    void explanationsAreThoseOfPlainJavaForEveryMethodThatReadsLayers() {
        InputTensor tensor = tensor();
        for (String method : new String[] {"cam", "grad-cam", "layer-cam", "eigen-cam", "full-grad", "score-cam"}) {
            boolean takesLayer = method.equals("grad-cam") || method.equals("layer-cam");
            ExplanationMethod parsed = Methods.named(method, takesLayer ? List.of("second") : List.of());
            try (ClassActivationMapper cuda = ClassActivationMapper.ofPlan(plan)
                            .engine("CUDA")
                            .method(parsed)
                            .build();
                    ClassActivationMapper java = ClassActivationMapper.ofPlan(plan)
                            .engine("Java")
                            .method(parsed)
                            .build()) {
                Explanation found = cuda.explain(tensor, 0);
                Explanation expected = java.explain(tensor, 0);

                assertThat(found.prediction().index())
                        .isEqualTo(expected.prediction().index());
                assertThat(Closeness.relative(
                                found.map().toArray(), expected.map().toArray()))
                        .as(method)
                        .isLessThan(2e-5);
            }
        }
    }

    /** Photos go up as bytes, tensors as floats. */
    @ParameterizedTest
    @EnumSource(names = {"BILINEAR", "BICUBIC"})
    void photosAreExplainedAsTheirTensorsAre(Interpolation interpolation) {
        try (ClassActivationMapper cuda = ClassActivationMapper.ofPlan(plan)
                .engine("CUDA")
                .preprocessing(Preprocessing.TORCH)
                .resize(interpolation)
                .build()) {
            ImagePreparation preparation = cuda.preparation().orElseThrow();
            List<BufferedImage> photos = List.of(PixelsTest.photo(40, 31), PixelsTest.photo(9, 70));
            List<Explanation> together = cuda.explain(photos);
            for (int i = 0; i < photos.size(); i++) {
                InputTensor tensor =
                        InputTensor.of(preparation.prepare(photos.get(i)).values(), 13, 11, 3);
                Explanation expected = cuda.explain(tensor, 0);

                Explanation found = cuda.explain(photos.get(i));

                assertThat(found.map(2).toArray())
                        .containsExactly(expected.map(2).toArray());
                assertThat(found.map(2, GradCam.at("second")).toArray())
                        .containsExactly(expected.map(2, GradCam.at("second")).toArray());
                assertThat(together.get(i).map(2, GradCam.at("second")).toArray())
                        .containsExactly(expected.map(2, GradCam.at("second")).toArray());
                assertThat(Closeness.relative(
                                together.get(i).map(2).toArray(),
                                expected.map(2).toArray()))
                        .isLessThan(1e-6);
            }
        }
    }

    @Test
    void anExplanationOutlivesItsMapper() {
        InputTensor tensor = tensor();
        Explanation explanation;
        float[] expected;
        try (ClassActivationMapper cuda = mapper("CUDA")) {
            explanation = cuda.explain(tensor, 0);
            expected = cuda.explain(tensor, 0).map(2).toArray();
        }

        assertThat(explanation.map(2).toArray()).isEqualTo(expected);
    }

    @Test
    void aModelPreparedOnAProcessorRunsOnTheGpu(@TempDir Path folder) {
        Path file = folder.resolve("model.cam4j");
        try (ClassActivationMapper java = mapper("Java")) {
            java.save(file);
        }
        try (ClassActivationMapper opened = ClassActivationMapper.open(file);
                ClassActivationMapper cuda = mapper("CUDA")) {
            assertThat(opened.engine()).startsWith("CUDA on CUDA stand-in (EXACT");
            assertThat(opened.explain(tensor(), 0).map(2).toArray())
                    .isEqualTo(cuda.explain(tensor(), 0).map(2).toArray());
        }
    }

    @Test
    void aPreparedModelHoldsWhatATunedEngineChose(@TempDir Path folder) {
        Path file = folder.resolve("tuned.cam4j");
        System.setProperty("cam4j.cuda.tuned", "true");
        float[] expected;
        try (ClassActivationMapper tuned = mapper("CUDA")) {
            expected = tuned.explain(tensor(), 0).map(2).toArray();
            tuned.save(file);
            assertThatThrownBy(() -> tuned.saveLean(folder.resolve("lean.cam4j")))
                    .isInstanceOf(UnsupportedModelException.class)
                    .hasMessageContaining("packs no weights");
        } finally {
            System.clearProperty("cam4j.cuda.tuned");
        }
        assertThat(PreparedFile.open(file).model().packing().orElseThrow().summary())
                .contains("kinds of convolutions tuned");
        try (ClassActivationMapper opened = ClassActivationMapper.open(file)) {
            assertThat(opened.engine()).startsWith("CUDA");
            assertThat(opened.explain(tensor(), 0).map(2).toArray()).isEqualTo(expected);
        }
        try (ClassActivationMapper java =
                ClassActivationMapper.from(file).engine("Java").build()) {
            assertThat(Closeness.relative(java.explain(tensor(), 0).map(2).toArray(), expected))
                    .isLessThan(1e-6);
        }
    }
}
