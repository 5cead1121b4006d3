package org.cam4j.testing.random;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.cam4j.classifier.LinearHead;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
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
import org.cam4j.testing.Plans;

/** Makes the plan of a recipe. Steps that would be too large, or that no earlier value fits, are left out. */
final class RandomPlan {

    private static final int[][] ORDERS = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    private static final int MOST_ENTRIES = 40_000;
    static final int MOST_WEIGHTS = 200_000;
    private static final long MOST_PRODUCTS = 3_000_000;

    private final PlanBuilder builder;
    private List<Integer> step = List.of();
    private Random random = new Random(0);
    private int last;

    /** An operation with more weights than a random plan needs. */
    static final class TooLarge extends RuntimeException {

        private static final long serialVersionUID = 1;
    }

    private RandomPlan(PlanRecipe recipe) {
        this.builder = new PlanBuilder(new Shape(recipe.height(), recipe.width(), recipe.channels()));
    }

    /** The plan whose features are what the last step makes. */
    static InferencePlan of(PlanRecipe recipe) {
        RandomPlan plan = new RandomPlan(recipe);
        for (List<Integer> step : recipe.steps()) {
            plan.step = step;
            plan.random = new Random(plan.choice(Choice.SEED));
            try {
                plan.add(Kind.ALL.get(plan.choice(Choice.KIND)));
            } catch (TooLarge e) {
                // What its operations before this one made stays.
            }
        }
        return Plans.features(plan.builder, plan.last);
    }

    /** The plan of a classifier whose features are a value of a plan, seen as rows of cells where it is no image. */
    static InferencePlan keeping(InferencePlan plan, int value, int classes) {
        List<Step> steps = new ArrayList<>(plan.steps());
        int last = steps.stream().mapToInt(Step::value).max().orElse(InferencePlan.INPUT);
        Shape shape = plan.shape(value);
        int features = value;
        if (!shape.isImage()) {
            features = ++last;
            Shape image = new Shape(shape.height(), shape.width(), shape.channels());
            steps.add(new Step(features, "features", new Reshape(image), List.of(value)));
        }
        steps.add(new Step(last + 1, "pooling", new GlobalPooling(Pooling.Kind.AVERAGE), List.of(features)));
        Dense dense = head(shape.channels(), classes).dense();
        steps.add(new Step(last + 2, "head", dense, List.of(last + 1)));
        return new InferencePlan(
                plan.inputs(), steps, Map.of(InferencePlan.FEATURES, features, InferencePlan.LOGITS, last + 2));
    }

    private static LinearHead head(int channels, int classes) {
        Random random = new Random(channels);
        return new LinearHead(numbers(random, channels * classes, 1), numbers(random, classes, 1));
    }

    int choice(Choice choice) {
        return choice.of(step);
    }

    private void add(Kind kind) {
        int source = Math.max(0, last - choice(Choice.SOURCE));
        switch (kind) {
            case ACTIVATION -> add(new Activate(activation()), source);
            case CONVOLUTION -> add(convolution(source), source);
            case POOLING -> pool(source);
            case GLOBAL_POOLING -> add(new GlobalPooling(pooling()), source);
            case SCALE_SHIFT -> add(scaleShift(source), source);
            case COMBINATION -> combine(source);
            case CONCATENATION -> concatenate(source, builder.shape(source).rank() - 1);
            case PADDING -> add(new Pad(border()), source);
            case CROP -> add(new Crop(border()), source);
            case RESIZING -> add(resize(), source);
            case SPREAD -> add(new InsertZeros(choice(Choice.STRIDE_ROWS), choice(Choice.STRIDE_COLUMNS)), source);
            case NORMALIZATION -> add(normalization(source), source);
            case PARAMETRIC_RELU -> add(parametricRelu(source), source);
            case SOFTMAX -> add(new Softmax(), source);
            case SLICE -> add(slice(source), source);
            case TRANSPOSITION -> add(Transpose.of(ORDERS[choice(Choice.VARIANT)]), source);
            case RESHAPING -> add(new Reshape(reshaped(builder.shape(source))), source);
            case ROOT -> root(source);
            case RESIDUAL_SUM -> residualSum(source);
            case TRANSPOSED_CONVOLUTION -> transposed(source);
            case OWN_GATE -> ownGate(source);
            case SQUEEZE_AND_EXCITE -> excite(source);
            case DENSE -> new SequenceSteps(this).dense(source);
            case SEQUENCE -> add(new Reshape(RandomSequences.tokens(builder.shape(source))), source);
            case MATRIX_PRODUCT -> new SequenceSteps(this).multiply(source);
            case ATTENTION -> new SequenceSteps(this).attend(source);
            case ANY_TRANSPOSITION ->
                add(RandomSequences.order(builder.shape(source).rank(), mixer()), source);
            case ANY_RESHAPING ->
                add(RandomSequences.reshaped(builder.shape(source), 1 + choice(Choice.VARIANT) % 4, mixer()), source);
            case ANY_SLICE -> add(RandomSequences.slice(builder.shape(source), mixer()), source);
            case ANY_CONCATENATION ->
                concatenate(
                        source, choice(Choice.VARIANT) % builder.shape(source).rank());
        }
    }

    /** Adds a step if it is possible and small enough. */
    boolean add(Operation operation, int... inputs) {
        List<Shape> shapes = new ArrayList<>();
        for (int input : inputs) {
            shapes.add(builder.shape(input));
        }
        try {
            Shape output = operation.output(shapes);
            if (output.size() > MOST_ENTRIES || products(operation, shapes.get(0), output) > MOST_PRODUCTS) {
                return false;
            }
            last = builder.add(name(operation), operation, inputs);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private String name(Operation operation) {
        return operation.getClass().getSimpleName() + (last + 1);
    }

    private static long products(Operation operation, Shape input, Shape output) {
        if (operation instanceof Dense || operation instanceof MatMul) {
            return (long) output.size() * input.channels();
        }
        if (operation instanceof Convolution convolution) {
            return (long) convolution.weights().length() * output.height() * output.width();
        }
        if (operation instanceof Pooling pooling) {
            return (long) output.size()
                    * pooling.window().height()
                    * pooling.window().width();
        }
        return output.size();
    }

    // ---- numbers ----

    float[] numbers(int count, double size) {
        return numbers(random, count, size);
    }

    private static float[] numbers(Random random, int count, double size) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) ((2 * random.nextDouble() - 1) * size);
        }
        return numbers;
    }

    /** Images whose numbers are different ones. */
    static float[] image(InferencePlan plan, int number) {
        return numbers(new Random(1 + number), plan.input().size(), 1.5);
    }

    // ---- operations ----

    Activation activation() {
        return Activations.ALL.get(choice(Choice.ACTIVATION));
    }

    /** The size of a value that was made so far. */
    Shape shape(int value) {
        return builder.shape(value);
    }

    /** The last value that was made. */
    int last() {
        return last;
    }

    private boolean isOblong() {
        return choice(Choice.IS_OBLONG) == 1;
    }

    private int rows(Choice rows) {
        return choice(rows);
    }

    private int columns(Choice rows, Choice columns) {
        return choice(isOblong() ? columns : rows);
    }

    private Padding border() {
        int top = choice(Choice.TOP);
        return switch (choice(Choice.BORDER_KIND)) {
            case 0 -> Padding.NONE;
            case 1, 2 -> new Padding(top, top, top, top);
            default -> new Padding(top, choice(Choice.BOTTOM), choice(Choice.LEFT), choice(Choice.RIGHT));
        };
    }

    private Window window(Shape input, int dilationRows, int dilationColumns) {
        int height = rows(Choice.KERNEL_ROWS);
        int width = columns(Choice.KERNEL_ROWS, Choice.KERNEL_COLUMNS);
        int strideY = rows(Choice.STRIDE_ROWS);
        int strideX = columns(Choice.STRIDE_ROWS, Choice.STRIDE_COLUMNS);
        if (choice(Choice.BORDER_KIND) == 1) {
            return Window.same(
                    input, height, width, new int[] {strideY, strideX}, new int[] {dilationRows, dilationColumns});
        }
        Padding border = border();
        return new Window(
                fitting(height, input.height() + border.top() + border.bottom(), dilationRows),
                fitting(width, input.width() + border.left() + border.right(), dilationColumns),
                strideY,
                strideX,
                dilationRows,
                dilationColumns,
                border);
    }

    /** As many entries as there is room for. */
    private static int fitting(int kernel, int room, int dilation) {
        return Math.min(kernel, (room - 1) / dilation + 1);
    }

    private Convolution convolution(int source) {
        Shape input = builder.shape(source);
        Window window =
                window(input, rows(Choice.DILATION_ROWS), columns(Choice.DILATION_ROWS, Choice.DILATION_COLUMNS));
        int groups = groups(input.channels());
        int outputs = choice(Choice.OUTPUTS);
        if (groups > 1) {
            outputs = groups * Math.max(1, Math.min(outputs / groups, 3));
        } else {
            outputs = Math.max(
                    1, Math.min(outputs, MOST_WEIGHTS / (window.height() * window.width() * input.channels())));
        }
        return convolution(window, input.channels(), outputs, groups, activation());
    }

    private int groups(int channels) {
        int chosen = choice(Choice.GROUPS);
        if (chosen == 1 || chosen == 2) {
            return channels;
        }
        return chosen > 0 && channels % chosen == 0 ? chosen : 1;
    }

    private Convolution convolution(Window window, int inputs, int outputs, int groups, Activation activation) {
        int products = window.height() * window.width() * (inputs / groups);
        if ((long) products * outputs > MOST_WEIGHTS) {
            throw new TooLarge();
        }
        return new Convolution(
                window,
                inputs,
                outputs,
                groups,
                numbers(products * outputs, 2 / Math.sqrt(products)),
                numbers(outputs, 0.5),
                false,
                activation);
    }

    private Pooling.Kind pooling() {
        return chosen(Pooling.Kind.values());
    }

    /** The border is smaller than the window, or there is no such pooling. */
    private void pool(int source) {
        Window window = window(builder.shape(source), 1, 1);
        Padding border = window.padding();
        Padding smaller = new Padding(
                Math.min(border.top(), window.height() - 1),
                Math.min(border.bottom(), window.height() - 1),
                Math.min(border.left(), window.width() - 1),
                Math.min(border.right(), window.width() - 1));
        add(new Pooling(pooling(), window.withPadding(smaller)), source);
    }

    private ScaleShift scaleShift(int source) {
        int channels = builder.shape(source).channels();
        float[] shift = choice(Choice.VARIANT) == 0 ? new float[channels] : numbers(channels, 0.5);
        return new ScaleShift(numbers(channels, 1.5), shift, activation());
    }

    private Resize resize() {
        return new Resize(choice(Choice.ROWS), choice(Choice.COLUMNS), chosen(Resize.Interpolation.values()));
    }

    private LayerNormalize normalization(int source) {
        int channels = builder.shape(source).channels();
        float epsilon = choice(Choice.VARIANT) % 2 == 0 ? 1e-3f : 0.1f;
        return new LayerNormalize(epsilon, numbers(channels, 1.5), numbers(channels, 0.5));
    }

    private ParametricRelu parametricRelu(int source) {
        Shape shape = builder.shape(source);
        return new ParametricRelu(numbers(choice(Choice.VARIANT) % 2 == 0 ? shape.channels() : shape.size(), 0.5));
    }

    private Slice slice(int source) {
        int channels = builder.shape(source).channels();
        int first = choice(Choice.MIXER) % channels;
        int axis = builder.shape(source).rank() - 1;
        return new Slice(axis, first, 1 + choice(Choice.OUTPUTS) % (channels - first));
    }

    private Shape reshaped(Shape shape) {
        return switch (choice(Choice.VARIANT)) {
            case 0 -> new Shape(1, 1, shape.size());
            case 1 -> new Shape(shape.width(), shape.height(), shape.channels());
            case 2 -> new Shape(shape.height() * shape.width(), 1, shape.channels());
            case 3 -> new Shape(1, shape.height() * shape.width(), shape.channels());
            case 4 -> new Shape(shape.channels(), shape.height(), shape.width());
            default -> new Shape(shape.height(), shape.width() * shape.channels(), 1);
        };
    }

    private Elementwise.Kind combination() {
        return chosen(Elementwise.Kind.values());
    }

    private void combine(int source) {
        Shape shape = builder.shape(source);
        List<Integer> fitting = values(other -> other.equals(shape)
                || (other.isVector() && other.channels() == shape.channels())
                || (other.channels() == 1 && other.sameCells(shape)));
        add(new Elementwise(combination(), activation()), source, chosen(fitting));
    }

    private void concatenate(int source, int axis) {
        Shape shape = builder.shape(source).with(axis, 1);
        List<Integer> fitting = values(
                other -> other.rank() == shape.rank() && other.with(axis, 1).equals(shape));
        int[] parts = new int[choice(Choice.PARTS)];
        parts[0] = source;
        Random mixer = mixer();
        for (int i = 1; i < parts.length; i++) {
            parts[i] = fitting.get(mixer.nextInt(fitting.size()));
        }
        add(new Concatenate(axis), parts);
    }

    private Random mixer() {
        return new Random(choice(Choice.MIXER));
    }

    /** The values of fitting shapes, the last first. */
    List<Integer> values(Predicate<Shape> fits) {
        List<Integer> values = new ArrayList<>();
        for (int value = last; value >= 0; value--) {
            if (fits.test(builder.shape(value))) {
                values.add(value);
            }
        }
        return values;
    }

    /** One for each variant. */
    private <E> E chosen(E[] all) {
        return Arrays.asList(all).get(choice(Choice.VARIANT) % all.length);
    }

    int chosen(List<Integer> values) {
        return values.get(choice(Choice.OTHER) % values.size());
    }

    // ---- several operations ----

    /** Fused by hand or as a step of its own, of any earlier value: the image, what is read later, what the convolution reads. */
    private void residualSum(int source) {
        Shape input = builder.shape(source);
        int other = choice(Choice.OTHER) == 0 ? source : Math.max(0, last - choice(Choice.OTHER));
        Shape output = builder.shape(other);
        Window window = reaching(input, output);
        if (window == null) {
            return;
        }
        int common = gcd(input.channels(), output.channels());
        int groups = choice(Choice.GROUPS) == 0 ? 1 : choice(Choice.GROUPS) < 4 ? common : 1;
        Convolution convolution = convolution(window, input.channels(), output.channels(), groups, Activation.IDENTITY);
        switch (choice(Choice.VARIANT)) {
            case 0, 1, 2 -> add(convolution.withSum(activation()), source, other);
            case 3 -> {
                if (add(convolution, source)) {
                    add(new Elementwise(Elementwise.Kind.ADD, activation()), other, last);
                }
            }
            default -> {
                if (add(convolution, source) && add(scaleShift(last).withActivation(Activation.IDENTITY), last)) {
                    add(new Elementwise(Elementwise.Kind.ADD), last, other);
                    add(new Activate(activation()), last);
                }
            }
        }
    }

    /** A window whose positions are as many as another value has cells; null where a border would have to be taken off. */
    private Window reaching(Shape input, Shape output) {
        int strideY = rows(Choice.STRIDE_ROWS);
        int strideX = columns(Choice.STRIDE_ROWS, Choice.STRIDE_COLUMNS);
        int height = rows(Choice.KERNEL_ROWS);
        int width = columns(Choice.KERNEL_ROWS, Choice.KERNEL_COLUMNS);
        int rows = (output.height() - 1) * strideY + height - input.height();
        int columns = (output.width() - 1) * strideX + width - input.width();
        if (rows < 0 || columns < 0) {
            return null;
        }
        int top = isOblong() ? Math.min(rows, choice(Choice.TOP)) : rows / 2;
        int left = isOblong() ? Math.min(columns, choice(Choice.LEFT)) : columns / 2;
        return new Window(height, width, strideY, strideX, 1, 1, new Padding(top, rows - top, left, columns - left));
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private void transposed(int source) {
        int height = rows(Choice.KERNEL_ROWS);
        int width = columns(Choice.KERNEL_ROWS, Choice.KERNEL_COLUMNS);
        if (add(
                new InsertZeros(rows(Choice.STRIDE_ROWS), columns(Choice.STRIDE_ROWS, Choice.STRIDE_COLUMNS)),
                source)) {
            Padding border = new Padding(
                    height - 1,
                    Math.max(0, height - 1 + choice(Choice.VARIANT) - 2),
                    width - 1,
                    Math.max(0, width - 1 + choice(Choice.VARIANT) - 2));
            int inputs = builder.shape(last).channels();
            add(
                    convolution(
                            Window.of(height, width).withPadding(border),
                            inputs,
                            choice(Choice.OUTPUTS),
                            1,
                            activation()),
                    last);
        }
    }

    private void ownGate(int source) {
        if (choice(Choice.VARIANT) % 2 == 0) {
            add(new Activate(Activation.SIGMOID), source);
        } else {
            // As MobileNetV3's models write it.
            int channels = builder.shape(source).channels();
            add(ScaleShift.uniform(channels, 1, 3), source);
            add(new Activate(Activation.RELU6), last);
            add(ScaleShift.uniform(channels, 1f / 6, 0), last);
        }
        boolean isSecond = choice(Choice.OTHER) % 2 == 0;
        add(new Elementwise(Elementwise.Kind.MULTIPLY), isSecond ? source : last, isSecond ? last : source);
    }

    private void root(int source) {
        Activation nonNegative = choice(Choice.VARIANT) % 2 == 0 ? Activation.SIGMOID : Activation.RELU;
        float exponent = choice(Choice.VARIANT) % 3 == 0 ? -0.5f : 0.5f;
        add(new Activate(nonNegative), source);
        add(new Activate(new Activation(Activation.Function.POWER, exponent, 0)), last);
    }

    private void excite(int source) {
        int channels = builder.shape(source).channels();
        if (choice(Choice.VARIANT) % 2 == 0) {
            add(new GlobalPooling(pooling()), source);
            add(convolution(Window.of(1, 1), channels, choice(Choice.OUTPUTS), 1, activation()), last);
            int squeezed = builder.shape(last).channels();
            add(convolution(Window.of(1, 1), squeezed, channels, 1, Activation.SIGMOID), last);
        } else {
            Window window = Window.same(builder.shape(source), 3, 3, new int[] {1, 1}, new int[] {1, 1});
            if (!add(convolution(window, channels, 1, 1, Activation.SIGMOID), source)) {
                return;
            }
        }
        add(new Elementwise(Elementwise.Kind.MULTIPLY, activation()), source, last);
    }
}
