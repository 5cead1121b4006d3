package org.cam4j.engine.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.cam4j.onnx.export.PlanGraph;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/** A plan compiled by ONNX Runtime, with memory for some images. Not thread-safe. */
final class Session implements AutoCloseable {

    private final OrtEnvironment environment;
    private final InferencePlan plan;
    private final Map<String, String> inputs;
    private final Map<String, String> outputs;
    private final OrtSession session;
    private final HostBuffers buffers = new HostBuffers();

    private Session(OrtEnvironment environment, InferencePlan plan, PlanGraph graph, OrtSession session) {
        this.environment = environment;
        this.plan = plan;
        this.inputs = graph.inputs();
        this.outputs = graph.outputs();
        this.session = session;
    }

    /**
     * Compiles a plan.
     *
     * @throws OrtException if ONNX Runtime refuses it
     */
    static Session of(OrtEnvironment environment, InferencePlan plan, int threads) throws OrtException {
        PlanGraph graph = PlanGraph.of(plan);
        Map<String, OnnxTensorLike> weights = new HashMap<>();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setExecutionMode(ExecutionMode.SEQUENTIAL);
            options.setInterOpNumThreads(1);
            options.setIntraOpNumThreads(threads);
            options.setOptimizationLevel(OptLevel.ALL_OPT);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            // Threads wait for work between the steps of a run by spinning, not between runs.
            options.addConfigEntry("session.force_spinning_stop", "1");
            for (Map.Entry<String, PlanGraph.Weights> entry : graph.weights().entrySet()) {
                PlanGraph.Weights array = entry.getValue();
                weights.put(
                        entry.getKey(),
                        HostBuffers.copied(environment, array.values().get(), array.dims()));
            }
            if (!weights.isEmpty()) {
                options.addExternalInitializers(weights);
            }
            return new Session(environment, plan, graph, environment.createSession(graph.model(), options));
        } finally {
            // The session has packed them or copied them.
            weights.values().forEach(OnnxTensorLike::close);
        }
    }

    /**
     * Runs some images.
     *
     * @param images the numbers of each input, by the input's name, from position 0; the positions are not moved
     * @param first of the images to run
     * @param count how many
     * @param results arrays by the names of outputs, which get the numbers of these images
     */
    void run(Map<String, FloatBuffer> images, int first, int count, Map<String, float[]> results) throws OrtException {
        if (results.isEmpty()) {
            return;
        }
        Map<String, OnnxTensor> given = new HashMap<>();
        Map<String, OnnxTensor> made = new HashMap<>();
        try {
            for (Map.Entry<String, String> input : inputs.entrySet()) {
                Shape shape = plan.inputs().get(input.getKey());
                FloatBuffer buffer = buffers.of(input.getValue(), count * shape.size());
                FloatBuffer numbers = images.get(input.getKey());
                buffer.put(0, numbers, numbers.position() + first * shape.size(), buffer.capacity());
                given.put(input.getValue(), HostBuffers.tensor(environment, buffer, HostBuffers.dims(count, shape)));
            }
            for (String output : results.keySet()) {
                Shape shape = plan.shape(plan.output(output));
                String tensor = outputs.get(output);
                FloatBuffer buffer = buffers.of(tensor, count * shape.size());
                made.put(tensor, HostBuffers.tensor(environment, buffer, HostBuffers.dims(count, shape)));
            }
            session.run(given, made).close();
            results.forEach((output, numbers) -> {
                int size = plan.shape(plan.output(output)).size();
                buffers.of(outputs.get(output), count * size).get(0, numbers, first * size, count * size);
            });
        } finally {
            given.values().forEach(OnnxTensor::close);
            made.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
