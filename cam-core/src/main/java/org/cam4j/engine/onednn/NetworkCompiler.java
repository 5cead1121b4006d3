package org.cam4j.engine.onednn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.dnnl.engine;
import org.bytedeco.javacpp.PointerScope;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Precision;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Shape;

/**
 * Compiles a plan into primitives for one image or several, for as many threads as OpenMP uses in the calling thread.
 *
 * <p>One layout is kept through the network; if a kernel needs another layout, a copy is inserted before it.
 */
final class NetworkCompiler {

    private final InferencePlan plan;
    private final int images;
    private final KernelList kernels;
    private final Map<Integer, Tensor> values = new HashMap<>();
    private final ConcatenationPlaces places;
    private final Map<Integer, Integer> lastReader = new HashMap<>();
    private final StepCompiler compiler;
    private final HalfSteps halves;

    private NetworkCompiler(
            InferencePlan plan,
            Precision precision,
            int images,
            engine processor,
            Weights weights,
            NativeObjects natives) {
        this.plan = plan;
        this.images = images;
        plan.steps().forEach(step -> step.inputs().forEach(value -> lastReader.put(value, step.value())));
        Layouts layouts = Layouts.of(images, Layouts.Order.of(precision));
        this.kernels = new KernelList(processor, layouts, natives);
        this.places = ConcatenationPlaces.of(plan, kernels);
        this.compiler = new StepCompiler(kernels, weights);
        this.halves = HalfSteps.of(plan, precision, kernels, weights);
    }

    /**
     * Compiles a plan.
     *
     * @param images how many run at a time
     * @param natives owns the native objects
     * @throws EngineUnavailableException if oneDNN has no fast code for a step
     */
    static CompiledNetwork compile(
            InferencePlan plan,
            Precision precision,
            int images,
            engine processor,
            Weights weights,
            NativeObjects natives)
            throws EngineUnavailableException {
        PointerScope temporaries = NativeObjects.temporaries();
        try {
            return new NetworkCompiler(plan, precision, images, processor, weights, natives).compile();
        } finally {
            temporaries.close();
        }
    }

    private CompiledNetwork compile() throws EngineUnavailableException {
        List<Tensor> inputs = new ArrayList<>();
        for (Shape shape : plan.inputs().values()) {
            Tensor input = kernels.tensor(kernels.layouts().plain(shape));
            // Written before the first kernel.
            input.usedBy(0);
            values.put(inputs.size(), input);
            inputs.add(input);
        }
        for (Step step : plan.steps()) {
            values.put(step.value(), compiled(step));
        }
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        plan.outputs().forEach((name, value) -> {
            Tensor made = values.get(value);
            outputs.put(
                    name, kernels.in(kernels.layouts().plain(plan.shape(value)), "the output '" + name + "'", made));
        });
        // Read after the last kernel.
        outputs.values().forEach(output -> output.usedBy(kernels.kernels().size()));
        long arenaBytes = Arena.place(kernels.tensors());
        return new CompiledNetwork(
                List.copyOf(kernels.kernels()),
                images,
                inputs,
                outputs,
                arenaBytes,
                kernels.scratchBytes(),
                compiler.winograd());
    }

    private Tensor compiled(Step step) throws EngineUnavailableException {
        try {
            return compile(step);
        } catch (RuntimeException e) {
            // oneDNN's errors are exactly RuntimeException in JavaCPP; subclasses are errors of this code or of a file.
            if (e.getClass() != RuntimeException.class) {
                throw e;
            }
            throw new EngineUnavailableException(
                    "it cannot " + step.operation().describe() + ": " + e.getMessage() + " ('" + step.name() + "')", e);
        }
    }

    private Tensor compile(Step step) throws EngineUnavailableException {
        Tensor place = places.place(step.value());
        if (places.isAssembled(step.value())) {
            return place;
        }
        Operands operands = operands(step, place);
        Optional<Tensor> halved = halves.compile(step, operands);
        Tensor made = halved.isPresent() ? halved.get() : compiler.compile(step.operation(), operands);
        if (place == null || made == place) {
            return made;
        }
        kernels.copy(step.name(), made, place);
        return place;
    }

    private Operands operands(Step step, Tensor place) {
        return new Operands(
                step.value(),
                step.name(),
                step.inputs().stream().map(values::get).toList(),
                step.inputs().stream().map(plan::shape).toList(),
                plan.shape(step.value()),
                place,
                step.inputs().size() > 1 && mayOverwrite(step.inputs().get(1), step));
    }

    /** Whether a step may overwrite a value: no later step reads it, this step reads it once, and it is no output. */
    private boolean mayOverwrite(int value, Step step) {
        return !plan.isInput(value)
                && !plan.outputs().containsValue(value)
                && lastReader.get(value) == step.value()
                && Collections.frequency(step.inputs(), value) == 1;
    }
}
