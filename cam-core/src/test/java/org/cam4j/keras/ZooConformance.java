package org.cam4j.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.dl4j.graph.PlannedFeatures;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.onednn.OneDnnEngine;
import org.cam4j.exception.CamException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Reads one generated model and prints how far it is from Keras in float64, as JSON; {@code keras_zoo.py} calls it. */
final class ZooConformance {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ZooConformance() {}

    public static void main(String... arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        ObjectNode result = JSON.createObjectNode();
        try {
            compare(folder, folder.resolve("model." + arguments[1]), result);
        } catch (CamException e) {
            result.put("refused", e.getMessage().replace(folder.toString(), "").replace('|', '/'));
        }
        System.out.println(result);
    }

    private static void compare(Path folder, Path model, ObjectNode result) throws IOException {
        JsonNode golden = JSON.readTree(folder.resolve("golden.json").toFile());
        KerasModels.load(model); // For the time of the classes.
        long start = System.nanoTime();
        ComputationGraph graph = KerasModels.load(model).graph();
        result.put("seconds", (System.nanoTime() - start) / 1e9);

        long[] shape = JSON.convertValue(golden.path("shape"), long[].class);
        ByteBuffer bytes = bytes(folder.resolve("x.bin"));
        float[] x = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(x);
        Map<String, INDArray> activations = graph.feedForward(Nd4j.create(x, shape, 'c'), false);
        String output = graph.getConfiguration().getNetworkOutputs().get(0);
        result.put("scores", distance(activations.get(output), folder.resolve("y.bin")));
        result.put(
                "activations",
                distance(activations.get(golden.path("layer").asText()), folder.resolve("activation.bin")));
        result.put("map", map(graph, (int) shape[1], (int) shape[2]));
        activations.clear();
        int height = (int) shape[1];
        int width = (int) shape[2];
        run(
                PlannedFeatures.of(graph, golden.path("layer").asText(), height, width),
                x,
                folder.resolve("activation.bin"),
                result);
    }

    /** The activations on the engine that mappers use. */
    private static void run(Optional<InferencePlan> found, float[] x, Path exact, ObjectNode result)
            throws IOException {
        if (found.isEmpty()) {
            result.put("objection", "a layer is not known to the plan");
            return;
        }
        InferencePlan plan = found.get();
        try (Engine engine = OneDnnEngine.start(plan, 2)) {
            result.put(
                    "planned",
                    distance(
                            engine.run(Batch.of(x, plan.input()), Set.of(InferencePlan.FEATURES))
                                    .host(InferencePlan.FEATURES),
                            exact));
        } catch (EngineUnavailableException e) {
            result.put("objection", e.getMessage());
        }
    }

    private static String map(ComputationGraph graph, int height, int width) {
        try {
            GapClassifier classifier = GapClassifier.find(graph, height, width);
            return "yes, `" + classifier.parts().features() + "`";
        } catch (UnsupportedModelException e) {
            return "no: " + e.getMessage().split("(: a class activation map|\\. A class activation map)", 2)[0];
        }
    }

    private static double distance(INDArray found, Path exact) throws IOException {
        return distance(found.dup('c').data().asFloat(), exact);
    }

    private static double distance(float[] values, Path exact) throws IOException {
        ByteBuffer bytes = bytes(exact);
        double[] expected = new double[bytes.remaining() / Double.BYTES];
        bytes.asDoubleBuffer().get(expected);
        if (values.length != expected.length) {
            throw new IOException(values.length + " values, expected " + expected.length);
        }
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < values.length; i++) {
            difference += Math.pow(values[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / norm);
    }

    private static ByteBuffer bytes(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
