package org.cam4j.engine.onednn;

import java.util.Set;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ActivationGradient;
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
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.OperationVisitor;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.Window;

/** Passes each operation to its compiler. Visiting only returns a {@link Compilation}: visitors cannot throw checked exceptions. */
final class StepCompiler implements OperationVisitor<StepCompiler.Compilation> {

    /** Appends the kernels of one operation. */
    @FunctionalInterface
    interface Compilation {

        /**
         * Compiles a step.
         *
         * @return the result, in the wanted place or elsewhere
         * @throws EngineUnavailableException if oneDNN has no fast code for it
         */
        Tensor of(Operands step) throws EngineUnavailableException;
    }

    private final ConvolutionCompiler convolutions;
    private final DenseCompiler dense;
    private final MatMulCompiler products;
    private final PoolingCompiler poolings;
    private final SpatialCompiler spatial;
    private final RearrangementCompiler rearrangements;
    private final NormalizationCompiler normalizations;
    private final CellwiseCompiler cellwise;
    private final ElementwiseCompiler elementwise;
    private final GradientCompiler gradients;

    /**
     * Creates a compiler of steps whose values have the list's layouts.
     *
     * @param kernels receives the kernels
     */
    StepCompiler(KernelList kernels, Weights weights) {
        this(kernels, kernels, weights);
    }

    /**
     * Creates a compiler.
     *
     * @param kernels receives the kernels; with the layouts of what steps read
     * @param made the same list with the layouts of what convolutions, dense layers and sums make
     */
    StepCompiler(KernelList kernels, KernelList made, Weights weights) {
        this.convolutions = new ConvolutionCompiler(kernels, made, weights);
        this.dense = new DenseCompiler(kernels, made, weights, convolutions);
        this.products = new MatMulCompiler(kernels);
        this.rearrangements = new RearrangementCompiler(kernels);
        this.poolings = new PoolingCompiler(kernels, rearrangements);
        this.spatial = new SpatialCompiler(kernels);
        this.normalizations = new NormalizationCompiler(kernels, weights);
        this.elementwise = new ElementwiseCompiler(made);
        this.gradients = new GradientCompiler(kernels);
        this.cellwise = new CellwiseCompiler(kernels, weights, elementwise);
    }

    /** Returns the convolutions compiled so far that use Winograd's algorithm, by value number. */
    Set<Integer> winograd() {
        return convolutions.winograd();
    }

    /**
     * Compiles an operation; compiles its activation separately if no kernel can end with it.
     *
     * @return the result, in the wanted place or elsewhere
     * @throws EngineUnavailableException if oneDNN has no fast code for it
     */
    Tensor compile(Operation operation, Operands step) throws EngineUnavailableException {
        if (!(operation instanceof Activated activated) || PostOperations.has(activated.activation())) {
            return operation.accept(this).of(step);
        }
        Tensor made = operation instanceof Activate
                ? step.input()
                : compile(activated.withActivation(Activation.IDENTITY), step.anywhere());
        return cellwise.activateApart(step.name(), activated.activation(), made, step.output());
    }

    @Override
    public Compilation visit(Activate operation) {
        return step -> cellwise.activate(step.name(), operation, step.input(), step.output());
    }

    @Override
    public Compilation visit(ActivationGradient operation) {
        return step -> gradients.activation(operation, step);
    }

    @Override
    public Compilation visit(Concatenate operation) {
        return step -> rearrangements.concatenate(step.name(), operation, step.inputs(), step.shapes(), step.output());
    }

    @Override
    public Compilation visit(Convolution operation) {
        return step -> {
            if (operation.addsInput()) {
                return convolvedSum(operation, step);
            }
            return isDense(operation, step) ? dense.compile(dense(operation), step) : convolved(operation, step);
        };
    }

    /** Whether a convolution is a dense layer on a vector, as in squeeze-and-excitation. */
    private static boolean isDense(Convolution convolution, Operands step) {
        return step.shape().isVector()
                && convolution.groups() == 1
                && convolution.window().equals(Window.of(1, 1));
    }

    private static Dense dense(Convolution convolution) {
        return new Dense(
                convolution.inputs(),
                convolution.outputs(),
                convolution.weights(),
                convolution.bias(),
                convolution.activation());
    }

    private Tensor convolved(Convolution convolution, Operands step) throws EngineUnavailableException {
        return convolutions.compile(
                step.value(), step.name(), convolution, step.input(), step.shape(), step.output(), step.place());
    }

    private Tensor convolvedSum(Convolution convolution, Operands step) throws EngineUnavailableException {
        Tensor added = step.inputs().get(1);
        if (KernelLimits.canAddInput(convolution, step.shape(), step.output())) {
            Tensor free = step.mayOverwriteSecond() ? added : null;
            return convolutions.compileSum(
                    step.value(), step.name(), convolution, step.input(), added, free, step.shape(), step.output());
        }
        Elementwise sum = new Elementwise(Elementwise.Kind.ADD, convolution.activation());
        Tensor convolved = convolved(convolution.withoutSum(), step.anywhere());
        return elementwise.combine(step.name(), sum, convolved, added, step.output(), step.output());
    }

    @Override
    public Compilation visit(Crop operation) {
        return step -> spatial.crop(step.name(), operation.cropping(), step.input(), step.shape(), step.output());
    }

    @Override
    public Compilation visit(Dense operation) {
        return step -> dense.compile(operation, step);
    }

    @Override
    public Compilation visit(Elementwise operation) {
        return step -> elementwise.combine(
                step.name(),
                operation,
                step.input(),
                step.inputs().get(1),
                step.output(),
                step.shapes().get(1));
    }

    @Override
    public Compilation visit(External operation) {
        return step -> {
            throw new EngineUnavailableException("it cannot " + operation.describe() + " ('" + step.name() + "')");
        };
    }

    @Override
    public Compilation visit(GlobalPooling operation) {
        return step -> pooled(
                new Pooling(
                        operation.kind(),
                        Window.of(step.shape().height(), step.shape().width())),
                step);
    }

    @Override
    public Compilation visit(InsertZeros operation) {
        return step -> spatial.insertZeros(step.name(), operation, step.input(), step.shape(), step.output());
    }

    @Override
    public Compilation visit(LayerNormalize operation) {
        return step -> normalizations.normalize(step.name(), operation, step.input(), step.output());
    }

    @Override
    public Compilation visit(MatMul operation) {
        return step -> products.multiply(operation, step);
    }

    @Override
    public Compilation visit(Pad operation) {
        return step -> spatial.pad(step.name(), operation.padding(), step.input(), step.shape(), step.output());
    }

    @Override
    public Compilation visit(ParametricRelu operation) {
        return step -> cellwise.parametricRelu(step.name(), operation, step.input(), step.output());
    }

    @Override
    public Compilation visit(Pooling operation) {
        return step -> pooled(operation, step);
    }

    @Override
    public Compilation visit(PoolingGradient operation) {
        return step -> gradients.byDefinition(operation, step);
    }

    private Tensor pooled(Pooling pooling, Operands step) throws EngineUnavailableException {
        return poolings.pool(step.name(), pooling, step.input(), step.shape(), step.output(), step.place());
    }

    @Override
    public Compilation visit(Reshape operation) {
        return step -> rearrangements.reshape(step.name(), operation, step.input(), step.shape());
    }

    @Override
    public Compilation visit(Resize operation) {
        return step -> spatial.resize(step.name(), operation, step.input(), step.shape(), step.output());
    }

    @Override
    public Compilation visit(ScaleShift operation) {
        return step -> cellwise.scaleShift(step.name(), operation, step.input(), step.output());
    }

    @Override
    public Compilation visit(Slice operation) {
        return step -> rearrangements.slice(step.name(), operation, step.input(), step.shape(), step.output());
    }

    @Override
    public Compilation visit(Softmax operation) {
        return step -> normalizations.softmax(step.name(), operation, step.input(), step.output());
    }

    @Override
    public Compilation visit(Transpose operation) {
        return step -> rearrangements.transpose(step.name(), operation, step.input(), step.shape(), step.output());
    }
}
