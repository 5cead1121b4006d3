package org.cam4j.testing.reference;

import java.util.List;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.LayerNormalize;
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

/** A plan's operations by their definitions: one loop for each index, values [h, w, c] row-major, nothing clever. */
final class OperationDefinition {

    private final List<double[]> inputs;
    private final List<Shape> shapes;
    private final Shape output;
    private final double[] first;
    private final Shape shape;

    private OperationDefinition(List<double[]> inputs, List<Shape> shapes, Shape output) {
        this.inputs = inputs;
        this.shapes = shapes;
        this.output = output;
        this.first = inputs.get(0);
        this.shape = shapes.get(0);
    }

    /** What an operation makes of values [h, w, c] of the given shapes. */
    static double[] result(Operation operation, List<double[]> inputs, List<Shape> shapes) {
        double[] before = beforeActivation(operation, inputs, shapes);
        return operation instanceof Activated activated
                ? ActivationDefinition.of(activated.activation(), before)
                : before;
    }

    /** The same without the activation at the operation's end. */
    static double[] beforeActivation(Operation operation, List<double[]> inputs, List<Shape> shapes) {
        return new OperationDefinition(inputs, shapes, operation.output(shapes)).beforeActivation(operation);
    }

    /** The number at an index of a result. */
    @FunctionalInterface
    private interface Rule {
        double at(int y, int x, int c);
    }

    private double[] each(Rule rule) {
        double[] result = new double[output.size()];
        int i = 0;
        for (int y = 0; y < output.height(); y++) {
            for (int x = 0; x < output.width(); x++) {
                for (int c = 0; c < output.channels(); c++) {
                    result[i++] = rule.at(y, x, c);
                }
            }
        }
        return result;
    }

    private double[] beforeActivation(Operation operation) {
        if (operation instanceof Convolution convolution) {
            return convolve(convolution);
        }
        if (operation instanceof Dense dense) {
            return dense(dense);
        }
        if (operation instanceof ScaleShift step) {
            return each((y, x, c) -> step.scale()[c] * in(y, x, c) + step.shift()[c]);
        }
        if (operation instanceof Activate) {
            return first;
        }
        if (operation instanceof Elementwise combine) {
            return each((y, x, c) -> combined(combine.kind(), in(y, x, c), second(y, x, c)));
        }
        if (operation instanceof Pooling pooling) {
            return each((y, x, c) -> pooled(pooling, y, x, c));
        }
        if (operation instanceof GlobalPooling global) {
            Pooling all = new Pooling(global.kind(), Window.of(shape.height(), shape.width()));
            return each((y, x, c) -> pooled(all, y, x, c));
        }
        if (operation instanceof Concatenate) {
            return each(this::joined);
        }
        if (operation instanceof LayerNormalize normalize) {
            return normalized(normalize);
        }
        if (operation instanceof Softmax) {
            return softmax();
        }
        if (operation instanceof ParametricRelu relu) {
            return each((y, x, c) -> Math.max(in(y, x, c), 0) + slope(relu, y, x, c) * Math.min(in(y, x, c), 0));
        }
        return moved(operation);
    }

    private double[] dense(Dense dense) {
        float[] weights = dense.weights().values();
        return each((y, x, c) -> {
            double sum = dense.bias()[c];
            for (int i = 0; i < dense.inputs(); i++) {
                sum += weights[c * dense.inputs() + i] * in(y, x, i);
            }
            return sum;
        });
    }

    /** Operations that put cells elsewhere. */
    private double[] moved(Operation operation) {
        if (operation instanceof Pad pad) {
            Padding border = pad.padding();
            return each((y, x, c) -> inOrZero(y - border.top(), x - border.left(), c));
        }
        if (operation instanceof Crop crop) {
            Padding border = crop.cropping();
            return each((y, x, c) -> in(y + border.top(), x + border.left(), c));
        }
        if (operation instanceof InsertZeros spread) {
            return each((y, x, c) -> y % spread.stepY() == 0 && x % spread.stepX() == 0
                    ? in(y / spread.stepY(), x / spread.stepX(), c)
                    : 0);
        }
        if (operation instanceof Slice slice) {
            return each((y, x, c) -> in(y, x, slice.first() + c));
        }
        if (operation instanceof Reshape) {
            return first;
        }
        if (operation instanceof Transpose transpose) {
            return each((y, x, c) -> transposed(transpose, y, x, c));
        }
        if (operation instanceof Resize resize) {
            return each((y, x, c) -> resize.interpolation() == Resize.Interpolation.NEAREST
                    ? in(nearest(y, shape.height(), resize.height()), nearest(x, shape.width(), resize.width()), c)
                    : bilinear(resize, y, x, c));
        }
        throw new AssertionError("no definition of " + operation.describe());
    }

    // ---- the values ----

    private double in(int y, int x, int c) {
        return first[(y * shape.width() + x) * shape.channels() + c];
    }

    private double inOrZero(int y, int x, int c) {
        return isInside(y, x) ? in(y, x, c) : 0;
    }

    private boolean isInside(int y, int x) {
        return y >= 0 && y < shape.height() && x >= 0 && x < shape.width();
    }

    /** The second value; a vector meets every cell, a single channel every channel. */
    private double second(int y, int x, int c) {
        Shape other = shapes.get(1);
        boolean isVector = other.isVector() && !other.sameCells(shape);
        int cell = isVector ? 0 : y * other.width() + x;
        return inputs.get(1)[cell * other.channels() + (other.channels() == 1 ? 0 : c)];
    }

    // ---- the operations ----

    private double[] convolve(Convolution convolution) {
        float[] weights = convolution.weights().values();
        return each((y, x, c) -> {
            double sum = convolution.bias()[c] + convolved(convolution, weights, y, x, c);
            return convolution.addsInput()
                    ? sum + inputs.get(1)[(y * output.width() + x) * output.channels() + c]
                    : sum;
        });
    }

    private double convolved(Convolution convolution, float[] weights, int y, int x, int out) {
        Window window = convolution.window();
        int perGroup = convolution.inputs() / convolution.groups();
        int firstInput = out / (convolution.outputs() / convolution.groups()) * perGroup;
        int kernel = window.height() * window.width();
        double sum = 0;
        for (int ky = 0; ky < window.height(); ky++) {
            int row = y * window.strideY()
                    + ky * window.dilationY()
                    - window.padding().top();
            for (int kx = 0; kx < window.width(); kx++) {
                int column = x * window.strideX()
                        + kx * window.dilationX()
                        - window.padding().left();
                if (isInside(row, column)) {
                    int weight = out * perGroup * kernel + ky * window.width() + kx;
                    for (int in = 0; in < perGroup; in++) {
                        sum += weights[weight + in * kernel] * in(row, column, firstInput + in);
                    }
                }
            }
        }
        return sum;
    }

    private static double combined(Elementwise.Kind kind, double a, double b) {
        return switch (kind) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
        };
    }

    private double pooled(Pooling pooling, int y, int x, int c) {
        Window window = pooling.window();
        double largest = Double.NEGATIVE_INFINITY;
        double sum = 0;
        int count = 0;
        for (int ky = 0; ky < window.height(); ky++) {
            for (int kx = 0; kx < window.width(); kx++) {
                int row = y * window.strideY() + ky - window.padding().top();
                int column = x * window.strideX() + kx - window.padding().left();
                if (isInside(row, column)) {
                    largest = Math.max(largest, in(row, column, c));
                    sum += in(row, column, c);
                    count++;
                }
            }
        }
        return pooling.kind() == Pooling.Kind.MAXIMUM ? largest : sum / count;
    }

    private double joined(int y, int x, int c) {
        int channel = c;
        for (int i = 0; i < inputs.size(); i++) {
            int channels = shapes.get(i).channels();
            if (channel < channels) {
                return inputs.get(i)[(y * output.width() + x) * channels + channel];
            }
            channel -= channels;
        }
        throw new AssertionError("channel " + c + " of " + output);
    }

    private double[] normalized(LayerNormalize normalize) {
        int channels = shape.channels();
        double[] result = new double[first.length];
        for (int start = 0; start < first.length; start += channels) {
            double mean = 0;
            for (int c = 0; c < channels; c++) {
                mean += first[start + c] / channels;
            }
            double variance = 0;
            for (int c = 0; c < channels; c++) {
                variance += (first[start + c] - mean) * (first[start + c] - mean) / channels;
            }
            double deviation = Math.sqrt(variance + normalize.epsilon());
            for (int c = 0; c < channels; c++) {
                result[start + c] = normalize.scale()[c] * (first[start + c] - mean) / deviation
                        + normalize.shift()[c];
            }
        }
        return result;
    }

    private double[] softmax() {
        int channels = shape.channels();
        double[] result = new double[first.length];
        for (int start = 0; start < first.length; start += channels) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < channels; c++) {
                largest = Math.max(largest, first[start + c]);
            }
            double sum = 0;
            for (int c = 0; c < channels; c++) {
                result[start + c] = Math.exp(first[start + c] - largest);
                sum += result[start + c];
            }
            for (int c = 0; c < channels; c++) {
                result[start + c] /= sum;
            }
        }
        return result;
    }

    /** The axis that became the rows counts them, and so on. */
    private double transposed(Transpose transpose, int y, int x, int c) {
        int[] from = new int[3];
        from[transpose.order().get(0)] = y;
        from[transpose.order().get(1)] = x;
        from[transpose.order().get(2)] = c;
        return in(from[0], from[1], from[2]);
    }

    private double slope(ParametricRelu relu, int y, int x, int c) {
        return relu.slopes().length == shape.channels()
                ? relu.slopes()[c]
                : relu.slopes()[(y * shape.width() + x) * shape.channels() + c];
    }

    /** {@code floor((target + 1/2) · (in / out))} in single precision, as TensorFlow does it: rounding decides between two cells. */
    private static int nearest(int target, int in, int out) {
        float scale = (float) in / out;
        return (int) Math.min(in - 1, Math.floor((target + 0.5f) * scale));
    }

    private double bilinear(Resize resize, int y, int x, int c) {
        double row = (y + 0.5) * shape.height() / resize.height() - 0.5;
        double column = (x + 0.5) * shape.width() / resize.width() - 0.5;
        int above = (int) Math.floor(row);
        int before = (int) Math.floor(column);
        double down = row - above;
        double right = column - before;
        return (1 - down) * ((1 - right) * nearby(above, before, c) + right * nearby(above, before + 1, c))
                + down * ((1 - right) * nearby(above + 1, before, c) + right * nearby(above + 1, before + 1, c));
    }

    /** The cell at a place, or the one of the border that is nearest to it. */
    private double nearby(int y, int x, int c) {
        return in(Math.max(0, Math.min(shape.height() - 1, y)), Math.max(0, Math.min(shape.width() - 1, x)), c);
    }

    /** The largest of the numbers that bilinear interpolation mixes. */
    static double[] largestMixed(Resize resize, double[] values, Shape shape) {
        OperationDefinition definition =
                new OperationDefinition(List.of(values), List.of(shape), resize.output(List.of(shape)));
        return definition.each((y, x, c) -> {
            int row = (int) Math.floor((y + 0.5) * shape.height() / resize.height() - 0.5);
            int column = (int) Math.floor((x + 0.5) * shape.width() / resize.width() - 0.5);
            double largest = 0;
            for (int i = 0; i < 4; i++) {
                largest = Math.max(largest, Math.abs(definition.nearby(row + i / 2, column + i % 2, c)));
            }
            return largest;
        });
    }
}
