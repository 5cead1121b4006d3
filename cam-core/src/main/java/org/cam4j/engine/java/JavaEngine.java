package org.cam4j.engine.java;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.HostValues;
import org.cam4j.engine.Inputs;
import org.cam4j.engine.Values;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.Shape;

/**
 * Runs a plan in plain Java on any platform: for machines without a native library, and as the reference for other engines.
 *
 * <p>Values are kept in single precision until their last reader has run; each operation computes in double precision, so that a value is
 * rounded once. Images of a batch are run one after the other, their operations on all threads. Any number of threads gives the same bits.
 */
public final class JavaEngine implements Engine {

    private final InferencePlan plan;
    private final int threads;
    private final ForkJoinPool pool;
    private final Ranges ranges;
    private final TransposedWeights weights = new TransposedWeights();
    private final Map<Integer, Integer> lastReaders = new HashMap<>();
    private final ReadWriteLock life = new ReentrantReadWriteLock(true);
    private boolean closed;

    /**
     * Transposes a plan's weights; keeps the transposed copies besides the plan's own arrays.
     *
     * @param plan the plan to run
     * @param threads cores to use at most, at least 1
     * @throws EngineUnavailableException if the plan has an {@link External} step
     */
    public JavaEngine(InferencePlan plan, int threads) throws EngineUnavailableException {
        for (Step step : plan.steps()) {
            if (step.operation() instanceof External external) {
                throw new EngineUnavailableException(
                        "it cannot run '" + step.name() + "', which is " + external.describe());
            }
        }
        this.plan = plan;
        this.threads = threads;
        this.pool = new ForkJoinPool(threads);
        this.ranges = new ForkedRanges(threads);
        for (int i = 0; i < plan.steps().size(); i++) {
            Step step = plan.steps().get(i);
            lastReaders.putIfAbsent(step.value(), i);
            for (int value : step.inputs()) {
                lastReaders.put(value, i);
            }
            if (step.operation() instanceof Convolution convolution) {
                weights.of(convolution);
            } else if (step.operation() instanceof Dense dense) {
                weights.of(dense);
            }
        }
    }

    @Override
    public String name() {
        return "Java (plain loops, " + threads + (threads == 1 ? " thread)" : " threads)");
    }

    @Override
    public Values run(Map<String, Batch> inputs, Set<String> wanted) {
        Inputs checked = Inputs.of(plan, inputs);
        Map<String, Shape> shapes = new TreeMap<>();
        Map<String, float[]> arrays = new TreeMap<>();
        for (String output : wanted) {
            Shape shape = plan.shape(plan.output(output));
            shapes.put(output, shape);
            arrays.put(output, new float[Math.multiplyExact(checked.count(), shape.size())]);
        }
        life.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the mapper is closed: build a new one");
            }
            // Only on the pool's threads, so that many callers together use no more cores than requested.
            pool.submit(() -> runAll(checked, arrays)).join();
        } finally {
            life.readLock().unlock();
        }
        return new HostValues(checked.count(), arrays, shapes);
    }

    private void runAll(Inputs inputs, Map<String, float[]> outputs) {
        for (int i = 0; i < inputs.count(); i++) {
            Map<Integer, float[]> values = new HashMap<>();
            for (int input = 0; input < inputs.batches().size(); input++) {
                Batch batch = inputs.batches().get(input);
                FloatBuffer all = batch.host();
                float[] numbers = new float[batch.shape().size()];
                all.get(all.position() + i * numbers.length, numbers);
                values.put(input, numbers);
                keep(input, numbers, i, outputs);
            }
            runOne(values, i, outputs);
        }
    }

    private void runOne(Map<Integer, float[]> values, int number, Map<String, float[]> outputs) {
        for (int i = 0; i < plan.steps().size(); i++) {
            Step step = plan.steps().get(i);
            List<double[]> inputs = step.inputs().stream()
                    .map(value -> doubles(values.get(value)))
                    .toList();
            List<Shape> shapes = step.inputs().stream().map(plan::shape).toList();
            float[] result = floats(OperationDefinition.result(step.operation(), inputs, shapes, weights, ranges));
            keep(step.value(), result, number, outputs);
            values.put(step.value(), result);
            int position = i;
            values.keySet().removeIf(value -> lastReaders.getOrDefault(value, 0) <= position);
        }
    }

    /** Copies a value to each output that refers to it. */
    private void keep(int value, float[] numbers, int image, Map<String, float[]> outputs) {
        outputs.forEach((name, array) -> {
            if (plan.output(name) == value) {
                System.arraycopy(numbers, 0, array, image * numbers.length, numbers.length);
            }
        });
    }

    private static double[] doubles(float[] numbers) {
        double[] doubles = new double[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            doubles[i] = numbers[i];
        }
        return doubles;
    }

    private static float[] floats(double[] numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }

    @Override
    public void close() {
        life.writeLock().lock();
        try {
            closed = true;
            pool.shutdown();
        } finally {
            life.writeLock().unlock();
        }
    }
}
