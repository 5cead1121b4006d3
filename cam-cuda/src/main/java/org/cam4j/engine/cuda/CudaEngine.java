package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaSetDevice;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Inputs;
import org.cam4j.engine.Packing;
import org.cam4j.engine.Values;
import org.cam4j.exception.BackendException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/**
 * Runs a plan on a GPU by cuDNN, cuBLAS and kernels of our own.
 *
 * <p>Batches are run in sizes of 1, 2, 4 up to 32 images; what a size does is captured in a CUDA graph and replayed. Concurrent callers
 * get a stream, memory and a graph each, up to four for each size; further ones wait. The same images in a batch of the same size give
 * the same bits on every run, on every thread and on every start, unless the engine is tuned or joins calls.
 *
 * <p>{@link InferencePlan#FEATURES} stay on the GPU until they are asked for, as long as there is room. Engines of one precision share
 * the libraries and the weights that their plans have in common.
 */
public final class CudaEngine implements Engine {

    private final InferencePlan plan;
    private final Device device;
    private final Executions executions;
    private final KeptOutputs kept;
    private final Optional<JoinedCalls<SingleCall>> joined;
    private final boolean isTuned;
    private final ReadWriteLock life = new ReentrantReadWriteLock(true);
    private boolean closed;
    /** Set once the GPU no longer answers. */
    private volatile String lost = "";

    private CudaEngine(
            InferencePlan plan, Device device, Executions executions, KeptOutputs kept, CudaSettings settings) {
        this.plan = plan;
        this.device = device;
        this.executions = executions;
        this.kept = kept;
        this.isTuned = settings.isTuned();
        this.joined = settings.joins()
                ? Optional.of(new JoinedCalls<>(Executions.LARGEST, this::runTogether))
                : Optional.empty();
    }

    /**
     * Loads NVIDIA's libraries, compiles a plan for one image and runs it once.
     *
     * @param plan the plan to run
     * @param settings GPU, precision and limits
     * @return a running engine
     * @throws EngineUnavailableException if there is no GPU, driver or library, too little memory, or a step that it cannot run
     */
    public static CudaEngine start(InferencePlan plan, CudaSettings settings) throws EngineUnavailableException {
        return start(plan, settings, Executions.layout(plan, settings.precision()), Optional.empty());
    }

    /**
     * Starts an engine that computes convolutions as a tuned one like it did.
     *
     * @param plan the plan to run
     * @param settings GPU, precision and limits
     * @param packing from {@link #showPacking}, or of any other engine; ignored unless it is from the same GPU, precision and libraries
     * @return a running engine
     * @throws EngineUnavailableException if there is no GPU, driver or library, too little memory, or a step that it cannot run
     * @throws IllegalArgumentException if the packing is damaged
     */
    public static CudaEngine start(InferencePlan plan, CudaSettings settings, Optional<Packing> packing)
            throws EngineUnavailableException {
        return start(plan, settings, Executions.layout(plan, settings.precision()), packing);
    }

    /** Starts an engine whose dense convolutions read and write a layout. */
    static CudaEngine start(InferencePlan plan, CudaSettings settings, Layout layout)
            throws EngineUnavailableException {
        return start(plan, settings, layout, Optional.empty());
    }

    private static CudaEngine start(InferencePlan plan, CudaSettings settings, Layout layout, Optional<Packing> packing)
            throws EngineUnavailableException {
        StepCompiler.check(plan);
        try {
            return start(plan, Device.open(settings.device(), settings.precision()), settings, layout, packing);
        } catch (LinkageError e) {
            throw new EngineUnavailableException(
                    "its libraries do not fit each other (" + e
                            + "); nd4j-cuda cannot be on the same classpath, which brings another CUDA",
                    e);
        }
    }

    private static CudaEngine start(
            InferencePlan plan, Device device, CudaSettings settings, Layout layout, Optional<Packing> packing)
            throws EngineUnavailableException {
        Executions executions = null;
        try {
            device.use();
            Map<String, Choice> stored = packing.filter(found -> found.fits().equals(name(device)))
                    .map(found -> StoredChoices.decode(found.description()))
                    .orElse(Map.of());
            executions = new Executions(device, plan, settings, layout, stored);
            executions.give(executions.take(1));
            return new CudaEngine(plan, device, executions, new KeptOutputs(device, executions.limit()), settings);
        } catch (GpuFailure | BackendException e) {
            throw new EngineUnavailableException(
                    e instanceof GpuFailure failure && failure.isOutOfMemory()
                            ? device.name() + " has too little free memory for the network: " + e.getMessage()
                            : e.getMessage(),
                    closed(executions, device, e));
        } catch (RuntimeException | Error e) {
            closed(executions, device, e);
            throw e;
        }
    }

    /** Frees what was made before a failure. */
    private static Throwable closed(Executions executions, Device device, Throwable failure) {
        if (executions != null) {
            executions.close();
        }
        device.close();
        return failure;
    }

    @Override
    public String name() {
        return name(device);
    }

    private static String name(Device device) {
        return "CUDA on " + device.name();
    }

    /** Passes what a tuned engine has chosen so far, without weights; nothing if the engine is not tuned. */
    @Override
    public void showPacking(Consumer<Optional<Packing>> reader) {
        life.readLock().lock();
        try {
            requireOpen();
            Map<String, Choice> choices = executions.choices();
            reader.accept(
                    isTuned
                            ? Optional.of(new Packing(
                                    name(),
                                    choices.size() + " kinds of convolutions tuned",
                                    StoredChoices.encode(choices),
                                    List.of()))
                            : Optional.empty());
        } finally {
            life.readLock().unlock();
        }
    }

    @Override
    public Values run(Map<String, Batch> inputs, Set<String> wanted) {
        Inputs checked = Inputs.of(plan, inputs);
        // Refused before anything runs.
        wanted.forEach(plan::output);
        life.readLock().lock();
        try {
            requireOpen();
            List<FloatBuffer> hosts =
                    checked.batches().stream().map(Batch::host).toList();
            if (checked.count() == 1 && joined.isPresent()) {
                SingleCall call = new SingleCall(hosts, wanted);
                joined.get().run(call);
                return call.result(plan);
            }
            return runAll(checked.count(), hosts, wanted);
        } finally {
            life.readLock().unlock();
            // Keeps the batches reachable during the run: their native memory is freed when they are collected.
            Reference.reachabilityFence(inputs);
        }
    }

    private Values runAll(int count, List<FloatBuffer> hosts, Set<String> wanted) {
        return guarded(() -> {
            try (WantedOutputs outputs = new WantedOutputs(plan, wanted, count, kept, this::columns)) {
                runBatches(count, new BatchRun.Work() {
                    @Override
                    public void start(Execution execution, int first, int some) {
                        outputs.start(execution, first, some, () -> execution.stage(hosts, first, some, 0));
                    }

                    @Override
                    public void finish(Execution execution, int first, int some) {
                        outputs.finish(execution, first, some);
                    }
                });
                return outputs.values();
            }
        });
    }

    /** Runs calls that want the same outputs. */
    private void runTogether(List<SingleCall> calls) {
        guarded(() -> {
            Map<String, float[]> arrays = SingleCall.arrays(plan, calls.get(0).wanted(), calls.size());
            Execution.Wanted wanted = new Execution.Wanted(arrays.keySet(), Optional.empty());
            runBatches(calls.size(), new BatchRun.Work() {
                @Override
                public void start(Execution execution, int first, int some) {
                    execution.start(wanted, () -> {
                        for (int i = 0; i < some; i++) {
                            execution.stage(calls.get(first + i).hosts(), 0, 1, i);
                        }
                    });
                }

                @Override
                public void finish(Execution execution, int first, int some) {
                    execution.finish(first, some, arrays);
                }
            });
            for (int i = 0; i < calls.size(); i++) {
                calls.get(i).take(arrays, i, calls.size());
            }
            return calls;
        });
    }

    private long columns(float[] matrix) {
        int channels = plan.shape(plan.output(InferencePlan.FEATURES)).channels();
        return executions.uploadedColumns(matrix, channels);
    }

    @Override
    public Optional<float[]> enlarged(Supplier<float[]> maps, int rows, int columns, int height, int width) {
        life.readLock().lock();
        try {
            requireOpen();
            return Optional.of(guarded(() -> kept.enlarged(maps.get(), rows, columns, height, width)));
        } finally {
            life.readLock().unlock();
        }
    }

    /**
     * Computes the maps of the classes with the highest logits on the GPU.
     *
     * @param images preprocessed images; neither modified nor kept
     * @param classWeights [classes][channels of the features], row-major; the same array on every call
     * @return the maps
     * @throws IllegalArgumentException if the images do not have the network's input size, or the weights do not fit the plan's outputs
     * @throws IllegalStateException if the engine is closed
     */
    public ClassMaps maps(Batch images, float[] classWeights) {
        Shape features = plan.shape(plan.output(InferencePlan.FEATURES));
        int classes = plan.shape(plan.output(InferencePlan.LOGITS)).size();
        ClassMaps results = ClassMaps.of(images.count(), classes, features, plan.input());
        maps(images, classWeights, results);
        return results;
    }

    /**
     * Computes the maps of the classes with the highest logits on the GPU into given arrays. New arrays for many maps take the JVM longer
     * than the GPU takes to compute them.
     *
     * @param images preprocessed images; neither modified nor kept
     * @param classWeights [classes][channels of the features], row-major; the same array on every call
     * @param results of as many images; overwritten
     * @throws IllegalArgumentException if the images do not have the network's input size, or the weights or results do not fit
     * @throws IllegalStateException if the engine is closed
     */
    public void maps(Batch images, float[] classWeights, ClassMaps results) {
        images.requireShape(plan.input());
        Shape features = plan.shape(plan.output(InferencePlan.FEATURES));
        int classes = plan.shape(plan.output(InferencePlan.LOGITS)).size();
        if (classWeights.length != classes * features.channels()) {
            throw new IllegalArgumentException(classWeights.length + " weights for " + classes + " classes and "
                    + features.channels() + " channels");
        }
        results.requireSizes(images.count(), classes, features, plan.input());
        life.readLock().lock();
        try {
            requireOpen();
            FloatBuffer host = images.host();
            guarded(() -> {
                device.use();
                long weights = executions.uploaded(classWeights);
                runBatches(images.count(), new BatchRun.Work() {
                    @Override
                    public void start(Execution execution, int first, int some) {
                        execution.startMaps(host, first, some, weights);
                    }

                    @Override
                    public void finish(Execution execution, int first, int some) {
                        execution.finishMaps(first, some, results);
                    }
                });
                return results;
            });
        } finally {
            life.readLock().unlock();
            Reference.reachabilityFence(images);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the mapper is closed: build a new one");
        }
        if (!lost.isEmpty()) {
            throw new BackendException("the GPU no longer runs this network (" + lost + ").");
        }
    }

    private void runBatches(int count, BatchRun.Work work) {
        device.use();
        new BatchRun(executions, work).run(count);
    }

    /** Says in words what failed, and whether the engine goes on. */
    private <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (GpuFailure e) {
            if (e.isOutOfMemory()) {
                throw new BackendException(
                        device.name() + " has too little free memory: " + e.getMessage()
                                + ". Close other mappers or programs on the GPU, or take a smaller image.",
                        e);
            }
            // Nothing more will run on this engine, and perhaps not on any other of this process.
            lost = e.getMessage()
                    + (device.answers(e.getMessage())
                            ? ": build a new mapper"
                            : "), and it is lost to this process (restart it to use the GPU again");
            throw new BackendException("the GPU could not run the network (" + lost + ").", e);
        }
    }

    /**
     * Returns how many kinds of convolutions are computed in each way.
     *
     * @return counts by the way's name
     */
    public Map<String, Integer> algorithms() {
        return executions.algorithms();
    }

    /**
     * Returns what a tuned engine found for each kind of convolution: the way taken, and the milliseconds of each.
     *
     * @return one line each; empty if the engine is not tuned
     */
    public List<String> trials() {
        return executions.trials();
    }

    /** For measuring. */
    Executions executions() {
        return executions;
    }

    /** For measuring. */
    Device device() {
        return device;
    }

    /**
     * Returns the memory that the engine holds on the GPU, without what the libraries take. Engines that share weights each count them.
     *
     * @return bytes
     */
    public long bytes() {
        return executions.bytes() + kept.bytes();
    }

    @Override
    public void close() {
        life.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                // Whatever it returns: a GPU that is lost is closed too.
                cudaSetDevice(device.ordinal());
                kept.close();
                executions.close();
                device.close();
            }
        } finally {
            life.writeLock().unlock();
        }
    }
}
