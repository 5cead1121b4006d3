package org.cam4j.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.MapperBuilder;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.explain.GradCam;
import org.cam4j.explain.Methods;
import org.cam4j.image.Preprocessing;
import org.cam4j.testing.Closeness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models from their files to maps, against the engine in plain Java, whose values cam-core and cam-onnx compare with the models' makers. */
class WholeModelsTest {

    private static final Path ONNX = Path.of("..", "cam-onnx", "src", "test", "resources", "classifiers");

    /** Single precision of deep networks. */
    private static final double CLOSE = 2e-5;

    @TempDir
    private Path folder;

    static Stream<Path> models() throws IOException {
        try (Stream<Path> files = Files.list(ONNX)) {
            return files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList().stream();
        }
    }

    private static ClassActivationMapper mapper(Path file, String engine) {
        MapperBuilder builder = ClassActivationMapper.from(file).engine(engine).threads(2);
        if (builder.needsInputSize()) {
            builder.inputSize(32, 32);
        }
        if (builder.outputs().size() > 1) {
            builder.output(0);
        }
        return builder.preprocessing(Preprocessing.TF).build();
    }

    private static BufferedImage photo() {
        BufferedImage photo = new BufferedImage(60, 50, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(3);
        for (int i = 0; i < 60 * 50; i++) {
            photo.setRGB(i % 60, i / 60, random.nextInt(1 << 24));
        }
        return photo;
    }

    @ParameterizedTest
    @MethodSource("models")
    void scoresMapsAndGradientsAreThoseOfPlainJava(Path file) {
        try (ClassActivationMapper found = mapper(file, "onnxruntime");
                ClassActivationMapper java = mapper(file, "Java")) {
            assertThat(found.engine()).startsWith("ONNX Runtime ");
            Explanation explanation = found.explain(photo(), "noise");
            Explanation expected = java.explain(photo(), "noise");
            int best = expected.prediction().index();
            assertThat(explanation.prediction().index()).isEqualTo(best);
            assertThat(explanation.prediction().logit())
                    .isCloseTo(expected.prediction().logit(), withinPercentage(100 * CLOSE));
            assertClose(explanation.map(best), expected.map(best));
            float bias = expected.map(best).bias();
            assertThat(explanation.map(best).bias()).isCloseTo(bias, within(1e-4f * (1 + Math.abs(bias))));
            assertClose(explanation.map(best, GradCam.atTarget()), expected.map(best, GradCam.atTarget()));
        }
    }

    private static void assertClose(ActivationMap found, ActivationMap expected) {
        assertThat(Closeness.relative(found.toArray(), expected.toArray())).isLessThan(CLOSE);
    }

    /** On a network of convolutions; those that read attention on a transformer. */
    @Test
    void everyMethodWorks() {
        Set<String> left = new LinkedHashSet<>(Methods.names());
        for (String name : List.of("mobilenetv3_ts13.onnx", "vit_mean_dyn18.onnx")) {
            try (ClassActivationMapper found = mapper(ONNX.resolve(name), "onnxruntime");
                    ClassActivationMapper java = mapper(ONNX.resolve(name), "Java")) {
                Explanation explanation = found.explain(photo(), "noise");
                Explanation expected = java.explain(photo(), "noise");
                left.removeIf(method -> isTheSame(method, explanation, expected));
            }
        }
        assertThat(left).isEmpty();
    }

    /** Whether a method runs on the network; fails if its map is another one. */
    private static boolean isTheSame(String name, Explanation found, Explanation expected) {
        ExplanationMethod method = Methods.named(name, List.of());
        int best = expected.prediction().index();
        ActivationMap wanted;
        try {
            wanted = expected.map(best, method);
        } catch (UnsupportedModelException e) {
            assertThat(e).hasMessageContaining("attention");
            return false;
        }
        assertThat(Closeness.relative(found.map(best, method).toArray(), wanted.toArray()))
                .as(name)
                .isLessThan(1e-3);
        return true;
    }

    @Test
    void aPreparedModelRunsFromItsPlainWeights() {
        Path prepared = folder.resolve("model.cam4j");
        Path file = ONNX.resolve("resnet_basic_dyn18.onnx");
        try (ClassActivationMapper mapper = mapper(file, "onnxruntime")) {
            Explanation before = mapper.explain(photo(), "noise");
            mapper.save(prepared);
            try (ClassActivationMapper opened = ClassActivationMapper.from(prepared)
                    .engine("onnxruntime")
                    .threads(2)
                    .build()) {
                Explanation after = opened.explain(photo(), "noise");
                assertThat(after.map().toArray()).isEqualTo(before.map().toArray());
            }
        }
    }
}
