package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_version;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.engine;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.HostValues;
import org.cam4j.engine.Inputs;
import org.cam4j.engine.Packing;
import org.cam4j.engine.Precision;
import org.cam4j.engine.Uninterrupted;
import org.cam4j.engine.Values;
import org.cam4j.exception.BackendException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.process.NativeCache;
import org.cam4j.process.OpenMp;
import org.cam4j.process.OpenMpSpin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a plan on oneDNN.
 *
 * <p>A single image runs on all cores, for the lowest latency. Several images, of a batch or of concurrent callers, run on one core each,
 * for the highest throughput. Both give the same bits. In large networks each core runs a few images of a batch together
 * ({@link MicroBatch}), which rounds differently.
 */
public final class OneDnnEngine implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(OneDnnEngine.class);

    private static boolean isLoaded;

    private final InferencePlan plan;
    private final int threads;
    private final Precision precision;
    private final String name;
    private final NativeObjects natives = new NativeObjects();
    private final engine processor;
    private final Weights weights;
    private final WorkerPools pools;
    private final Team team;
    private final Semaphore cores;
    private final ReadWriteLock life = new ReentrantReadWriteLock(true);
    private boolean closed;

    private OneDnnEngine(InferencePlan plan, EngineSettings settings, Optional<PackedWeights> earlier)
            throws EngineUnavailableException {
        this.plan = plan;
        this.precision = settings.precision();
        this.processor = natives.own(new engine(engine.kind.cpu, 0));
        this.weights = new Weights(processor, natives, earlier, SharedWeights.of(settings.group()));
        // If OpenMP's threads cannot be set, all of them run one image after the other.
        this.threads = OpenMp.canSetThreads() ? settings.threads() : 1;
        this.team = Team.of(settings.group(), threads);
        this.cores = team.cores();
        team.join();
        try {
            this.pools = new WorkerPools(plan, precision, team, processor, weights, natives);
        } catch (EngineUnavailableException | RuntimeException | Error e) {
            team.leave();
            natives.close();
            throw e;
        }
        dnnl_version_t version = dnnl_version();
        this.name = "oneDNN " + version.major() + "." + version.minor() + "." + version.patch() + " ("
                + (Layouts.hasBlocks() ? "AVX-512" : "AVX2") + ", "
                + (precision == Precision.BFLOAT16 ? "bfloat16, " : "")
                + (OpenMp.canSetThreads() ? threads + (threads == 1 ? " thread)" : " threads)") : "OpenMP's threads)");
    }

    /**
     * Loads oneDNN and compiles a plan.
     *
     * @param plan the plan to run
     * @param threads cores to use at most
     * @return a running engine
     * @throws EngineUnavailableException if oneDNN is not available for this platform, or has no fast code for a step
     */
    public static OneDnnEngine start(InferencePlan plan, int threads) throws EngineUnavailableException {
        return start(plan, EngineSettings.standard().withThreads(threads), Optional.empty());
    }

    /**
     * Returns the key that packed weights must carry to be used on this machine; loads oneDNN.
     *
     * @param precision of the weights
     * @return as in {@link Packing#fits()}
     * @throws EngineUnavailableException if oneDNN is not available for this platform
     */
    public static String fit(Precision precision) throws EngineUnavailableException {
        try {
            load();
            return Processor.description(precision);
        } catch (LinkageError e) {
            throw missing(e);
        }
    }

    private static synchronized void load() {
        if (!isLoaded) {
            NativeCache.load(
                    () -> {
                        OpenMpSpin.limit();
                        Processor.loadLibrary();
                    },
                    Bindings.CLASSES);
            isLoaded = true;
        }
    }

    private static EngineUnavailableException missing(LinkageError failure) {
        return new EngineUnavailableException(
                "oneDNN is not on the classpath with the natives of this platform (" + failure.getMessage() + ")",
                failure);
    }

    /**
     * Loads oneDNN and compiles a plan.
     *
     * @param plan the plan to run
     * @param settings threads, precision and group; the others do not matter here
     * @param packing weights packed earlier; used without copying if they fit this processor and this oneDNN. Their memory must stay
     *     valid as long as the engine runs
     * @return a running engine
     * @throws EngineUnavailableException if oneDNN is not available for this platform, has no fast code for a step, or the processor
     *     cannot multiply in that precision
     * @throws IllegalArgumentException if packed weights that fit differ from their description
     */
    public static OneDnnEngine start(InferencePlan plan, EngineSettings settings, Optional<Packing> packing)
            throws EngineUnavailableException {
        try {
            String here = fit(settings.precision());
            Processor.require(settings.precision());
            return new OneDnnEngine(
                    plan, settings, packing.filter(found -> fits(found, here)).map(PackedWeights::of));
        } catch (LinkageError e) {
            throw missing(e);
        }
    }

    private static boolean fits(Packing packing, String here) {
        if (!packing.fits().equals(here)) {
            LOG.info("The weights are packed again: they were packed for {}, here is {}", packing.fits(), here);
            return false;
        }
        return true;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Values run(Map<String, Batch> inputs, Set<String> wanted) {
        Inputs checked = Inputs.of(plan, inputs);
        OutputBuffers results = OutputBuffers.of(plan, wanted, checked.count());
        life.readLock().lock();
        try {
            requireOpen();
            runAll(checked.batches().stream().map(Batch::hosts).toList(), results, checked.count());
        } finally {
            life.readLock().unlock();
            // Keeps the batches reachable during the run: their native memory is freed when they are collected.
            Reference.reachabilityFence(inputs);
        }
        return new HostValues(checked.count(), results.arrays(), OutputBuffers.shapes(plan, wanted));
    }

    /**
     * Runs groups while there is one for every core; then single images on one core each, as many as fill the cores; then each of the
     * rest on all cores, unless there are too many for that to be faster.
     */
    private void runAll(List<List<FloatBuffer>> inputs, OutputBuffers results, int count) {
        List<Future<?>> running = new ArrayList<>();
        int group = pools.group();
        int each = group * threads;
        int groupedCount = group > 1 && count >= each && pools.grouped().isPresent() ? count - count % each : 0;
        for (int image = 0; image < groupedCount; image += group) {
            running.add(start(pools.grouped().orElseThrow(), inputs, results, image));
        }
        int rest = (count - groupedCount) % threads;
        int end = threads == 1 ? groupedCount : rest * 2 <= threads ? count - rest : count;
        for (int image = groupedCount; image < end; image++) {
            running.add(start(pools.apart(), inputs, results, image));
        }
        awaitAll(running);
        for (int image = end; image < count; image++) {
            runOne(inputs, results, image);
        }
    }

    private void runOne(List<List<FloatBuffer>> inputs, OutputBuffers results, int image) {
        if (threads == 1) {
            cores.acquireUninterruptibly();
        } else if (!cores.tryAcquire(threads)) {
            awaitAll(List.of(start(pools.apart(), inputs, results, image)));
            return;
        }
        awaitAll(List.of(pools.together()
                .submit(execution -> run(execution, inputs, results, image), () -> cores.release(threads))));
    }

    private Future<?> start(WorkerPool pool, List<List<FloatBuffer>> inputs, OutputBuffers results, int image) {
        cores.acquireUninterruptibly();
        return pool.submit(execution -> run(execution, inputs, results, image), cores::release);
    }

    private void run(Execution execution, List<List<FloatBuffer>> inputs, OutputBuffers results, int image) {
        execution.run(inputs, image, results);
    }

    private static void awaitAll(List<Future<?>> running) {
        ExecutionException failure = null;
        for (Future<?> future : running) {
            try {
                Uninterrupted.get(future);
            } catch (ExecutionException e) {
                failure = e;
            }
        }
        if (failure != null) {
            if (failure.getCause() instanceof LinkageError natives) {
                throw new BackendException(
                        "oneDNN's libraries do not fit each other (" + natives
                                + "): use the versions of dnnl, opencl and javacpp" + " that cam4j declares.",
                        natives);
            }
            throw Uninterrupted.unchecked(failure);
        }
    }

    @Override
    public void showPacking(Consumer<Optional<Packing>> reader) {
        life.readLock().lock();
        try {
            requireOpen();
            if (threads > 1) {
                // Includes the weights in the single-core layout, if that is another one.
                pools.apart();
            }
            PackedWeights packed = weights.packing(pools.together().network().winograd());
            reader.accept(Optional.of(packed.packing(Processor.description(precision), convolutions())));
        } finally {
            life.readLock().unlock();
        }
    }

    private long convolutions() {
        return plan.steps().stream()
                .filter(step -> step.operation() instanceof Convolution)
                .count();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the mapper is closed: build a new one");
        }
    }

    @Override
    public void close() {
        life.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                pools.close();
                team.leave();
                natives.close();
            }
        } finally {
            life.writeLock().unlock();
        }
    }
}
