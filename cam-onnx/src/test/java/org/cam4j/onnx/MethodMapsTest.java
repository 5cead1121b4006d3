package org.cam4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.InputTensor;
import org.cam4j.explain.ExplainedImage;
import org.cam4j.explain.LayerActivations;
import org.cam4j.explain.Methods;
import org.cam4j.explain.Target;
import org.cam4j.explain.network.Progress;
import org.cam4j.onnx.testing.Npz;
import org.cam4j.onnx.testing.StoredClassifier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Maps of every method that pytorch-grad-cam or torch-cam has, of ONNX files through the front door, against these libraries. */
class MethodMapsTest {

    private static final Path FOLDER = Path.of("src", "test", "resources", "maps");

    private static final double BOUND = 1e-4;

    /** What single precision leaves of a sum of products that cancel, as a share of the sum of their sizes. */
    private static final double CANCELLED = 2e-6;

    private static final Map<String, String> METHODS = new TreeMap<>(Map.ofEntries(
            Map.entry("gradcam", "grad-cam"),
            Map.entry("gradcam++", "grad-cam++:pytorch-grad-cam"),
            Map.entry("gradcam++_torchcam", "grad-cam++:torch-cam"),
            Map.entry("xgradcam", "xgrad-cam:pytorch-grad-cam"),
            Map.entry("hirescam", "hires-cam"),
            Map.entry("layercam", "layer-cam"),
            Map.entry("gradcam_elementwise", "elementwise-grad-cam"),
            Map.entry("eigengradcam", "eigen-grad-cam"),
            Map.entry("eigencam", "eigen-cam:pytorch-grad-cam"),
            Map.entry("kpca_cam", "kpca-cam"),
            Map.entry("scorecam", "score-cam:pytorch-grad-cam"),
            Map.entry("scorecam_torchcam", "score-cam:torch-cam"),
            Map.entry("ablationcam_zero", "ablation-cam"),
            Map.entry("ablationcam_pgc", "ablation-cam:pytorch-grad-cam"),
            Map.entry("shapleycam", "shapley-cam:target"),
            Map.entry("shapleycam_rest", "shapley-cam"),
            Map.entry("finercam", "finer-cam:pytorch-grad-cam"),
            Map.entry("finercam_torchcam", "finer-cam")));

    /** These also change the class token, which belongs to no cell; here it stays as it is. */
    private static final Set<String> OF_ALL_TOKENS =
            Set.of("ablationcam_zero", "ablationcam_pgc", "shapleycam", "shapleycam_rest");

    static Stream<Arguments> layers() {
        return StoredClassifier.in(FOLDER).stream()
                .flatMap(stored -> Stream.of("last", "inner").map(layer -> Arguments.of(stored, layer)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("layers")
    void rawMapsAreThoseOfTheLibraries(StoredClassifier stored, String layer) {
        Map<String, Npz.Array> expected = stored.values();
        StoredClassifier.Images images = stored.images();
        List<String> wrong = new ArrayList<>();
        try (ClassActivationMapper mapper = ClassActivationMapper.from(stored.file())
                .layer(stored.tensors().get(layer + ".activation"))
                .build()) {
            List<Explanation> explanations = new ArrayList<>();
            for (int i = 0; i < images.count(); i++) {
                explanations.add(mapper.explain(image(images, i)).get(0));
            }
            for (Map.Entry<String, String> method : METHODS.entrySet()) {
                if (stored.name().startsWith("vit") && OF_ALL_TOKENS.contains(method.getKey())) {
                    continue;
                }
                Npz.Array maps = expected.get(layer + "." + method.getKey());
                for (int i = 0; i < 2 * images.count(); i++) {
                    int classIndex = (int) expected.get("classes").values()[i / images.count()];
                    Explanation explanation = explanations.get(i % images.count());
                    ActivationMap map = explanation.map(classIndex, Methods.named(method.getValue(), List.of()));
                    float[] found = map.toArray();
                    int start = (maps.dims().length == 4 ? i : i % images.count()) * found.length;
                    float[] one = Arrays.copyOfRange(maps.values(), start, start + found.length);
                    double allowed = bound(stored, layer, method.getKey()) * length(one)
                            + CANCELLED * length(sizes(explanation, classIndex));
                    if (!(distance(found, one) <= allowed)) {
                        wrong.add(method.getValue() + ", image " + i % images.count() + ", class " + classIndex + ": "
                                + distance(found, one) / length(one));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    static Stream<StoredClassifier> withFullGrad() {
        return StoredClassifier.in(FOLDER).stream()
                .filter(stored -> stored.values().containsKey("fullgrad"));
    }

    /** Maps of pixels, of which every eighth of every eighth row is stored, from the fourth on. */
    @ParameterizedTest
    @MethodSource("withFullGrad")
    void fullGradIsThatOfItsAuthorsAndOfTheLibrary(StoredClassifier stored) {
        Map<String, Npz.Array> expected = stored.values();
        StoredClassifier.Images images = stored.images();
        try (ClassActivationMapper mapper =
                ClassActivationMapper.from(stored.file()).build()) {
            for (int i = 0; i < 2 * images.count(); i++) {
                int classIndex = (int) expected.get("classes").values()[i / images.count()];
                Explanation explanation =
                        mapper.explain(image(images, i % images.count())).get(0);
                for (Map.Entry<String, String> method : Map.of(
                                "fullgrad", "full-grad:pytorch-grad-cam", "fullgrad_paper", "full-grad")
                        .entrySet()) {
                    ActivationMap map = explanation.map(classIndex, Methods.named(method.getValue(), List.of()));
                    Npz.Array maps = expected.get(method.getKey());
                    int count = maps.dims()[2] * maps.dims()[3];
                    float[] one = Arrays.copyOfRange(maps.values(), i * count, (i + 1) * count);
                    float[] found = everyEighth(map, maps.dims()[2], maps.dims()[3]);
                    assertThat(distance(found, one) / length(one))
                            .as(method.getValue() + " of class " + classIndex)
                            .isLessThan(BOUND);
                }
                Target logit = Target.logit(classIndex);
                ExplainedImage run = explanation.image(Progress.NONE);
                ExplainedImage.BiasTerms terms = run.biasTerms(logit.seed(run.logits()));
                float[] parts =
                        Arrays.copyOfRange(expected.get("fullgrad_parts").values(), 3 * i, 3 * i + 3);
                assertThat(terms.layers().stream()
                                .mapToDouble(layer -> sum(layer.values()))
                                .sum())
                        .isCloseTo(parts[2], within(1e-4 * Math.abs(parts[2])));
                assertThat(dot(run.values(), terms.imageGradient()))
                        .isCloseTo(parts[1], within(1e-4 * Math.abs(parts[1])));
                assertThat(terms.others()).isCloseTo(parts[0] - parts[1] - parts[2], within(1e-4 * Math.abs(parts[0])));
            }
        }
    }

    private static float[] everyEighth(ActivationMap map, int rows, int columns) {
        float[] values = map.toArray();
        float[] some = new float[rows * columns];
        for (int i = 0; i < some.length; i++) {
            some[i] = values[(3 + 8 * (i / columns)) * map.width() + 3 + 8 * (i % columns)];
        }
        return some;
    }

    private static double sum(float... values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static InputTensor image(StoredClassifier.Images images, int index) {
        int size = images.shape().size();
        float[] values = Arrays.copyOfRange(images.values(), index * size, (index + 1) * size);
        return InputTensor.of(
                values,
                images.shape().height(),
                images.shape().width(),
                images.shape().channels());
    }

    /** Activations at the inner layers of MobileNetV2 and the transformer are negative, so that denominators come near 0. */
    private static double bound(StoredClassifier stored, String layer, String method) {
        boolean hasNegative = layer.equals("inner")
                && Stream.of("mobilenet", "vit").anyMatch(name -> stored.name().startsWith(name));
        boolean hasPole = Set.of("gradcam++", "xgradcam").contains(method);
        return hasNegative && hasPole ? 3e-4 : BOUND;
    }

    /** Returns {@code Σ_k |G_k A_k|} of each cell. */
    private static float[] sizes(Explanation explanation, int classIndex) {
        ExplainedImage image = explanation.image(Progress.NONE);
        LayerActivations a = image.activations(ExplainedImage.TARGET_LAYER);
        float[] weights = image.gradient(
                        ExplainedImage.TARGET_LAYER, Target.logit(classIndex).seed(image.logits()))
                .clone();
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.abs(weights[i]) * Math.signum(a.values()[i]);
        }
        return a.weightedSum(weights).values();
    }

    private static double length(float[] values) {
        return distance(values, new float[values.length]);
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }
}
