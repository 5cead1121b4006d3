package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cam4j.exception.CamException;
import org.cam4j.testing.Golden;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Random models of every layer that is read, against what Keras computed with them in float64 ({@code keras_random.py}).
 *
 * <p>The gate reads the forty models of the test resources, all of which must be explained. {@code -Dcam4j.random.models=FOLDER}
 * reads others: a refusal is counted and its reason printed, anything else that is not Keras' result fails.
 */
class RandomKerasModelsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FOLDER = System.getProperty("cam4j.random.models");

    /** How many times Keras' own rounding in float32 another order of sums may be off. */
    private static final double ROUNDING = 20;

    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final Map<String, String> wrong = new TreeMap<>();

    @Test
    void modelsGiveTheScoresAndMapsThatKerasGives() throws IOException {
        Path folder = FOLDER == null ? Golden.resource("/keras/random") : Path.of(FOLDER);
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> cases = files.filter(file -> file.toString().endsWith(".case.json"))
                    .sorted()
                    .toList();
            assertThat(cases).isNotEmpty();
            for (Path file : cases) {
                compare(folder, file);
            }
        }
        if (FOLDER != null) {
            outcomes.forEach((outcome, count) -> System.out.println(count + " " + outcome));
        } else {
            assertThat(outcomes.keySet()).containsExactly("explained");
        }
        assertThat(wrong).isEmpty();
    }

    private void compare(Path folder, Path description) throws IOException {
        JsonNode json = JSON.readTree(description.toFile());
        String name = description.getFileName().toString().replace(".case.json", "");
        String outcome;
        try (ClassActivationMapper mapper = ClassActivationMapper.fromKeras(
                        folder.resolve(json.path("file").asText()))
                .build()) {
            outcome = "explained";
            String difference =
                    difference(mapper, new Expected(json, Files.readAllBytes(folder.resolve(name + ".bin"))));
            if (!difference.isEmpty()) {
                outcome = "WRONG";
                wrong.put(name, difference + " " + json.path("layers"));
            } else if (!mapper.engine().startsWith("oneDNN")) {
                outcome = "explained by " + mapper.engine();
            }
        } catch (CamException e) {
            outcome = "refused: " + e.getMessage().replaceAll("'[^']*'", "_").replaceAll("\\d+", "N");
        } catch (RuntimeException e) {
            outcome = "THROWN";
            wrong.put(name, e + " " + json.path("layers"));
        }
        if (FOLDER != null && outcome.startsWith("refused")) {
            System.out.println(name + " " + json.path("layers") + " " + outcome);
        }
        outcomes.merge(outcome, 1, Integer::sum);
    }

    private static String difference(ClassActivationMapper mapper, Expected expected) {
        double bound = Math.max(1e-5, ROUNDING * expected.own());
        Activations activations = mapper.activations(expected.images());
        INDArray logits = Nd4j.create(new float[][] {activations.logits(0), activations.logits(1)});
        INDArray scores =
                switch (mapper.summary().activation()) {
                    case SOFTMAX -> Transforms.softmax(logits, true);
                    case SIGMOID -> Transforms.sigmoid(logits, true);
                    case NONE -> logits;
                };
        double off = Golden.distance(scores, expected.scores());
        if (!(off < bound)) {
            return "scores are off by " + off;
        }
        INDArray features = mapper.convActivations(expected.images());
        if (!Arrays.equals(features.shape(), expected.maps().shape())) {
            return "features are " + features.shapeInfoToString() + " of "
                    + mapper.summary().features();
        }
        off = Golden.distance(features, expected.maps());
        return off < bound ? "" : "the pooled maps are off by " + off;
    }

    /** What is in the two files beside a model. */
    private record Expected(INDArray images, INDArray scores, INDArray maps, double own) {

        Expected(JsonNode json, byte[] values) {
            this(json, ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN));
        }

        private Expected(JsonNode json, ByteBuffer values) {
            this(
                    array(values, json.path("image")),
                    array(
                            values,
                            JSON.createArrayNode().add(json.path("classes").asInt())),
                    array(values, json.path("pooled")),
                    json.path("own").asDouble());
        }

        private static INDArray array(ByteBuffer values, JsonNode sizes) {
            long[] shape = new long[sizes.size() + 1];
            shape[0] = 2;
            int count = 2;
            for (int i = 0; i < sizes.size(); i++) {
                shape[i + 1] = sizes.get(i).asInt();
                count *= sizes.get(i).asInt();
            }
            float[] numbers = new float[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = (float) values.getDouble();
            }
            return Nd4j.create(numbers, shape, 'c');
        }
    }
}
