package org.cam4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.engine.Values;
import org.cam4j.onnx.testing.Npz;
import org.cam4j.onnx.testing.StoredClassifier;
import org.cam4j.onnx.translation.Place;
import org.cam4j.onnx.translation.Translation;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.pass.PlanPass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradients of scores by values inside classifiers, against PyTorch's of the same files in float64. */
class GradientsTest {

    private static final double CLOSE = 1e-4;

    static Stream<StoredClassifier> classifiersWithGradients() {
        return StoredClassifier.all().stream().filter(stored -> stored.values().containsKey("last.gradient"));
    }

    @ParameterizedTest
    @MethodSource("classifiersWithGradients")
    void gradientsOfBothLayersAreThoseOfTheFile(StoredClassifier stored) {
        StoredClassifier.Images images = stored.images();
        Translation translation = stored.model()
                .translation(images.shape().height(), images.shape().width());
        Place logits = translation.tensors().get(stored.logits());
        for (String layer : List.of("last", "inner")) {
            Place place = translation.tensors().get(stored.tensors().get(layer + ".activation"));
            Adjoint adjoint =
                    Adjoint.of(translation.plan(), logits.value(), List.of(place.value()), Gates.DIFFERENTIATED);
            Npz.Array expected = stored.values().get(layer + ".gradient");
            float[] classes = stored.values().get("classes").values();
            int size = expected.values().length / classes.length / images.count();
            for (int image = 0; image < images.count(); image++) {
                for (int c = 0; c < classes.length; c++) {
                    float[] found = gradient(adjoint, images, image, (int) classes[c]);
                    int start = (c * images.count() + image) * size;
                    float[] wanted = Arrays.copyOfRange(expected.values(), start, start + size);
                    assertThat(ClassifierValuesTest.distance(ClassifierValuesTest.inOnnxOrder(found, place, 1), wanted))
                            .as("%s, class %s of image %d", layer, classes[c], image)
                            .isLessThan(CLOSE);
                }
            }
        }
    }

    private static float[] gradient(Adjoint adjoint, StoredClassifier.Images images, int image, int index) {
        Shape shape = images.shape();
        float[] pixels = Arrays.copyOfRange(images.values(), image * shape.size(), (image + 1) * shape.size());
        InferencePlan backward = PlanPass.simplified(adjoint.backward());
        Map<String, Batch> inputs = new LinkedHashMap<>();
        Values kept = adjoint.kept().isEmpty()
                ? null
                : run(PlanPass.simplified(adjoint.forward()), Map.of(InferencePlan.IMAGE, Batch.of(pixels, shape)));
        backward.inputs().forEach((name, size) -> {
            float[] seed = new float[size.size()];
            if (name.equals(Adjoint.SEED)) {
                seed[index] = 1;
            }
            inputs.put(name, Batch.of(name.equals(Adjoint.SEED) ? seed : kept.host(name), size));
        });
        return run(backward, inputs).host(Adjoint.GRADIENT);
    }

    private static Values run(InferencePlan plan, Map<String, Batch> inputs) {
        try (Engine engine = Engines.of(plan, EngineSettings.standard().withEngine("Java"))) {
            return engine.run(inputs, plan.outputs().keySet());
        }
    }
}
