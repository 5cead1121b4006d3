package org.cam4j.engine.onednn;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.engine;
import org.bytedeco.javacpp.PointerScope;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.Window;

/**
 * Makes of a plan the primitives that compute it for one image or several, for as many threads as OpenMP uses in the calling thread.
 *
 * <p>Layouts are chosen once and kept through the network; a copy into another layout stands wherever a kernel wants one.
 */
final class NetworkCompiler {

    private final InferencePlan plan;
    private final KernelList kernels;
    private final Map<Integer, Tensor> values = new HashMap<>();
    private final ConcatenationPlaces places;
    private final Map<Integer, Integer> lastReader = new HashMap<>();
    private final ConvolutionCompiler convolutions;
    private final CellwiseCompiler cellwise;
    private final SpatialCompiler spatial;
    private final RearrangementCompiler rearrangements;
    private final NormalizationCompiler normalizations;
    private final HeadCompiler head;

    private NetworkCompiler(InferencePlan plan, int images, engine processor, Weights weights, NativeObjects natives) {
        this.plan = plan;
        plan.steps().forEach(step -> step.inputs().forEach(value -> lastReader.put(value, step.value())));
        this.kernels = new KernelList(processor, new Layouts(images), natives);
        this.places = ConcatenationPlaces.of(plan, kernels);
        this.convolutions = new ConvolutionCompiler(kernels, weights);
        this.cellwise = new CellwiseCompiler(kernels, weights);
        this.rearrangements = new RearrangementCompiler(kernels);
        this.spatial = new SpatialCompiler(kernels, rearrangements);
        this.normalizations = new NormalizationCompiler(kernels, weights);
        this.head = new HeadCompiler(kernels, weights, spatial);
    }

    /**
     * Compiles.
     *
     * @param images how many run at a time
     * @param natives owns what is made
     * @throws EngineUnavailableException if oneDNN has no fast code for a step
     */
    static CompiledNetwork compile(
            InferencePlan plan, int images, engine processor, Weights weights, NativeObjects natives)
            throws EngineUnavailableException {
        PointerScope temporaries = NativeObjects.temporaries();
        try {
            return new NetworkCompiler(plan, images, processor, weights, natives).compile();
        } finally {
            temporaries.close();
        }
    }

    private CompiledNetwork compile() throws EngineUnavailableException {
        Tensor input = kernels.tensor(kernels.layouts().plain(plan.input()));
        // Written before the first kernel.
        input.usedBy(0);
        values.put(InferencePlan.INPUT, input);
        for (Step step : plan.steps()) {
            values.put(step.value(), compiled(step));
        }
        Shape shape = plan.shape(plan.features());
        Tensor last = values.get(plan.features());
        Tensor features = kernels.in(kernels.layouts().plain(shape), "the features", last);
        Tensor logits = head.compile(plan.head(), last, shape);
        // Read after the last kernel.
        features.usedBy(kernels.kernels().size());
        logits.usedBy(kernels.kernels().size());
        long arenaBytes = Arena.place(kernels.tensors());
        return new CompiledNetwork(
                List.copyOf(kernels.kernels()),
                input,
                features,
                logits,
                arenaBytes,
                kernels.scratchBytes(),
                convolutions.winograd());
    }

    private Tensor compiled(Step step) throws EngineUnavailableException {
        try {
            return compile(step);
        } catch (RuntimeException e) {
            // JavaCPP's for what oneDNN throws is this class itself; others are faults of ours, or a file's.
            if (e.getClass() != RuntimeException.class) {
                throw e;
            }
            throw new EngineUnavailableException(
                    "it cannot " + step.operation().describe() + ": " + e.getMessage() + " ('" + step.name() + "')", e);
        }
    }

    private Tensor compile(Step step) throws EngineUnavailableException {
        Tensor place = places.place(step.value());
        if (step.operation() instanceof Activated activated && !PostOperations.has(activated.activation())) {
            return placed(step, activatedAfterwards(step, activated), place);
        }
        return compile(step, place);
    }

    /** @param place where the result is wanted; null for anywhere */
    private Tensor compile(Step step, Tensor place) throws EngineUnavailableException {
        List<Tensor> inputs = step.inputs().stream().map(values::get).toList();
        List<Shape> shapes = step.inputs().stream().map(plan::shape).toList();
        Shape output = plan.shape(step.value());
        if (places.isAssembled(step.value())) {
            return place;
        }
        if (step.operation() instanceof Convolution convolution) {
            return convolved(step, convolution, inputs, shapes.get(0), output, place);
        }
        if (step.operation() instanceof Pooling || step.operation() instanceof GlobalPooling) {
            return pooled(step, inputs.get(0), shapes.get(0), output, place);
        }
        return placed(step, compileOther(step, inputs, shapes, output), place);
    }

    private Tensor convolved(
            Step step, Convolution convolution, List<Tensor> inputs, Shape input, Shape output, Tensor place)
            throws EngineUnavailableException {
        if (!convolution.addsInput()) {
            return convolutions.compile(step.value(), step.name(), convolution, inputs.get(0), input, output, place);
        }
        Tensor added = inputs.get(1);
        if (KernelLimits.canAddInput(convolution, input, output)) {
            Tensor free = mayOverwrite(step.inputs().get(1), step) ? added : null;
            return convolutions.compileSum(
                    step.value(), step.name(), convolution, inputs.get(0), added, free, input, output);
        }
        Tensor convolved = convolutions.compile(
                step.value(), step.name(), convolution.withoutSum(), inputs.get(0), input, output, null);
        Elementwise sum = new Elementwise(Elementwise.Kind.ADD, convolution.activation());
        return placed(step, cellwise.combine(step.name(), sum, convolved, added, output, output), place);
    }

    /** Whether a step is the last to need a value: no later one reads it, nor this one twice, nor is it a result. */
    private boolean mayOverwrite(int value, Step step) {
        return value != InferencePlan.INPUT
                && value != plan.features()
                && lastReader.get(value) == step.value()
                && Collections.frequency(step.inputs(), value) == 1;
    }

    private Tensor pooled(Step step, Tensor input, Shape shape, Shape output, Tensor place)
            throws EngineUnavailableException {
        Pooling pooling = step.operation() instanceof GlobalPooling global
                ? new Pooling(global.kind(), Window.of(shape.height(), shape.width()))
                : (Pooling) step.operation();
        Tensor made = spatial.pool(step.name(), pooling, input, shape, output, place);
        return made == place ? made : placed(step, made, place);
    }

    /** An activation that no kernel can end with. */
    private Tensor activatedAfterwards(Step step, Activated activated) throws EngineUnavailableException {
        Step plain = new Step(step.value(), step.name(), activated.withActivation(Activation.IDENTITY), step.inputs());
        Tensor made =
                step.operation() instanceof Activate ? values.get(step.inputs().get(0)) : compile(plain, null);
        return cellwise.activateApart(step.name(), activated.activation(), made, plan.shape(step.value()));
    }

    private Tensor placed(Step step, Tensor made, Tensor place) {
        if (place == null) {
            return made;
        }
        kernels.copy(step.name(), made, place);
        return place;
    }

    private Tensor compileOther(Step step, List<Tensor> inputs, List<Shape> shapes, Shape output)
            throws EngineUnavailableException {
        String name = step.name();
        Tensor input = inputs.get(0);
        if (step.operation() instanceof Activate activate) {
            return cellwise.activate(name, activate, input, output);
        }
        if (step.operation() instanceof ScaleShift scaleShift) {
            return cellwise.scaleShift(name, scaleShift, input, output);
        }
        if (step.operation() instanceof ParametricRelu relu) {
            return cellwise.parametricRelu(name, relu, input, output);
        }
        if (step.operation() instanceof Elementwise combine) {
            return cellwise.combine(name, combine, input, inputs.get(1), output, shapes.get(1));
        }
        if (step.operation() instanceof Concatenate) {
            return spatial.concatenate(name, inputs, shapes, output);
        }
        if (step.operation() instanceof Pad pad) {
            return spatial.pad(name, pad.padding(), input, shapes.get(0), output);
        }
        if (step.operation() instanceof Crop crop) {
            return spatial.crop(name, crop.cropping(), input, shapes.get(0), output);
        }
        if (step.operation() instanceof Resize resize) {
            return spatial.resize(name, resize, input, shapes.get(0), output);
        }
        if (step.operation() instanceof InsertZeros spread) {
            return spatial.spread(name, spread, input, shapes.get(0), output);
        }
        if (step.operation() instanceof LayerNormalize normalize) {
            return normalizations.normalize(name, normalize, input, output);
        }
        if (step.operation() instanceof Softmax softmax) {
            return normalizations.softmax(name, softmax, input, output);
        }
        if (step.operation() instanceof Transpose transpose) {
            return rearrangements.transpose(name, transpose, input, shapes.get(0), output);
        }
        if (step.operation() instanceof Reshape reshape) {
            return rearrangements.reshape(name, reshape, input, shapes.get(0));
        }
        if (step.operation() instanceof Slice slice) {
            return rearrangements.slice(name, slice, input, shapes.get(0), output);
        }
        throw new EngineUnavailableException("it cannot " + step.operation().describe() + " ('" + step.name() + "')");
    }
}
