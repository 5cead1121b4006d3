package org.cam4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
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
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.pass.PlanPass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The values inside classifiers of every operator, against those that PyTorch computed of the same files in float64. */
class ClassifierValuesTest {

    private static final double CLOSE = 1e-5;

    static Stream<Arguments> everyClassifierOnBothEngines() {
        return StoredClassifier.all().stream()
                .flatMap(stored -> Stream.of(Arguments.of(stored, "Java"), Arguments.of(stored, "oneDNN")));
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("everyClassifierOnBothEngines")
    void logitsAndActivationsAreThoseOfTheFile(StoredClassifier stored, String engineName) {
        StoredClassifier.Images images = stored.images();
        Map<String, Npz.Array> expected = stored.values();
        Translation translation = stored.model()
                .translation(images.shape().height(), images.shape().width());
        Map<String, Integer> outputs = new LinkedHashMap<>();
        stored.tensors().forEach((key, tensor) -> {
            assertThat(translation.tensors()).as("the tensor %s", tensor).containsKey(tensor);
            outputs.put(key, translation.tensors().get(tensor).value());
        });
        InferencePlan plan = PlanPass.simplified(translation.plan().withOutputs(outputs));
        try (Engine engine = Engines.of(plan, EngineSettings.standard().withEngine(engineName))) {
            Values values = engine.run(Batch.of(images.values(), images.shape()), outputs.keySet());
            stored.tensors().forEach((key, tensor) -> {
                float[] found =
                        inOnnxOrder(values.host(key), translation.tensors().get(tensor), images.count());
                assertThat(distance(found, expected.get(key).values()))
                        .as("%s, %s", key, tensor)
                        .isLessThan(CLOSE);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "densenet_ts17",
                "efficientnet_external",
                "inception_ts17",
                "keras_mobilenetv2_op15",
                "keras_vgg_flatten_op13",
                "mobilenetv3_ts13",
                "pre_uint8_nhwc_logsoftmax_dyn18",
                "convnext_ts13",
                "resnet_basic_dyn18",
                "vgg_fc_adaptive_dyn18"
            })
    void convolutionalNetworksMoveNoAxesAtRunTime(String name) {
        StoredClassifier stored = StoredClassifier.of(name);
        StoredClassifier.Images images = stored.images();
        InferencePlan plan = stored.model()
                .translation(images.shape().height(), images.shape().width())
                .plan();
        assertThat(plan.steps()).noneMatch(step -> step.operation() instanceof Transpose);
        assertThat(plan.steps()).anyMatch(step -> step.operation() instanceof Convolution);
    }

    static float[] inOnnxOrder(float[] values, Place place, int images) {
        int rank = place.dims().length;
        int[] strides = new int[rank];
        int size = 1;
        for (int i = rank - 1; i >= 0; i--) {
            int axis = place.order()[i];
            strides[axis] = size;
            size *= place.dims()[axis];
        }
        float[] ordered = new float[values.length];
        for (int i = 0; i < ordered.length; i++) {
            int left = i % size;
            int index = i - left;
            for (int axis = rank - 1; axis >= 0; axis--) {
                index += left % place.dims()[axis] * strides[axis];
                left /= place.dims()[axis];
            }
            ordered[i] = values[index];
        }
        assertThat(values.length).isEqualTo(size * images);
        return ordered;
    }

    /** The Euclidean distance from what is expected, relative to its length; where that is 0, so must be what is found. */
    static double distance(float[] found, float[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        double difference = 0;
        double length = 0;
        for (int i = 0; i < found.length; i++) {
            difference += Math.pow(found[i] - expected[i], 2);
            length += Math.pow(expected[i], 2);
        }
        return difference == 0 ? 0 : Math.sqrt(difference / length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hand_two_outputs"})
    void outputsWithoutScoresOfClassesAreLeftOutAndNamed(String name) {
        Translation translation = StoredClassifier.of(name).model().translation(32, 32);
        List<String> outputs = new ArrayList<>(translation.plan().outputs().keySet());
        assertThat(outputs).hasSize(2);
        assertThat(translation.notes()).anyMatch(note -> note.contains("holds no scores of classes"));
    }
}
