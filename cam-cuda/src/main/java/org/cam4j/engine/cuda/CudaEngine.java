package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaSetDevice;

import java.lang.ref.Reference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Inputs;
import org.cam4j.engine.Packing;
import org.cam4j.engine.Values;
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
    private final EngineLife life;

    private CudaEngine(InferencePlan plan, EngineStart start, CudaSettings settings) {
        this.plan = plan;
        this.device = start.device();
        this.executions = start.executions();
        this.kept = new KeptOutputs(device, executions.limit());
        this.life = new EngineLife(device);
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
        return new CudaEngine(plan, EngineStart.of(plan, settings, layout, packing), settings);
    }

    @Override
    public String name() {
        return EngineStart.name(device);
    }

    /** Passes what a tuned engine has chosen so far, without weights; nothing if the engine is not tuned. */
    @Override
    public void showPacking(Consumer<Optional<Packing>> reader) {
        life.during(() -> {
            Map<String, Choice> choices = executions.choices();
            reader.accept(
                    isTuned
                            ? Optional.of(new Packing(
                                    name(),
                                    choices.size() + " kinds of convolutions tuned",
                                    StoredChoices.encode(choices),
                                    List.of()))
                            : Optional.empty());
            return choices;
        });
    }

    @Override
    public boolean takesPixels() {
        return true;
    }

    @Override
    public Values run(Map<String, Batch> inputs, Set<String> wanted) {
        return run(inputs, wanted, false);
    }

    @Override
    public Values runKeeping(Map<String, Batch> inputs, Set<String> wanted) {
        return run(inputs, wanted, true);
    }

    private Values run(Map<String, Batch> inputs, Set<String> wanted, boolean keepsAll) {
        Inputs checked = Inputs.of(plan, inputs);
        // Refused before anything runs.
        wanted.forEach(plan::output);
        try {
            return life.during(() -> {
                List<Source> sources =
                        checked.batches().stream().map(Source::of).toList();
                if (checked.count() == 1 && joined.isPresent() && !keepsAll) {
                    SingleCall call = new SingleCall(sources, wanted);
                    joined.get().run(call);
                    return call.result(plan);
                }
                return runAll(checked.count(), sources, wanted, keepsAll);
            });
        } finally {
            // Keeps the batches reachable during the run: their native memory is freed when they are collected.
            Reference.reachabilityFence(inputs);
        }
    }

    private Values runAll(int count, List<Source> sources, Set<String> wanted, boolean keepsAll) {
        try (WantedOutputs outputs = new WantedOutputs(plan, wanted, keepsAll, count, kept, this::columns)) {
            runBatches(count, new BatchRun.Work() {
                @Override
                public void start(Execution execution, int first, int some) {
                    outputs.start(execution, first, some, () -> execution.stage(sources, first, some, 0));
                }

                @Override
                public void finish(Execution execution, int first, int some) {
                    outputs.finish(execution, first, some);
                }
            });
            return outputs.values();
        }
    }

    /** Runs calls that want the same outputs. */
    private void runTogether(List<SingleCall> calls) {
        life.guarded(() -> {
            Map<String, float[]> arrays = SingleCall.arrays(plan, calls.get(0).wanted(), calls.size());
            Execution.Wanted wanted = new Execution.Wanted(arrays.keySet(), Set.of(), Optional.empty());
            runBatches(calls.size(), new BatchRun.Work() {
                @Override
                public void start(Execution execution, int first, int some) {
                    execution.start(wanted, () -> {
                        for (int i = 0; i < some; i++) {
                            execution.stage(calls.get(first + i).sources(), 0, 1, i);
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
        return life.during(() -> {
            try {
                return Optional.of(kept.enlarged(maps.get(), rows, columns, height, width));
            } catch (GpuFailure e) {
                if (!e.isOutOfMemory()) {
                    throw e;
                }
                // The host has room for what is asked of it.
                return Optional.empty();
            }
        });
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
        try {
            life.during(() -> {
                Source source = Source.of(images);
                long weights = executions.uploaded(classWeights);
                runBatches(images.count(), new BatchRun.Work() {
                    @Override
                    public void start(Execution execution, int first, int some) {
                        execution.startMaps(source, first, some, weights);
                    }

                    @Override
                    public void finish(Execution execution, int first, int some) {
                        execution.finishMaps(first, some, results);
                    }
                });
                return results;
            });
        } finally {
            Reference.reachabilityFence(images);
        }
    }

    private void runBatches(int count, BatchRun.Work work) {
        new BatchRun(executions, work).run(count);
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
        life.end(() -> {
            // Whatever it returns: a GPU that is lost is closed too.
            cudaSetDevice(device.ordinal());
            kept.close();
            executions.close();
            device.close();
        });
    }
}
