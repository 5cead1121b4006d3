package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDeviceToDevice;
import static org.bytedeco.cuda.global.cudart.cudaMemset;
import static org.bytedeco.cuda.global.cudart.cudaStreamCreateWithFlags;
import static org.bytedeco.cuda.global.cudart.cudaStreamDestroy;
import static org.bytedeco.cuda.global.cudart.cudaStreamNonBlocking;
import static org.bytedeco.cuda.global.cudart.cudaStreamSynchronize;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/** Memory, stream and graphs for batches of one size; for one thread at a time. */
final class Execution implements Owned {

    private final Device device;
    private final InferencePlan plan;
    private final int batch;
    private final DeviceMemory memory;
    private final List<Owned> owned = new ArrayList<>();
    private final CUstream_st stream = new CUstream_st();
    private final Workspace workspace;
    private final long blasWorkspace;
    private final List<StagedInput> inputs = new ArrayList<>();
    private final List<Call> forward;
    private final Map<String, HostOutput> outputs = new TreeMap<>();
    private final Map<Wanted, Graph> graphs = new HashMap<>();
    private FiniteCheck finite;
    private final Map<String, Tensor> values = new TreeMap<>();
    private MapCalls maps;
    private Graph mapGraph;
    private long mapWeights;
    private Graph forwardGraph;

    /**
     * What a run brings to the host.
     *
     * @param onHost names of outputs
     * @param kept names of outputs that stay on the GPU
     * @param checked the output of which comes to the host whether its numbers are finite, if there is one
     */
    record Wanted(Set<String> onHost, Set<String> kept, Optional<String> checked) {

        Wanted {
            onHost = Set.copyOf(onHost);
            kept = Set.copyOf(kept);
        }
    }

    /** Compiles a plan for a batch size; the caller holds the device's lock. */
    Execution(
            Device device,
            Weights weights,
            MemoryLimit limit,
            boolean isApart,
            ConvolutionChoices choices,
            InferencePlan plan,
            int batch,
            Layout layout) {
        this.device = device;
        this.plan = plan;
        this.batch = batch;
        this.memory = new DeviceMemory(limit);
        this.workspace = new Workspace(memory);
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
            // Parts of the forward pass: maps read them too.
            plan.outputs().forEach((name, value) -> values.put(name, conversions.packed(steps.value(value))));
            int forwardTasks = tasks.size();
            // Values of several outputs once, or one of them would rely on what another makes.
            Map<Tensor, Block> exported = new LinkedHashMap<>();
            List<Integer> ends = new ArrayList<>();
            for (Tensor value : new LinkedHashSet<>(values.values())) {
                exported.put(value, export(tasks, conversions, kernels, value));
                ends.add(tasks.size());
            }
            List<Call> calls = placed(tasks, isApart);
            forward = List.copyOf(calls.subList(0, forwardTasks));
            Map<Tensor, HostOutput> made = new HashMap<>();
            int start = forwardTasks;
            for (Map.Entry<Tensor, Block> output : exported.entrySet()) {
                int end = ends.get(made.size());
                int count = output.getKey().shape().size();
                List<Call> export = calls.subList(start, end);
                made.put(
                        output.getKey(),
                        new HostOutput(memory, batch, export, output.getValue().address(), count));
                start = end;
            }
            values.forEach((name, value) -> outputs.put(name, made.get(value)));
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
    private List<Call> placed(TaskList tasks, boolean isApart) {
        Arena arena = tasks.arena();
        if (isApart) {
            arena.lieApart(this::filled);
        } else {
            arena.lieAt(filled(arena.bytes()));
        }
        Status.cuda(cudaStreamSynchronize(DeviceMemory.NO_STREAM), "filling memory");
        device.bind(stream, blasWorkspace);
        List<Call> calls = tasks.calls();
        workspace.allocate();
        return calls;
    }

    int batch() {
        return batch;
    }

    /** Memory with numbers that are small in all precisions, so that algorithms are tried on neither zeros nor NaN. */
    private long filled(long bytes) {
        long place = memory.allocate(bytes);
        Status.cuda(cudaMemset(DeviceMemory.at(place), 0x3c, bytes), "filling memory");
        return place;
    }

    /**
     * Starts a run.
     *
     * @param staging copies the images to the GPU by {@link #stage}
     */
    void start(Wanted wanted, Runnable staging) {
        Graph graph = graphs.get(wanted);
        if (graph == null) {
            List<Call> calls = new ArrayList<>(forward);
            // Outputs of one value are made once.
            List<HostOutput> onHost = distinct(wanted.onHost);
            onHost.forEach(output -> calls.addAll(output.toHost()));
            distinct(wanted.kept).stream()
                    .filter(output -> !onHost.contains(output))
                    .forEach(output -> calls.addAll(output.export()));
            wanted.checked
                    .map(outputs::get)
                    .ifPresent(output -> calls.addAll(finiteCheck(output).calls()));
            graph = captured(calls);
            graphs.put(wanted, graph);
        }
        staging.run();
        device.use();
        graph.launch();
    }

    private List<HostOutput> distinct(Set<String> names) {
        return new TreeSet<>(names).stream().map(outputs::get).distinct().toList();
    }

    private FiniteCheck finiteCheck(HostOutput output) {
        if (finite == null) {
            finite = new FiniteCheck(device.kernels(), memory, batch, output);
        }
        return finite;
    }

    /** Enqueues a copy of an output's first images to other memory of the GPU, which a run of it has been started for. */
    void copyTo(long address, String output, int count) {
        HostOutput from = outputs.get(output);
        Status.cuda(
                cudaMemcpyAsync(
                        DeviceMemory.at(address),
                        DeviceMemory.at(from.address()),
                        4L * count * from.count(),
                        cudaMemcpyDeviceToDevice,
                        stream),
                "copying results on the GPU");
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
        results.forEach((name, numbers) -> outputs.get(name).read(numbers, first, count));
    }

    /** Whether the numbers of an image of the checked output are finite; after {@link #finish}. */
    boolean isFinite(int image) {
        return finite.isFinite(image);
    }

    /**
     * Starts a run of some images up to their maps.
     *
     * @param classWeights [classes][channels] in float, on the GPU
     */
    void startMaps(Source source, int first, int count, long classWeights) {
        if (mapGraph == null || mapWeights != classWeights) {
            captureMaps(classWeights);
        }
        stage(List.of(source), first, count, 0);
        device.use();
        mapGraph.launch();
    }

    private void captureMaps(long classWeights) {
        if (mapGraph != null) {
            mapGraph.close();
            mapGraph = null;
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
        calls.addAll(outputs.get(InferencePlan.LOGITS).toHost());
        calls.addAll(maps.calls());
        mapGraph = captured(calls);
        mapWeights = classWeights;
    }

    /** Waits for a run and writes the maps of its images. */
    void finishMaps(int first, int count, ClassMaps results) {
        await();
        outputs.get(InferencePlan.LOGITS).read(results.logits(), first, count);
        maps.read(results, first, count);
    }

    /** Enqueues the forward pass alone, as a graph. */
    void forward() {
        if (forwardGraph == null) {
            forwardGraph = captured(forward);
        }
        forwardGraph.launch();
    }

    /** Kernels of the forward pass, also the libraries' own; after {@link #forward}. */
    int launches() {
        return forwardGraph.nodes();
    }

    CUstream_st stream() {
        return stream;
    }

    /**
     * Brings images to the GPU.
     *
     * @param sources of all inputs
     * @param first the first image of the sources
     * @param slot the first image's place in the batch
     */
    void stage(List<Source> sources, int first, int count, int slot) {
        for (int i = 0; i < inputs.size(); i++) {
            inputs.get(i).copy(sources.get(i), first, count, slot, stream);
        }
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
        device.use();
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
        owned.forEach(Owned::close);
        memory.close();
        cudaStreamDestroy(stream);
    }
}
