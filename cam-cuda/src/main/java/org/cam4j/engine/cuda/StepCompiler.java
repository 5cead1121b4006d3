package org.cam4j.engine.cuda;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
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
import org.cam4j.plan.operation.OperationVisitor;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;

/** Makes a plan's steps tasks on tensors. */
final class StepCompiler implements OperationVisitor<Tensor> {

    private static final int MOST_AXES = 4;

    private final InferencePlan plan;
    private final TaskList tasks;
    private final KernelCalls kernels;
    private final ImageCalls images;
    private final Weights weights;
    private final ConvolutionCompiler convolutions;
    private final Map<Integer, Tensor> values = new HashMap<>();
    private final Conversions conversions;
    private final ConcatenationRooms rooms;
    private final ConcatenationCompiler concatenations;
    private Step step;
    private List<Tensor> inputs = List.of();
    private Shape output = new Shape(1);

    StepCompiler(
            InferencePlan plan,
            TaskList tasks,
            KernelCalls kernels,
            ImageCalls images,
            Weights weights,
            ConvolutionCompiler convolutions,
            Conversions conversions) {
        this.plan = plan;
        this.tasks = tasks;
        this.kernels = kernels;
        this.images = images;
        this.weights = weights;
        this.convolutions = convolutions;
        this.conversions = conversions;
        this.rooms = new ConcatenationRooms(plan, tasks, convolutions::layout);
        this.concatenations = new ConcatenationCompiler(plan, tasks, kernels, conversions, convolutions, rooms);
    }

    /** Throws if the plan has a step that this engine cannot run. */
    static void check(InferencePlan plan) throws EngineUnavailableException {
        for (Step step : plan.steps()) {
            if (step.operation() instanceof External external) {
                throw new EngineUnavailableException(
                        "it cannot run '" + step.name() + "', which is " + external.describe());
            }
        }
    }

    /** Adds the tasks of all steps, from the plan's inputs in rows. */
    void compile(List<Tensor> given) {
        for (int input = 0; input < given.size(); input++) {
            values.put(input, given.get(input));
        }
        for (Step next : plan.steps()) {
            step = next;
            inputs = step.inputs().stream().map(values::get).toList();
            output = plan.shape(step.value());
            values.put(step.value(), step.operation().accept(this));
        }
    }

    /** A value of the plan, in any layout. */
    Tensor value(int number) {
        return values.get(number);
    }

    private Tensor in(Layout layout, Tensor tensor) {
        return conversions.in(layout, tensor);
    }

    private Tensor rows(Tensor tensor) {
        return conversions.in(Layout.ROWS, tensor);
    }

    private Tensor first() {
        return conversions.packed(inputs.get(0));
    }

    private Tensor firstInRows() {
        return rows(first());
    }

    /** Memory for the step's result, perhaps in a concatenation. */
    private Tensor result(Layout layout) {
        return rooms.tensor(step.value(), layout);
    }

    // ---- number by number ----

    @Override
    public Tensor visit(Activate operation) {
        return affine(0, 0, operation.activation());
    }

    @Override
    public Tensor visit(ActivationGradient operation) {
        Tensor gradient = first();
        Tensor z = in(gradient.layout(), inputs.get(1));
        Tensor y = result(gradient.layout());
        tasks.add(() -> kernels.activationGradient(operation, y, gradient, z), y.block(), gradient.block(), z.block());
        return y;
    }

    @Override
    public Tensor visit(ScaleShift operation) {
        return affine(weights.floats(operation.scale()), weights.floats(operation.shift()), operation.activation());
    }

    private Tensor affine(long scale, long shift, Activation activation) {
        Tensor x = inputs.get(0);
        Tensor y = result(x.layout());
        tasks.add(() -> kernels.affine(y, x, scale, shift, 0, activation), y.block(), x.block());
        return y;
    }

    @Override
    public Tensor visit(ParametricRelu operation) {
        Tensor x = operation.slopes().length == output.channels() ? first() : firstInRows();
        Tensor y = result(x.layout());
        tasks.add(() -> kernels.prelu(operation, y, x), y.block(), x.block());
        return y;
    }

    @Override
    public Tensor visit(Elementwise operation) {
        Tensor x = first();
        Tensor other = in(x.layout(), inputs.get(1));
        Tensor y = result(x.layout());
        tasks.add(() -> kernels.combine(operation, y, x, other), y.block(), x.block(), other.block());
        return y;
    }

    // ---- sums ----

    @Override
    public Tensor visit(Convolution operation) {
        Layout layout = convolutions.layout(operation);
        Tensor x = in(layout, first());
        Tensor residual = operation.addsInput() ? in(layout, inputs.get(1)) : null;
        Tensor y = result(layout);
        convolutions.compile(operation, y, x, residual);
        return y;
    }

    @Override
    public Tensor visit(Dense operation) {
        Tensor x = firstInRows();
        Tensor y = result(Layout.ROWS);
        convolutions.compile(operation, y, x);
        return y;
    }

    @Override
    public Tensor visit(MatMul operation) {
        Tensor x = firstInRows();
        Tensor other = rows(inputs.get(1));
        Tensor y = result(Layout.ROWS);
        tasks.add(() -> convolutions.matMul(operation, y, x, other), y.block(), x.block(), other.block());
        return y;
    }

    @Override
    public Tensor visit(Pooling operation) {
        Tensor x = first();
        Tensor y = result(x.layout());
        tasks.add(() -> images.pool(operation, y, x), y.block(), x.block());
        return y;
    }

    @Override
    public Tensor visit(PoolingGradient operation) {
        Tensor gradient = first();
        // Averages do not read what was pooled.
        Tensor pooled = in(gradient.layout(), inputs.get(inputs.size() - 1));
        Tensor y = result(gradient.layout());
        tasks.add(
                () -> images.poolGradient(operation, y, gradient, pooled), y.block(), gradient.block(), pooled.block());
        return y;
    }

    @Override
    public Tensor visit(GlobalPooling operation) {
        Tensor x = first();
        Tensor y = result(Layout.ROWS);
        Block scratch = tasks.block(KernelCalls.reductionBytes(x, tasks.batch()));
        tasks.add(() -> kernels.globalPool(operation.kind(), y, x, scratch), y.block(), x.block(), scratch);
        return y;
    }

    @Override
    public Tensor visit(LayerNormalize operation) {
        Tensor x = firstInRows();
        Tensor y = result(Layout.ROWS);
        tasks.add(() -> kernels.normalize(operation, y, x), y.block(), x.block());
        return y;
    }

    @Override
    public Tensor visit(Softmax operation) {
        Tensor x = firstInRows();
        Tensor y = result(Layout.ROWS);
        tasks.add(() -> kernels.softmax(y, x), y.block(), x.block());
        return y;
    }

    // ---- moved numbers ----

    @Override
    public Tensor visit(Resize operation) {
        Tensor x = first();
        Tensor y = result(x.layout());
        tasks.add(() -> images.resize(operation, y, x), y.block(), x.block());
        return y;
    }

    @Override
    public Tensor visit(Pad operation) {
        Tensor x = first();
        Tensor y = result(x.layout());
        tasks.add(() -> images.pad(operation.padding(), y, x), y.block(), x.block());
        return y;
    }

    @Override
    public Tensor visit(Crop operation) {
        Tensor x = first();
        Tensor y = result(x.layout());
        tasks.add(() -> images.crop(operation.cropping(), y, x), y.block(), x.block());
        return y;
    }

    @Override
    public Tensor visit(InsertZeros operation) {
        Tensor x = first();
        Tensor y = result(x.layout());
        tasks.add(() -> images.insertZeros(operation.stepY(), operation.stepX(), y, x), y.block(), x.block());
        return y;
    }

    /** The input's own layout if the axis is that of the channels, which lie one after the other in both. */
    private Layout layoutAlong(int axis) {
        return axis == output.rank() - 1 ? inputs.get(0).layout() : Layout.ROWS;
    }

    @Override
    public Tensor visit(Slice operation) {
        Layout layout = layoutAlong(operation.axis());
        Tensor x = in(layout, first());
        Tensor y = result(layout);
        int entries = ConcatenationCompiler.step(x.shape(), operation.axis(), layout);
        int length = operation.count() * entries;
        int pitch = x.shape().size(operation.axis()) * entries;
        tasks.add(
                () -> kernels.join(
                        List.of(new KernelCalls.Runs(y, 0, length, length)),
                        List.of(new KernelCalls.Runs(x, operation.first() * entries, length, pitch)),
                        x.shape().size() / pitch),
                y.block(),
                x.block());
        return y;
    }

    @Override
    public Tensor visit(Concatenate operation) {
        return concatenations.compile(step, operation, layoutAlong(operation.axis()), inputs);
    }

    @Override
    public Tensor visit(Reshape operation) {
        return Tensor.packed(firstInRows().block(), output, Layout.ROWS);
    }

    @Override
    public Tensor visit(Transpose operation) {
        Tensor x = firstInRows();
        Tensor y = result(Layout.ROWS);
        // Axes of size 1 are added in front, so that there are always four.
        int[] sizes = {1, 1, 1, 1};
        int[] steps = new int[MOST_AXES];
        int missing = MOST_AXES - output.rank();
        for (int axis = 0; axis < output.rank(); axis++) {
            sizes[missing + axis] = output.size(axis);
            steps[missing + axis] =
                    ConcatenationCompiler.step(x.shape(), operation.order().get(axis), Layout.ROWS);
        }
        tasks.add(() -> kernels.permute(y, x, sizes, steps), y.block(), x.block());
        return y;
    }

    @Override
    public Tensor visit(External operation) {
        throw new IllegalStateException("external steps were refused at the start");
    }
}
