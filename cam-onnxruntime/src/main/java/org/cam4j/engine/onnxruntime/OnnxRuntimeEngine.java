package org.cam4j.engine.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.HostValues;
import org.cam4j.engine.Inputs;
import org.cam4j.engine.Values;
import org.cam4j.exception.BackendException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.Shape;

/**
 * Runs a plan by ONNX Runtime on the processor.
 *
 * <p>Up to eight images are run at a time, on all threads; concurrent callers wait for each other in the order in which
 * they came. The same images in a batch of the same size give the same bits, on every thread. Weights are held by ONNX Runtime, packed,
 * besides the plan's own arrays; while it starts, there is one more copy in the JVM's direct memory.
 */
final class OnnxRuntimeEngine implements Engine {

    private static final int MOST_AT_ONCE = 8;

    /** Numbers of the largest value of a batch, 64 MB. */
    private static final int NUMBERS_AT_ONCE = 1 << 24;

    private final InferencePlan plan;
    private final Session session;
    private final String name;
    private final int atOnce;
    /** Held by a run and by closing. */
    private final ReentrantLock lock = new ReentrantLock(true);

    private boolean closed;

    private OnnxRuntimeEngine(InferencePlan plan, Session session, String name) {
        this.plan = plan;
        this.session = session;
        this.name = name;
        this.atOnce = Math.max(1, Math.min(MOST_AT_ONCE, NUMBERS_AT_ONCE / largest(plan)));
    }

    private static int largest(InferencePlan plan) {
        int largest =
                plan.inputs().values().stream().mapToInt(Shape::size).max().orElseThrow();
        for (Step step : plan.steps()) {
            largest = Math.max(largest, plan.shape(step.value()).size());
        }
        return largest;
    }

    /**
     * Loads ONNX Runtime and compiles a plan.
     *
     * @param plan the plan to run
     * @param threads cores to use at most
     * @return a running engine
     * @throws EngineUnavailableException if ONNX Runtime is not there for this platform, or a step cannot be written as ONNX
     */
    static OnnxRuntimeEngine start(InferencePlan plan, int threads) throws EngineUnavailableException {
        for (Step step : plan.steps()) {
            if (step.operation() instanceof External external) {
                throw new EngineUnavailableException(
                        "it cannot run '" + step.name() + "', which is " + external.describe());
            }
        }
        OrtEnvironment environment = RuntimeLibrary.load();
        try {
            String name = "ONNX Runtime " + environment.getVersion() + " (" + threads
                    + (threads == 1 ? " thread)" : " threads)");
            return new OnnxRuntimeEngine(plan, Session.of(environment, plan, threads), name);
        } catch (OrtException | UnsupportedModelException e) {
            throw new EngineUnavailableException("it cannot run the network: " + e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            throw new EngineUnavailableException(
                    "the network's weights do not fit into the memory that the JVM allows beside its heap ("
                            + e.getMessage() + "); -XX:MaxDirectMemorySize=SIZE allows more",
                    e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Values run(Map<String, Batch> inputs, Set<String> wanted) {
        Inputs checked = Inputs.of(plan, inputs);
        Map<String, Shape> shapes = new TreeMap<>();
        Map<String, float[]> results = new TreeMap<>();
        for (String output : wanted) {
            Shape shape = plan.shape(plan.output(output));
            shapes.put(output, shape);
            results.put(output, new float[Math.multiplyExact(checked.count(), shape.size())]);
        }
        Map<String, FloatBuffer> numbers = new LinkedHashMap<>();
        inputs.forEach((input, batch) -> numbers.put(input, batch.host()));
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the mapper is closed: build a new one");
            }
            for (int image = 0; image < checked.count(); image += atOnce) {
                session.run(numbers, image, Math.min(atOnce, checked.count() - image), results);
            }
        } catch (OrtException e) {
            throw new BackendException(
                    "ONNX Runtime could not run the network: " + e.getMessage()
                            + ". Give the process more memory, or name another engine with MapperBuilder.engine.",
                    e);
        } finally {
            lock.unlock();
            // Keeps the batches reachable during the run: their native memory is freed when they are collected.
            Reference.reachabilityFence(inputs);
        }
        return new HostValues(checked.count(), results, shapes);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException e) {
            throw new BackendException(
                    "ONNX Runtime could not free the network: " + e.getMessage()
                            + ". Its memory is freed when the process ends.",
                    e);
        } finally {
            lock.unlock();
        }
    }
}
