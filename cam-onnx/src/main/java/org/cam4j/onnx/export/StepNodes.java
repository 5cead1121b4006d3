package org.cam4j.onnx.export;

import java.util.Arrays;
import java.util.List;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.OperationVisitor;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
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
import org.cam4j.plan.operation.Window;

/**
 * Writes one step as nodes. Windows move over [N, c, h, w]; what changes no axes keeps the order that its input has; the rest is done in
 * the plan's order. The visits return the result's tensor, before its activation.
 */
final class StepNodes implements OperationVisitor<StepNodes.Result> {

    /**
     * A tensor.
     *
     * @param tensor its name
     * @param isFirst whether its channels are first
     */
    record Result(String tensor, boolean isFirst) {}

    private final GraphDraft draft;
    private final PlanTensors tensors;
    private final Step step;
    private final int input;
    private final Shape shape;
    private final boolean isFirst;

    private StepNodes(GraphDraft draft, PlanTensors tensors, Step step) {
        this.draft = draft;
        this.tensors = tensors;
        this.step = step;
        this.input = step.inputs().get(0);
        this.shape = tensors.shape(input);
        this.isFirst = tensors.areFirst(step.inputs());
    }

    /**
     * Writes a step.
     *
     * @throws UnsupportedModelException if nodes of ONNX cannot say what the step computes
     */
    static void write(GraphDraft draft, PlanTensors tensors, Step step) {
        draft.step(step.name());
        Operation operation = step.operation();
        Result result = operation.accept(new StepNodes(draft, tensors, step));
        String tensor = operation instanceof Activated activated
                ? new ActivationNodes(draft).of(activated.activation(), result.tensor())
                : result.tensor();
        tensors.put(step.value(), draft.renamed(tensor), result.isFirst());
    }

    private String read() {
        return tensors.get(input, isFirst);
    }

    private String second() {
        return tensors.get(step.inputs().get(1), isFirst);
    }

    private Result same(String tensor) {
        return new Result(tensor, isFirst);
    }

    private static Result first(String tensor) {
        return new Result(tensor, true);
    }

    private static Result last(String tensor) {
        return new Result(tensor, false);
    }

    /** Returns ONNX's axis of one of the plan's. */
    private int axis(int axis) {
        return isFirst ? new int[] {2, 3, 1}[axis] : axis + 1;
    }

    /** Stores one number for each channel, in the form that is repeated for all cells. */
    private String perChannel(String what, float... numbers) {
        return isFirst
                ? draft.floats(what, numbers, numbers.length, 1, 1)
                : draft.floats(what, numbers, numbers.length);
    }

    // ---- number by number ----

    @Override
    public Result visit(Activate operation) {
        return same(read());
    }

    @Override
    public Result visit(ActivationGradient operation) {
        return same(
                operation.gates() == Gates.HELD
                        ? new GateNodes(draft).times(read(), operation.activation(), second())
                        : new SlopeNodes(draft).times(read(), operation.activation(), second()));
    }

    @Override
    public Result visit(Elementwise operation) {
        int other = step.inputs().get(1);
        Shape small = tensors.shape(other);
        boolean isCells = small.channels() == 1 && small.sameCells(shape);
        boolean fits = small.equals(shape) || isCells || (small.rank() == shape.rank() && !isFirst);
        String repeated = fits ? tensors.get(other, isFirst) : vector(other);
        String operator =
                switch (operation.kind()) {
                    case ADD -> "Add";
                    case SUBTRACT -> "Sub";
                    case MULTIPLY -> "Mul";
                    case MAXIMUM -> "Max";
                    case MINIMUM -> "Min";
                };
        return same(draft.add(operator, read(), repeated));
    }

    /** Returns a vector in the form that is repeated for all cells. */
    private String vector(int value) {
        if (isFirst && tensors.shape(value).isImage()) {
            return tensors.first(value);
        }
        int channels = tensors.shape(value).channels();
        int[] sizes = new int[shape.rank()];
        Arrays.fill(sizes, 1);
        sizes[isFirst ? 0 : sizes.length - 1] = channels;
        return sizes.length == 1 ? tensors.flat(value) : tensors.reshaped(tensors.flat(value), sizes);
    }

    @Override
    public Result visit(ScaleShift operation) {
        String scaled = draft.add("Mul", read(), perChannel("scale", operation.scale()));
        return same(operation.onlyScales() ? scaled : draft.add("Add", scaled, perChannel("shift", operation.shift())));
    }

    @Override
    public Result visit(ParametricRelu operation) {
        float[] slopes = operation.slopes();
        if (slopes.length == shape.channels()) {
            return same(draft.add("PRelu", read(), perChannel("slope", slopes)));
        }
        long[] dims = MapPlan.dims(shape).stream().mapToLong(Long::longValue).toArray();
        return last(draft.add("PRelu", tensors.last(input), draft.floats("slope", slopes, dims)));
    }

    @Override
    public Result visit(Softmax operation) {
        return same(
                draft.node("Softmax", read()).with("axis", isFirst ? 1L : -1L).output());
    }

    @Override
    public Result visit(LayerNormalize operation) {
        float[] scale = operation.scale();
        return last(draft.node(
                        "LayerNormalization",
                        tensors.last(input),
                        draft.floats("scale", scale, scale.length),
                        draft.floats("shift", operation.shift(), scale.length))
                .with("axis", -1L)
                .with("epsilon", operation.epsilon())
                .output());
    }

    // ---- sums ----

    @Override
    public Result visit(Convolution operation) {
        Window window = operation.window();
        String weights = draft.shared(
                operation.weights(),
                "convolution",
                "weights",
                operation.weights()::values,
                operation.outputs(),
                operation.inputs() / operation.groups(),
                window.height(),
                window.width());
        String sums = windowed(
                draft.node(
                                "Conv",
                                tensors.first(input),
                                weights,
                                draft.floats("bias", operation.bias(), operation.outputs()))
                        .with("dilations", window.dilationY(), window.dilationX())
                        .with("group", (long) operation.groups()),
                window);
        return first(
                operation.addsInput()
                        ? draft.add("Add", sums, tensors.first(step.inputs().get(1)))
                        : sums);
    }

    private static String windowed(NodeDraft node, Window window) {
        Padding padding = window.padding();
        return node.with("kernel_shape", window.height(), window.width())
                .with("strides", window.strideY(), window.strideX())
                .with("pads", padding.top(), padding.left(), padding.bottom(), padding.right())
                .output();
    }

    @Override
    public Result visit(Dense operation) {
        return new DenseNodes(draft, tensors).of(operation, input);
    }

    @Override
    public Result visit(MatMul operation) {
        String right = tensors.last(step.inputs().get(1));
        if (operation.transposesSecond()) {
            int rank = shape.rank();
            int[] order = new int[rank + 1];
            for (int i = 0; i <= rank; i++) {
                order[i] = i;
            }
            order[rank - 1] = rank;
            order[rank] = rank - 1;
            right = tensors.transposed(right, order);
        }
        return last(draft.add("MatMul", tensors.last(input), right));
    }

    // ---- windows ----

    @Override
    public Result visit(Pooling operation) {
        String operator = operation.kind() == Pooling.Kind.MAXIMUM ? "MaxPool" : "AveragePool";
        return first(windowed(draft.node(operator, tensors.first(input)), operation.window()));
    }

    @Override
    public Result visit(GlobalPooling operation) {
        boolean isMaximum = operation.kind() == Pooling.Kind.MAXIMUM;
        return first(draft.add(isMaximum ? "GlobalMaxPool" : "GlobalAveragePool", tensors.first(input)));
    }

    @Override
    public Result visit(PoolingGradient operation) {
        UnpoolingNodes nodes = new UnpoolingNodes(draft);
        String gradient = tensors.first(input);
        return first(
                operation.kind() == Pooling.Kind.MAXIMUM
                        ? nodes.maximum(
                                operation, gradient, tensors.first(step.inputs().get(1)))
                        : nodes.average(operation, gradient));
    }

    @Override
    public Result visit(InsertZeros operation) {
        Window every = new Window(1, 1, operation.stepY(), operation.stepX(), 1, 1, Padding.NONE);
        Shape spread = operation.output(List.of(shape));
        return first(new UnpoolingNodes(draft).spread(tensors.first(input), every, spread));
    }

    @Override
    public Result visit(Resize operation) {
        return first(new ResizeNodes(draft).of(operation, shape, tensors.first(input)));
    }

    // ---- moved numbers ----

    @Override
    public Result visit(Concatenate operation) {
        String[] parts =
                step.inputs().stream().map(value -> tensors.get(value, isFirst)).toArray(String[]::new);
        return same(draft.node("Concat", parts)
                .with("axis", (long) axis(operation.axis()))
                .output());
    }

    @Override
    public Result visit(Slice operation) {
        return same(cut(axis(operation.axis()), operation.first(), (long) operation.first() + operation.count()));
    }

    private String cut(int axis, long from, long to) {
        return draft.add("Slice", read(), draft.longs(from), draft.longs(to), draft.longs(axis));
    }

    @Override
    public Result visit(Crop operation) {
        Padding cropping = operation.cropping();
        return same(draft.add(
                "Slice",
                read(),
                draft.longs(cropping.top(), cropping.left()),
                draft.longs(shape.height() - cropping.bottom(), shape.width() - cropping.right()),
                draft.longs(axis(0), axis(1))));
    }

    @Override
    public Result visit(Pad operation) {
        Padding padding = operation.padding();
        long[] sides = new long[8];
        sides[axis(0)] = padding.top();
        sides[axis(1)] = padding.left();
        sides[4 + axis(0)] = padding.bottom();
        sides[4 + axis(1)] = padding.right();
        return same(draft.add("Pad", read(), draft.longs(sides)));
    }

    @Override
    public Result visit(Transpose operation) {
        int[] order = new int[operation.order().size() + 1];
        for (int i = 1; i < order.length; i++) {
            order[i] = operation.order().get(i - 1) + 1;
        }
        return last(tensors.transposed(tensors.last(input), order));
    }

    @Override
    public Result visit(Reshape operation) {
        Shape result = operation.shape();
        if (result.isVector() && result.isImage()) {
            return first(tensors.reshaped(source(), result.channels(), 1, 1));
        }
        return last(tensors.reshaped(source(), result.sizes()));
    }

    /** Returns the numbers in the plan's order. */
    private String source() {
        return shape.isVector() ? read() : tensors.last(input);
    }

    // ---- refused ----

    @Override
    public Result visit(External operation) {
        throw new UnsupportedModelException("step " + Quoted.of(step.name()) + " (" + operation.describe()
                + ") cannot be written as ONNX: it is no operation of a plan. Save a prepared model instead.");
    }
}
