package org.cam4j.engine.onednn;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.OperationVisitor;
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
    private final DenseCompiler dense;

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
        this.dense = new DenseCompiler(kernels, weights, convolutions);
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
                input,
                outputs,
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
        if (step.operation() instanceof Dense layer) {
            Tensor made = dense.compile(step.value(), step.name(), layer, inputs.get(0), shapes.get(0), output, place);
            return made == place ? made : placed(step, made, place);
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
                && !plan.outputs().containsValue(value)
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
        return step.operation().accept(new Others(step, inputs, shapes, output)).compile();
    }

    /** What compiles a step. */
    @FunctionalInterface
    private interface Compilation {
        Tensor compile() throws EngineUnavailableException;
    }

    /** Compiles the operations that cannot write where a concatenation wants them. */
    private final class Others implements OperationVisitor<Compilation> {

        private final String name;
        private final Step step;
        private final List<Tensor> inputs;
        private final List<Shape> shapes;
        private final Tensor input;
        private final Shape shape;
        private final Shape output;

        Others(Step step, List<Tensor> inputs, List<Shape> shapes, Shape output) {
            this.name = step.name();
            this.step = step;
            this.inputs = inputs;
            this.shapes = shapes;
            this.input = inputs.get(0);
            this.shape = shapes.get(0);
            this.output = output;
        }

        @Override
        public Compilation visit(Activate operation) {
            return () -> cellwise.activate(name, operation, input, output);
        }

        @Override
        public Compilation visit(Concatenate operation) {
            return () -> spatial.concatenate(name, inputs, shapes, output);
        }

        @Override
        public Compilation visit(Convolution operation) {
            return () -> convolved(step, operation, inputs, shape, output, null);
        }

        @Override
        public Compilation visit(Crop operation) {
            return () -> spatial.crop(name, operation.cropping(), input, shape, output);
        }

        @Override
        public Compilation visit(Dense operation) {
            return () -> dense.compile(step.value(), name, operation, input, shape, output, null);
        }

        @Override
        public Compilation visit(Elementwise operation) {
            return () -> cellwise.combine(name, operation, input, inputs.get(1), output, shapes.get(1));
        }

        @Override
        public Compilation visit(External operation) {
            return this::unknown;
        }

        @Override
        public Compilation visit(GlobalPooling operation) {
            return () -> pooled(step, input, shape, output, null);
        }

        @Override
        public Compilation visit(InsertZeros operation) {
            return () -> spatial.spread(name, operation, input, shape, output);
        }

        @Override
        public Compilation visit(LayerNormalize operation) {
            return () -> normalizations.normalize(name, operation, input, output);
        }

        @Override
        public Compilation visit(MatMul operation) {
            return this::unknown;
        }

        @Override
        public Compilation visit(Pad operation) {
            return () -> spatial.pad(name, operation.padding(), input, shape, output);
        }

        @Override
        public Compilation visit(ParametricRelu operation) {
            return () -> cellwise.parametricRelu(name, operation, input, output);
        }

        @Override
        public Compilation visit(Pooling operation) {
            return () -> pooled(step, input, shape, output, null);
        }

        @Override
        public Compilation visit(Reshape operation) {
            return () -> rearrangements.reshape(name, operation, input, shape);
        }

        @Override
        public Compilation visit(Resize operation) {
            return () -> spatial.resize(name, operation, input, shape, output);
        }

        @Override
        public Compilation visit(ScaleShift operation) {
            return () -> cellwise.scaleShift(name, operation, input, output);
        }

        @Override
        public Compilation visit(Slice operation) {
            return () -> rearrangements.slice(name, operation, input, shape, output);
        }

        @Override
        public Compilation visit(Softmax operation) {
            return () -> normalizations.softmax(name, operation, input, output);
        }

        @Override
        public Compilation visit(Transpose operation) {
            return () -> rearrangements.transpose(name, operation, input, shape, output);
        }

        private Tensor unknown() throws EngineUnavailableException {
            throw new EngineUnavailableException("it cannot " + step.operation().describe() + " ('" + name + "')");
        }
    }
}
