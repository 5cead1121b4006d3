package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDeviceToHost;
import static org.bytedeco.cuda.global.cudart.cudaMemset;
import static org.bytedeco.cuda.global.cudart.cudaStreamCreateWithFlags;
import static org.bytedeco.cuda.global.cudart.cudaStreamDestroy;
import static org.bytedeco.cuda.global.cudart.cudaStreamNonBlocking;
import static org.bytedeco.cuda.global.cudart.cudaStreamSynchronize;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/** Memory, stream and graphs for batches of one size; for one thread at a time. */
final class Execution implements AutoCloseable {

    private final Device device;
    private final InferencePlan plan;
    private final int batch;
    private final DeviceMemory memory = new DeviceMemory();
    private final List<AutoCloseable> owned = new ArrayList<>();
    private final CUstream_st stream = new CUstream_st();
    private final Workspace workspace = new Workspace();
    private final long blasWorkspace;
    private final List<StagedInput> inputs = new ArrayList<>();
    private final List<Call> forward;
    private final Map<String, Output> outputs = new TreeMap<>();
    private final Map<Set<String>, Graph> graphs = new HashMap<>();
    private final Map<String, Tensor> values = new TreeMap<>();
    private MapCalls maps;
    private Graph mapGraph;
    private long mapWeights;
    private Graph forwardGraph;

    /** One of the plan's outputs: how it becomes floats in rows, and where they lie on both sides. */
    private static final class Output {
        final List<Call> export;
        final long address;
        final int count;
        FloatPointer host;
        FloatBuffer hostBuffer;

        Output(List<Call> export, long address, int count) {
            this.export = export;
            this.address = address;
            this.count = count;
        }
    }

    /** Compiles a plan for a batch size; the caller holds the device's lock. */
    Execution(
            Device device, Weights weights, ConvolutionChoices choices, InferencePlan plan, int batch, Layout layout) {
        this.device = device;
        this.plan = plan;
        this.batch = batch;
        Status.cuda(cudaStreamCreateWithFlags(stream, cudaStreamNonBlocking), "making a stream");
        try {
            blasWorkspace = memory.allocate(Device.CUBLAS_WORKSPACE);
            TaskList tasks = new TaskList(batch, device.precision().bytes());
            KernelCalls kernels = new KernelCalls(device, weights, batch);
            ImageCalls windows = new ImageCalls(device, weights, batch);
            Conversions conversions = new Conversions(tasks, kernels);
            StepCompiler steps = new StepCompiler(
                    plan,
                    tasks,
                    kernels,
                    windows,
                    weights,
                    new ConvolutionCompiler(
                            device, tasks, kernels, windows, weights, choices, layout, workspace, stream, owned),
                    conversions);
            List<Block> images = plan.inputs().values().stream()
                    .map(shape -> tasks.block(4L * batch * shape.size()))
                    .toList();
            images.forEach(TaskList::fillAtStart);
            steps.compile(stored(tasks, kernels, images));
            int forwardTasks = tasks.size();
            Map<String, Integer> exportEnds = new TreeMap<>();
            Map<String, Block> exported = new TreeMap<>();
            Map<String, Tensor> packed = new TreeMap<>();
            plan.outputs().forEach((name, value) -> {
                packed.put(name, conversions.packed(steps.value(value)));
                exported.put(name, export(tasks, conversions, kernels, packed.get(name)));
                exportEnds.put(name, tasks.size());
            });
            List<Call> calls = placed(tasks, choices.mostWorkspace());
            forward = List.copyOf(calls.subList(0, forwardTasks));
            int start = forwardTasks;
            for (Map.Entry<String, Integer> output : plan.outputs().entrySet()) {
                String name = output.getKey();
                values.put(name, packed.get(name));
                int end = exportEnds.get(name);
                outputs.put(
                        name,
                        new Output(
                                List.copyOf(calls.subList(start, end)),
                                exported.get(name).address(),
                                plan.shape(output.getValue()).size()));
                start = end;
            }
            for (Shape shape : plan.inputs().values()) {
                inputs.add(new StagedInput(device, memory, images.get(inputs.size()), batch, shape.size()));
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** The inputs as the network stores its values. */
    private List<Tensor> stored(TaskList tasks, KernelCalls kernels, List<Block> images) {
        List<Tensor> tensors = new ArrayList<>();
        for (Shape shape : plan.inputs().values()) {
            Block floats = images.get(tensors.size());
            if (device.precision().storesFloats()) {
                tensors.add(Tensor.packed(floats, shape, Layout.ROWS));
            } else {
                int count = Math.multiplyExact(batch, shape.size());
                Tensor narrow = tasks.tensor(shape, Layout.ROWS);
                tasks.add(() -> kernels.narrow(narrow.address(), floats.address(), count), narrow.block(), floats);
                tensors.add(narrow);
            }
        }
        return tensors;
    }

    /** Adds tasks that make a value floats in rows, which stay until the end. */
    private Block export(TaskList tasks, Conversions conversions, KernelCalls kernels, Tensor value) {
        Tensor rows = conversions.in(Layout.ROWS, value);
        TaskList.keepToEnd(value.block());
        TaskList.keepToEnd(rows.block());
        if (device.precision().storesFloats()) {
            return rows.block();
        }
        int count = Math.multiplyExact(batch, rows.shape().size());
        Block floats = tasks.block(4L * count);
        TaskList.keepToEnd(floats);
        tasks.add(() -> kernels.widen(floats.address(), rows.address(), count), floats, rows.block());
        return floats;
    }

    /** Places all blocks and makes the calls, which are tried on the stream where there is a choice. */
    private List<Call> placed(TaskList tasks, long mostWorkspace) {
        Arena arena = tasks.arena();
        long place = memory.allocate(arena.bytes());
        arena.lieAt(place);
        // With numbers that are small in all precisions, so that algorithms are tried on neither zeros nor NaN.
        Status.cuda(cudaMemset(DeviceMemory.at(place), 0x3c, arena.bytes()), "filling memory");
        Status.cuda(cudaStreamSynchronize(DeviceMemory.NO_STREAM), "filling memory");
        device.bind(stream, blasWorkspace);
        long trial = memory.allocate(mostWorkspace);
        workspace.lieAt(trial);
        List<Call> calls = tasks.calls();
        Status.cuda(cudaStreamSynchronize(stream), "trying algorithms");
        memory.free(trial);
        workspace.lieAt(memory.allocate(workspace.needed()));
        return calls;
    }

    int batch() {
        return batch;
    }

    /**
     * Starts a run of some images.
     *
     * @param sources of all inputs [.., height, width, channels]
     * @param first the first image
     * @param count images, at most as many as the batch has
     * @param wanted names of the outputs to bring to the host
     */
    void start(List<FloatBuffer> sources, int first, int count, Set<String> wanted) {
        Graph graph = graphs.get(wanted);
        if (graph == null) {
            List<Call> calls = new ArrayList<>(forward);
            new TreeSet<>(wanted).forEach(name -> calls.addAll(exported(outputs.get(name))));
            graph = captured(calls);
            graphs.put(Set.copyOf(wanted), graph);
        }
        stage(sources, first, count);
        graph.launch();
    }

    /**
     * Waits for a run and writes the outputs.
     *
     * @param first the first image
     * @param count images
     * @param results an array for each wanted output, of all images from the sources' first on
     */
    void finish(int first, int count, Map<String, float[]> results) {
        await();
        results.forEach((name, numbers) -> {
            Output output = outputs.get(name);
            HostCopies.copy(numbers, first * output.count, output.hostBuffer, count * output.count);
        });
    }

    /**
     * Starts a run of some images up to their maps.
     *
     * @param classWeights [classes][channels] in float, on the GPU
     */
    void startMaps(FloatBuffer source, int first, int count, long classWeights) {
        if (mapGraph == null || mapWeights != classWeights) {
            captureMaps(classWeights);
        }
        stage(List.of(source), first, count);
        mapGraph.launch();
    }

    private void captureMaps(long classWeights) {
        if (mapGraph != null) {
            mapGraph.close();
        }
        maps = new MapCalls(
                device.kernels(),
                memory,
                batch,
                plan.input(),
                values.get(InferencePlan.FEATURES),
                values.get(InferencePlan.LOGITS),
                classWeights);
        List<Call> calls = new ArrayList<>(forward);
        calls.addAll(exported(outputs.get(InferencePlan.LOGITS)));
        calls.addAll(maps.calls());
        mapGraph = captured(calls);
        mapWeights = classWeights;
    }

    /** Waits for a run and writes the maps of its images. */
    void finishMaps(int first, int count, ClassMaps results) {
        await();
        Output logits = outputs.get(InferencePlan.LOGITS);
        logits.hostBuffer.get(0, results.logits(), first * logits.count, count * logits.count);
        maps.read(results, first, count);
    }

    /** Enqueues the forward pass alone, as a graph. */
    void forward() {
        if (forwardGraph == null) {
            forwardGraph = captured(forward);
        }
        forwardGraph.launch();
    }

    CUstream_st stream() {
        return stream;
    }

    /** Copies images to the GPU. */
    void stage(List<FloatBuffer> sources, int first, int count) {
        for (int i = 0; i < inputs.size(); i++) {
            inputs.get(i).copy(sources.get(i), first, count, stream);
        }
    }

    /** The calls that bring an output to the host, where it has memory from now on. */
    private List<Call> exported(Output output) {
        if (output.host == null) {
            output.host = memory.lockedFloats((long) batch * output.count);
            output.hostBuffer = output.host.asBuffer();
        }
        Pointer from = DeviceMemory.at(output.address);
        List<Call> calls = new ArrayList<>(output.export);
        calls.add(on -> Status.cuda(
                cudaMemcpyAsync(output.host, from, 4L * batch * output.count, cudaMemcpyDeviceToHost, on),
                "copying results from the GPU"));
        return calls;
    }

    /** Runs the calls once, so that nothing is loaded meanwhile, and captures them. */
    private Graph captured(List<Call> calls) {
        synchronized (device) {
            device.bind(stream, blasWorkspace);
            calls.forEach(call -> call.on(stream));
            await();
            return new Graph(calls, stream);
        }
    }

    void await() {
        Status.cuda(cudaStreamSynchronize(stream), "running the network");
    }

    /** Bytes held on the GPU. */
    long bytes() {
        return memory.bytes();
    }

    @Override
    public void close() {
        cudaStreamSynchronize(stream);
        graphs.values().forEach(Graph::close);
        Stream.of(mapGraph, forwardGraph).filter(Objects::nonNull).forEach(Graph::close);
        for (AutoCloseable each : owned) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        memory.close();
        cudaStreamDestroy(stream);
    }
}
