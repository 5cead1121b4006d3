package org.cam4j.classifier;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.engine.Values;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.pass.PlanPass;

/**
 * Runs the way back from a network's logits to its target layer, or to the {@link SummedByCell summands} behind it.
 *
 * <p>Thread-safe. The engine starts with the first run, since it packs weights of its own. After {@link #close} runs still work, in plain
 * Java, so that explanations stay valid.
 */
public final class WayBack implements AutoCloseable {

    /** Below so many numbers plain Java is done before an engine's threads are awake. */
    private static final long SMALL = 1 << 15;

    private final InferencePlan plan;
    /** Whether the plan ends before the gradient is divided among the cells. */
    private final boolean isEven;

    private final String end;
    private final int cells;
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
        InferencePlan whole = PlanPass.simplified(StoredWayBack.of(forward));
        Optional<InferencePlan> even = EvenGradient.of(whole);
        this.isEven = even.isPresent();
        this.plan = even.orElse(whole);
        this.end = StoredWayBack.end(forward);
        this.cells = cells(forward.shape(forward.output(end)));
        this.settings = isSmall(plan) ? settings.withEngine("Java") : settings;
    }

    private static int cells(Shape shape) {
        return shape.size() / shape.channels();
    }

    /** Whether starting an engine's threads takes longer than the way. */
    private static boolean isSmall(InferencePlan plan) {
        return plan.steps().stream().mapToLong(step -> work(plan, step)).sum() < SMALL;
    }

    /** How many numbers a step makes and reads weights for; too many for a product of matrices or a convolution. */
    private static long work(InferencePlan plan, Step step) {
        if (step.operation() instanceof Convolution || step.operation() instanceof MatMul) {
            return SMALL;
        }
        long weights = step.operation() instanceof Dense dense ? dense.weights().length() : 0;
        return weights + plan.shape(step.value()).size();
    }

    /**
     * What the network's logits are made of, for one image.
     *
     * @param gradient {@code G}, of all values that it ends at, or of each cell's if it is the same in all cells
     * @param isEven whether it is the same in all cells
     * @param cells {@code h · w}
     * @param bias what the logits have without these values; 0 if gates were differentiated
     */
    public record Result(float[] gradient, boolean isEven, int cells, float bias) {

        /**
         * Computes the map {@code h · w · Σ_k G · A}, whose mean and the bias are the mixture of logits that was asked for.
         *
         * @param values {@code A} of several images, [n, h, w, k]
         * @param image index of the image
         * @param maps takes the map [h, w]
         * @param offset of its first cell
         */
        public void map(float[] values, int image, float[] maps, int offset) {
            int channels = isEven ? gradient.length : gradient.length / cells;
            int start = image * cells * channels;
            for (int cell = 0; cell < cells; cell++) {
                int own = isEven ? 0 : cell * channels;
                double sum = sum(values, start + cell * channels, own, channels);
                maps[offset + cell] = (float) (isEven ? sum : cells * sum);
            }
        }

        /** Adds four sums at a time, because additions to one sum wait for each other. */
        private double sum(float[] values, int start, int own, int channels) {
            double a = 0;
            double b = 0;
            double c = 0;
            double d = 0;
            int k = 0;
            for (; k + 3 < channels; k += 4) {
                a += (double) gradient[own + k] * values[start + k];
                b += (double) gradient[own + k + 1] * values[start + k + 1];
                c += (double) gradient[own + k + 2] * values[start + k + 2];
                d += (double) gradient[own + k + 3] * values[start + k + 3];
            }
            for (; k < channels; k++) {
                a += (double) gradient[own + k] * values[start + k];
            }
            return (a + b) + (c + d);
        }
    }

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
            results[i] = new Result(gradient, isEven, cells, hasBias ? values.host(Adjoint.BIAS)[i] : 0);
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
