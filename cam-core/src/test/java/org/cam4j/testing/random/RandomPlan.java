package org.cam4j.testing.random;

import java.util.ArrayList;
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
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
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
    private StepChoices choices;
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
            plan.choices = new StepChoices(step);
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
        Dense dense = Plans.dense(head(shape.channels(), classes));
        steps.add(new Step(last + 2, "head", dense, List.of(last + 1)));
        return new InferencePlan(
                plan.inputs(), steps, Map.of(InferencePlan.FEATURES, features, InferencePlan.LOGITS, last + 2));
    }

    private static LinearHead head(int channels, int classes) {
        Random random = new Random(channels);
        return new LinearHead(
                StepChoices.numbers(random, channels * classes, 1), StepChoices.numbers(random, classes, 1));
    }

    int choice(Choice choice) {
        return choices.choice(choice);
    }

    private void add(Kind kind) {
        int source = Math.max(0, last - choice(Choice.SOURCE));
        switch (kind) {
            case ACTIVATION -> add(new Activate(choices.activation()), source);
            case CONVOLUTION -> add(choices.convolution(builder.shape(source)), source);
            case POOLING -> pool(source);
            case GLOBAL_POOLING -> add(new GlobalPooling(choices.pooling()), source);
            case SCALE_SHIFT -> add(choices.scaleShift(builder.shape(source).channels()), source);
            case COMBINATION -> combine(source);
            case CONCATENATION -> concatenate(source, builder.shape(source).rank() - 1);
            case PADDING -> add(new Pad(choices.border()), source);
            case CROP -> add(new Crop(choices.border()), source);
            case RESIZING -> add(choices.resize(), source);
            case SPREAD -> add(new InsertZeros(choice(Choice.STRIDE_ROWS), choice(Choice.STRIDE_COLUMNS)), source);
            case NORMALIZATION ->
                add(choices.normalization(builder.shape(source).channels()), source);
            case PARAMETRIC_RELU -> add(choices.parametricRelu(builder.shape(source)), source);
            case SOFTMAX -> add(new Softmax(), source);
            case SLICE -> add(choices.slice(builder.shape(source)), source);
            case TRANSPOSITION -> add(Transpose.of(ORDERS[choice(Choice.VARIANT)]), source);
            case RESHAPING -> add(new Reshape(choices.reshaped(builder.shape(source))), source);
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
                add(RandomSequences.order(builder.shape(source).rank(), choices.mixer()), source);
            case ANY_RESHAPING ->
                add(
                        RandomSequences.reshaped(
                                builder.shape(source), 1 + choice(Choice.VARIANT) % 4, choices.mixer()),
                        source);
            case ANY_SLICE -> add(RandomSequences.slice(builder.shape(source), choices.mixer()), source);
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

    /** Images whose numbers are different ones. */
    static float[] image(InferencePlan plan, int number) {
        return StepChoices.numbers(new Random(1 + number), plan.input().size(), 1.5);
    }

    /** The size of a value that was made so far. */
    Shape shape(int value) {
        return builder.shape(value);
    }

    /** What the current step stands for. */
    StepChoices choices() {
        return choices;
    }

    /** The last value that was made. */
    int last() {
        return last;
    }

    /** The border is smaller than the window, or there is no such pooling. */
    private void pool(int source) {
        Window window = choices.window(builder.shape(source), 1, 1);
        Padding border = window.padding();
        Padding smaller = new Padding(
                Math.min(border.top(), window.height() - 1),
                Math.min(border.bottom(), window.height() - 1),
                Math.min(border.left(), window.width() - 1),
                Math.min(border.right(), window.width() - 1));
        add(new Pooling(choices.pooling(), window.withPadding(smaller)), source);
    }

    private void combine(int source) {
        Shape shape = builder.shape(source);
        List<Integer> fitting = values(other -> other.equals(shape)
                || (other.isVector() && other.channels() == shape.channels())
                || (other.channels() == 1 && other.sameCells(shape)));
        add(new Elementwise(choices.combination(), choices.activation()), source, choices.chosen(fitting));
    }

    private void concatenate(int source, int axis) {
        Shape shape = builder.shape(source).with(axis, 1);
        List<Integer> fitting = values(
                other -> other.rank() == shape.rank() && other.with(axis, 1).equals(shape));
        int[] parts = new int[choice(Choice.PARTS)];
        parts[0] = source;
        Random mixer = choices.mixer();
        for (int i = 1; i < parts.length; i++) {
            parts[i] = fitting.get(mixer.nextInt(fitting.size()));
        }
        add(new Concatenate(axis), parts);
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

    // ---- several operations ----

    /** Fused by hand or as a step of its own, of any earlier value: the image, what is read later, what the convolution reads. */
    private void residualSum(int source) {
        Shape input = builder.shape(source);
        int other = choice(Choice.OTHER) == 0 ? source : Math.max(0, last - choice(Choice.OTHER));
        Shape output = builder.shape(other);
        Window window = choices.reaching(input, output);
        if (window == null) {
            return;
        }
        int common = gcd(input.channels(), output.channels());
        int groups = choice(Choice.GROUPS) == 0 ? 1 : choice(Choice.GROUPS) < 4 ? common : 1;
        Convolution convolution =
                choices.convolution(window, input.channels(), output.channels(), groups, Activation.IDENTITY);
        switch (choice(Choice.VARIANT)) {
            case 0, 1, 2 -> add(convolution.withSum(choices.activation()), source, other);
            case 3 -> {
                if (add(convolution, source)) {
                    add(new Elementwise(Elementwise.Kind.ADD, choices.activation()), other, last);
                }
            }
            default -> {
                if (add(convolution, source)
                        && add(
                                choices.scaleShift(builder.shape(last).channels())
                                        .withActivation(Activation.IDENTITY),
                                last)) {
                    add(new Elementwise(Elementwise.Kind.ADD), last, other);
                    add(new Activate(choices.activation()), last);
                }
            }
        }
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private void transposed(int source) {
        int height = choices.rows(Choice.KERNEL_ROWS);
        int width = choices.columns(Choice.KERNEL_ROWS, Choice.KERNEL_COLUMNS);
        if (add(
                new InsertZeros(
                        choices.rows(Choice.STRIDE_ROWS), choices.columns(Choice.STRIDE_ROWS, Choice.STRIDE_COLUMNS)),
                source)) {
            Padding border = new Padding(
                    height - 1,
                    Math.max(0, height - 1 + choice(Choice.VARIANT) - 2),
                    width - 1,
                    Math.max(0, width - 1 + choice(Choice.VARIANT) - 2));
            int inputs = builder.shape(last).channels();
            add(
                    choices.convolution(
                            Window.of(height, width).withPadding(border),
                            inputs,
                            choice(Choice.OUTPUTS),
                            1,
                            choices.activation()),
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
            add(new GlobalPooling(choices.pooling()), source);
            add(choices.convolution(Window.of(1, 1), channels, choice(Choice.OUTPUTS), 1, choices.activation()), last);
            int squeezed = builder.shape(last).channels();
            add(choices.convolution(Window.of(1, 1), squeezed, channels, 1, Activation.SIGMOID), last);
        } else {
            Window window = Window.same(builder.shape(source), 3, 3, new int[] {1, 1}, new int[] {1, 1});
            if (!add(choices.convolution(window, channels, 1, 1, Activation.SIGMOID), source)) {
                return;
            }
        }
        add(new Elementwise(Elementwise.Kind.MULTIPLY, choices.activation()), source, last);
    }
}
