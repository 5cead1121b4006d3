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
     * @param inputs for each image of the batch, one each by the names of the plan's inputs
     */
    Values run(List<Map<String, Batch>> inputs) {
        return engine().run(batches(inputs), plan.outputs().keySet());
    }

    /** The same for outputs that another part of the network reads; released by the caller. */
    Values runKeeping(List<Map<String, Batch>> inputs) {
        return engine().runKeeping(batches(inputs), plan.outputs().keySet());
    }

    private Map<String, Batch> batches(List<Map<String, Batch>> inputs) {
        Map<String, Batch> batches = new LinkedHashMap<>();
        plan.inputs().forEach((name, shape) -> batches.put(name, batch(shape, inputs, name)));
        return batches;
    }

    /** One image's input may lie on the engine's device; those of several are put together on the host. */
    private static Batch batch(Shape shape, List<Map<String, Batch>> inputs, String name) {
        if (inputs.size() == 1 && inputs.get(0).get(name).shape().equals(shape)) {
            return inputs.get(0).get(name);
        }
        float[] numbers = new float[Math.multiplyExact(shape.size(), inputs.size())];
        for (int i = 0; i < inputs.size(); i++) {
            float[] one = inputs.get(i).get(name).numbers();
            if (one.length != shape.size()) {
                throw new IllegalArgumentException(one.length + " numbers for '" + name + "' of " + shape);
            }
            System.arraycopy(one, 0, numbers, i * shape.size(), one.length);
        }
        return Batch.of(numbers, shape);
    }

    /** Returns numbers without rows and columns as the input of one image. */
    static Batch single(float... numbers) {
        return Batch.of(numbers, new Shape(numbers.length));
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

    /** Returns an output for each image of a run as inputs of other runs. */
    static List<Batch> batches(Values values, String output) {
        return values.count() == 1
                ? List.of(values.batch(output))
                : split(values, output).stream()
                        .map(numbers -> Batch.of(numbers, values.shape(output)))
                        .toList();
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
