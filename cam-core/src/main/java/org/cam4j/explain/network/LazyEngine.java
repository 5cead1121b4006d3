package org.cam4j.explain.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.engine.Values;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.pass.PlanPass;

/** An engine that starts with its first run. Thread-safe. */
final class LazyEngine implements AutoCloseable {

    private final InferencePlan plan;
    private final EngineSettings settings;
    private Engine engine;
    private boolean closed;

    LazyEngine(InferencePlan plan, EngineSettings settings) {
        this.plan = PlanPass.simplified(plan);
        this.settings = settings;
    }

    /**
     * Runs a batch for all outputs.
     *
     * @param inputs for each image of the batch, the numbers by the names of the plan's inputs
     */
    Values run(List<Map<String, float[]>> inputs) {
        Map<String, Batch> batches = new LinkedHashMap<>();
        plan.inputs().forEach((name, shape) -> batches.put(name, batch(shape, inputs, name)));
        return engine().run(batches, plan.outputs().keySet());
    }

    private static Batch batch(Shape shape, List<Map<String, float[]>> inputs, String name) {
        float[] numbers = new float[Math.multiplyExact(shape.size(), inputs.size())];
        for (int i = 0; i < inputs.size(); i++) {
            float[] one = inputs.get(i).get(name);
            if (one.length != shape.size()) {
                throw new IllegalArgumentException(one.length + " numbers for '" + name + "' of " + shape);
            }
            System.arraycopy(one, 0, numbers, i * shape.size(), one.length);
        }
        return Batch.of(numbers, shape);
    }

    /** Returns the numbers of an output for each image of a run. */
    static List<float[]> split(Values values, String output) {
        float[] numbers = values.host(output);
        int size = numbers.length / values.count();
        List<float[]> split = new ArrayList<>();
        for (int i = 0; i < values.count(); i++) {
            split.add(values.count() == 1 ? numbers : Arrays.copyOfRange(numbers, i * size, (i + 1) * size));
        }
        return split;
    }

    private synchronized Engine engine() {
        if (closed) {
            throw new IllegalStateException("the network is closed");
        }
        if (engine == null) {
            engine = Engines.of(plan, settings);
        }
        return engine;
    }

    /** Returns the names of the plan's outputs. */
    Set<String> outputs() {
        return plan.outputs().keySet();
    }

    /** Returns the numbers of all inputs and outputs of one image. */
    long numbers() {
        long numbers = plan.inputs().values().stream().mapToLong(Shape::size).sum();
        return numbers
                + plan.outputs().values().stream()
                        .mapToLong(value -> plan.shape(value).size())
                        .sum();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (engine != null) {
            engine.close();
        }
    }
}
