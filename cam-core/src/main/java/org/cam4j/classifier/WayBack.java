package org.cam4j.classifier;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.engine.Values;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.pass.PlanPass;

/**
 * Runs the way back from a network's logits to its target layer, or to the {@link SummedByCell summands} behind it.
 *
 * <p>Thread-safe. The engine starts with the first run, since it packs weights of its own. After {@link #close} runs still work, in plain
 * Java, so that explanations stay valid.
 */
public final class WayBack implements AutoCloseable {

    private final InferencePlan plan;
    private final String end;
    private final EngineSettings settings;
    private final ReadWriteLock life = new ReentrantReadWriteLock(true);
    /** Null until the first run. */
    private Engine engine;

    private boolean closed;

    /**
     * Creates the way back of a classifier; starts nothing.
     *
     * @param forward the plan that the engine runs, as {@link StoredWayBack} reads it
     * @param settings for the way back's own engine
     */
    public WayBack(InferencePlan forward, EngineSettings settings) {
        this.plan = PlanPass.simplified(StoredWayBack.of(forward));
        this.end = StoredWayBack.end(forward);
        this.settings = settings;
    }

    /**
     * What the network's logits are made of, for one image.
     *
     * @param gradient {@code G}, the size of the values that it ends at
     * @param bias what the logits have without these values; 0 if gates were differentiated
     */
    public record Result(float[] gradient, float bias) {}

    /**
     * Returns the output of the way forward at which this ends: the products of its values and {@code G} add up to the logits.
     *
     * @return the name of an output with the cells of the target layer
     */
    public String end() {
        return end;
    }

    /**
     * Walks back from one image's logits.
     *
     * @param forward the outputs of a run of the network, among them those that the way back reads
     * @param image its index in that run
     * @param seeds for each result the weight of each logit
     * @return one result for each seed
     */
    public Result[] walk(Values forward, int image, float[]... seeds) {
        Map<String, Batch> inputs = new LinkedHashMap<>();
        plan.inputs().forEach((name, shape) -> {
            float[] numbers = new float[Math.multiplyExact(seeds.length, shape.size())];
            for (int i = 0; i < seeds.length; i++) {
                boolean isSeed = name.equals(Adjoint.SEED);
                float[] from = isSeed ? seeds[i] : forward.host(name);
                System.arraycopy(from, isSeed ? 0 : image * shape.size(), numbers, i * shape.size(), shape.size());
            }
            inputs.put(name, Batch.of(numbers, shape));
        });
        Values values = run(inputs);
        Shape shape = plan.shape(plan.output(Adjoint.GRADIENT));
        boolean hasBias = plan.outputs().containsKey(Adjoint.BIAS);
        Result[] results = new Result[seeds.length];
        float[] gradients = values.host(Adjoint.GRADIENT);
        for (int i = 0; i < results.length; i++) {
            float[] gradient = new float[shape.size()];
            System.arraycopy(gradients, i * gradient.length, gradient, 0, gradient.length);
            results[i] = new Result(gradient, hasBias ? values.host(Adjoint.BIAS)[i] : 0);
        }
        return results;
    }

    private Values run(Map<String, Batch> inputs) {
        Set<String> wanted = plan.outputs().keySet();
        life.readLock().lock();
        try {
            if (!closed) {
                return engine().run(inputs, wanted);
            }
        } finally {
            life.readLock().unlock();
        }
        try (Engine java = Engines.of(plan, settings.withEngine("Java"))) {
            return java.run(inputs, wanted);
        }
    }

    private synchronized Engine engine() {
        if (engine == null) {
            engine = Engines.of(plan, settings);
        }
        return engine;
    }

    /** Frees the engine's memory. */
    @Override
    public void close() {
        life.writeLock().lock();
        try {
            closed = true;
            if (engine != null) {
                engine.close();
            }
        } finally {
            life.writeLock().unlock();
        }
    }
}
