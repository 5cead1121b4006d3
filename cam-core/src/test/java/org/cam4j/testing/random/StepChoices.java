package org.cam4j.testing.random;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Window;

/** The operations and numbers that one step's choices stand for; which values they read is the plan's. */
final class StepChoices {

    private final List<Integer> step;
    private final Random random;

    StepChoices(List<Integer> step) {
        this.step = step;
        this.random = new Random(choice(Choice.SEED));
    }

    int choice(Choice choice) {
        return choice.of(step);
    }

    float[] numbers(int count, double size) {
        return numbers(random, count, size);
    }

    static float[] numbers(Random random, int count, double size) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) ((2 * random.nextDouble() - 1) * size);
        }
        return numbers;
    }

    Activation activation() {
        return Activations.ALL.get(choice(Choice.ACTIVATION));
    }

    private boolean isOblong() {
        return choice(Choice.IS_OBLONG) == 1;
    }

    int rows(Choice rows) {
        return choice(rows);
    }

    int columns(Choice rows, Choice columns) {
        return choice(isOblong() ? columns : rows);
    }

    Padding border() {
        int top = choice(Choice.TOP);
        return switch (choice(Choice.BORDER_KIND)) {
            case 0 -> Padding.NONE;
            case 1, 2 -> new Padding(top, top, top, top);
            default -> new Padding(top, choice(Choice.BOTTOM), choice(Choice.LEFT), choice(Choice.RIGHT));
        };
    }

    Window window(Shape input, int dilationRows, int dilationColumns) {
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

    Convolution convolution(Shape input) {
        Window window =
                window(input, rows(Choice.DILATION_ROWS), columns(Choice.DILATION_ROWS, Choice.DILATION_COLUMNS));
        int groups = groups(input.channels());
        int outputs = choice(Choice.OUTPUTS);
        if (groups > 1) {
            outputs = groups * Math.max(1, Math.min(outputs / groups, 3));
        } else {
            outputs = Math.max(
                    1,
                    Math.min(outputs, RandomPlan.MOST_WEIGHTS / (window.height() * window.width() * input.channels())));
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

    Convolution convolution(Window window, int inputs, int outputs, int groups, Activation activation) {
        int products = window.height() * window.width() * (inputs / groups);
        if ((long) products * outputs > RandomPlan.MOST_WEIGHTS) {
            throw new RandomPlan.TooLarge();
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

    Pooling.Kind pooling() {
        return chosen(Pooling.Kind.values());
    }

    ScaleShift scaleShift(int channels) {
        float[] shift = choice(Choice.VARIANT) == 0 ? new float[channels] : numbers(channels, 0.5);
        return new ScaleShift(numbers(channels, 1.5), shift, activation());
    }

    Resize resize() {
        return new Resize(choice(Choice.ROWS), choice(Choice.COLUMNS), chosen(Resize.Interpolation.values()));
    }

    LayerNormalize normalization(int channels) {
        float epsilon = choice(Choice.VARIANT) % 2 == 0 ? 1e-3f : 0.1f;
        return new LayerNormalize(epsilon, numbers(channels, 1.5), numbers(channels, 0.5));
    }

    ParametricRelu parametricRelu(Shape shape) {
        return new ParametricRelu(numbers(choice(Choice.VARIANT) % 2 == 0 ? shape.channels() : shape.size(), 0.5));
    }

    Slice slice(Shape shape) {
        int channels = shape.channels();
        int first = choice(Choice.MIXER) % channels;
        int axis = shape.rank() - 1;
        return new Slice(axis, first, 1 + choice(Choice.OUTPUTS) % (channels - first));
    }

    Shape reshaped(Shape shape) {
        return switch (choice(Choice.VARIANT)) {
            case 0 -> new Shape(1, 1, shape.size());
            case 1 -> new Shape(shape.width(), shape.height(), shape.channels());
            case 2 -> new Shape(shape.height() * shape.width(), 1, shape.channels());
            case 3 -> new Shape(1, shape.height() * shape.width(), shape.channels());
            case 4 -> new Shape(shape.channels(), shape.height(), shape.width());
            default -> new Shape(shape.height(), shape.width() * shape.channels(), 1);
        };
    }

    Elementwise.Kind combination() {
        return chosen(Elementwise.Kind.values());
    }

    /** A window whose positions are as many as another value has cells; null where a border would have to be taken off. */
    Window reaching(Shape input, Shape output) {
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

    Random mixer() {
        return new Random(choice(Choice.MIXER));
    }

    /** One for each variant. */
    <E> E chosen(E[] all) {
        return Arrays.asList(all).get(choice(Choice.VARIANT) % all.length);
    }

    int chosen(List<Integer> values) {
        return values.get(choice(Choice.OTHER) % values.size());
    }
}
