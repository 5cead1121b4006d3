package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * A network bound to its own memory, for one thread. Runs allocate nothing.
 *
 * <p>Not thread-safe.
 */
final class Execution implements AutoCloseable {

    private interface Bound {
        void run();
    }

    private final NativeObjects natives = new NativeObjects();
    private final Bound[] steps;
    private final List<FloatBuffer> inputs = new ArrayList<>();
    private final int images;
    private final Map<String, FloatPointer> outputs = new HashMap<>();

    Execution(CompiledNetwork network, engine processor) {
        PointerScope temporaries = NativeObjects.temporaries();
        try {
            BytePointer arena = natives.allocate(network.arenaBytes());
            BytePointer scratch = natives.allocate(network.scratchBytes());
            dnnl_stream stream = natives.own(new stream(processor)).get();
            List<Kernel> kernels = network.kernels();
            steps = new Bound[kernels.size()];
            for (int i = 0; i < steps.length; i++) {
                steps[i] = bind(kernels.get(i), arena, scratch, processor, stream);
            }
            images = network.images();
            for (Tensor input : network.inputs()) {
                inputs.add(buffer(input, arena));
            }
            network.outputs()
                    .forEach((name, tensor) ->
                            outputs.put(name, natives.own(new FloatPointer(arena.getPointer(tensor.offset())))));
        } catch (RuntimeException | Error e) {
            natives.close();
            throw e;
        } finally {
            temporaries.close();
        }
    }

    private FloatBuffer buffer(Tensor tensor, BytePointer arena) {
        return natives.own(new FloatPointer(arena.getPointer(tensor.offset())))
                .capacity(tensor.bytes() / Float.BYTES)
                .asBuffer();
    }

    private Bound bind(Kernel kernel, BytePointer arena, BytePointer scratch, engine processor, dnnl_stream stream) {
        if (kernel instanceof Kernel.Clear clear) {
            Pointer place = natives.own(arena.getPointer(clear.tensor().offset()));
            long bytes = clear.tensor().bytes();
            return () -> Pointer.memset(place, 0, bytes);
        }
        if (kernel instanceof Kernel.Definition definition) {
            return new DefinedStep(
                    definition,
                    definition.read().stream()
                            .map(tensor -> buffer(tensor, arena))
                            .toList(),
                    buffer(definition.written(), arena))::run;
        }
        Kernel.Primitive primitive = (Kernel.Primitive) kernel;
        int count = primitive.arguments().size();
        dnnl_exec_arg_t arguments = natives.own(new dnnl_exec_arg_t(count));
        for (int i = 0; i < count; i++) {
            Argument argument = primitive.arguments().get(i);
            arguments
                    .position(i)
                    .arg(argument.index())
                    .memory(memory(argument, arena, scratch, processor).get());
        }
        arguments.position(0);
        dnnl_primitive code = primitive.code().get();
        return () -> {
            int status = dnnl_primitive_execute(code, stream, count, arguments);
            if (status != dnnl_success) {
                throw new IllegalStateException(
                        "oneDNN could not run '" + primitive.name() + "' (status " + status + ")");
            }
        };
    }

    private memory memory(Argument argument, BytePointer arena, BytePointer scratch, engine processor) {
        if (argument instanceof Argument.Fixed fixed) {
            return fixed.content();
        }
        if (argument instanceof Argument.Place place) {
            return natives.own(new memory(
                    place.layout(), processor, arena.getPointer(place.tensor().offset())));
        }
        return natives.own(new memory(((Argument.Scratch) argument).layout(), processor, scratch));
    }

    /**
     * Runs the number of images that the network was compiled for.
     *
     * @param given for each input the numbers of each image
     * @param first the index of the first image to run
     * @param results receives the outputs
     */
    void run(List<List<FloatBuffer>> given, int first, OutputBuffers results) {
        for (int i = 0; i < inputs.size(); i++) {
            FloatBuffer input = inputs.get(i);
            int each = input.capacity() / images;
            for (int image = 0; image < images; image++) {
                input.put(image * each, given.get(i).get(first + image), 0, each);
            }
        }
        for (Bound step : steps) {
            step.run();
        }
        for (OutputBuffers.Output output : results.outputs()) {
            outputs.get(output.name()).get(output.numbers(), first * output.each(), images * output.each());
        }
    }

    @Override
    public void close() {
        natives.close();
    }
}
