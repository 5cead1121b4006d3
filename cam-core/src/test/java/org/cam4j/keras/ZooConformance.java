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
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.dl4j.graph.PlannedFeatures;
import org.cam4j.dl4j.graph.Planning;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.onednn.OneDnnEngine;
import org.cam4j.exception.CamException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.testing.Plans;
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
        result.put("map", map(graph));
        int channels = (int) activations.get(golden.path("layer").asText()).size(3);
        activations.clear();
        Planning planning =
                PlannedFeatures.of(graph, golden.path("layer").asText(), channels, (int) shape[1], (int) shape[2]);
        run(planning, x, folder.resolve("activation.bin"), result);
    }

    /** The activations on the engine that mappers use. */
    private static void run(Planning planning, float[] x, Path exact, ObjectNode result) throws IOException {
        if (planning.plan().isEmpty()) {
            result.put("objection", planning.objection());
            return;
        }
        InferencePlan plan = planning.plan().get();
        try (Engine engine = OneDnnEngine.start(plan, 2)) {
            result.put("planned", distance(Plans.run(engine, plan, x).features(), exact));
        } catch (EngineUnavailableException e) {
            result.put("objection", e.getMessage());
        }
    }

    private static String map(ComputationGraph graph) {
        try {
            GapClassifier classifier = GapClassifier.find(graph);
            return "yes, `" + classifier.features() + "`";
        } catch (UnsupportedModelException e) {
            return "no: " + e.getMessage().split("(: a class activation map|\\. A class activation map)", 2)[0];
        }
    }

    private static double distance(INDArray found, Path exact) throws IOException {
        ByteBuffer bytes = bytes(exact);
        double[] expected = new double[bytes.remaining() / Double.BYTES];
        bytes.asDoubleBuffer().get(expected);
        float[] values = found.dup('c').data().asFloat();
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
