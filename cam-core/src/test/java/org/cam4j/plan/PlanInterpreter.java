package org.cam4j.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs a plan in double precision by the definitions, one loop for each index: slow, and easy to believe. */
final class PlanInterpreter {

    private final InferencePlan plan;
    private final Map<Integer, double[]> values = new HashMap<>();

    private PlanInterpreter(InferencePlan plan) {
        this.plan = plan;
    }

    /** The features [h, w, k] of an image [h, w, c]. */
    static double[] features(InferencePlan plan, double[] image) {
        PlanInterpreter interpreter = new PlanInterpreter(plan);
        interpreter.values.put(InferencePlan.INPUT, image);
        for (Step step : plan.steps()) {
            interpreter.values.put(step.value(), interpreter.result(step));
        }
        return interpreter.values.get(plan.features());
    }

    private double[] result(Step step) {
        List<double[]> inputs = step.inputs().stream().map(values::get).toList();
        List<Shape> shapes = step.inputs().stream().map(plan::shape).toList();
        Shape output = plan.shape(step.value());
        double[] result = new double[output.size()];
        for (int y = 0; y < output.height(); y++) {
            for (int x = 0; x < output.width(); x++) {
                for (int c = 0; c < output.channels(); c++) {
                    result[at(output, y, x, c)] = number(step.operation(), inputs, shapes, output, y, x, c);
                }
            }
        }
        return result;
    }

    private static int at(Shape shape, int y, int x, int c) {
        return (y * shape.width() + x) * shape.channels() + c;
    }

    private static double number(
            Operation operation, List<double[]> inputs, List<Shape> shapes, Shape output, int y, int x, int c) {
        double[] input = inputs.get(0);
        Shape shape = shapes.get(0);
        if (operation instanceof Convolution convolution) {
            double sum = convolved(convolution, input, shape, y, x, c);
            if (convolution.addsInput()) {
                sum += inputs.get(1)[at(output, y, x, c)];
            }
            return activated(convolution.activation(), sum);
        }
        if (operation instanceof ScaleShift scaleShift) {
            return activated(
                    scaleShift.activation(),
                    scaleShift.scale()[c] * input[at(shape, y, x, c)]
                            + scaleShift.shift()[c]);
        }
        if (operation instanceof Activate activate) {
            return activated(activate.activation(), input[at(shape, y, x, c)]);
        }
        if (operation instanceof Combine combine) {
            double a = input[at(shape, y, x, c)];
            double b = inputs.get(1)[at(shapes.get(1), y, x, c)];
            return activated(
                    combine.activation(),
                    switch (combine.kind()) {
                        case ADD -> a + b;
                        case SUBTRACT -> a - b;
                        case MULTIPLY -> a * b;
                        case MAXIMUM -> Math.max(a, b);
                        case MINIMUM -> Math.min(a, b);
                    });
        }
        if (operation instanceof Pad pad) {
            int row = y - pad.border().top();
            int column = x - pad.border().left();
            return inside(shape, row, column) ? input[at(shape, row, column, c)] : 0;
        }
        if (operation instanceof Pooling pooling && pooling.kind() == Pooling.Kind.MAXIMUM) {
            return largest(pooling.window(), input, shape, y, x, c);
        }
        if (operation instanceof Resize resize && resize.interpolation() == Resize.Interpolation.NEAREST) {
            int row = (2 * y + 1) * shape.height() / (2 * resize.height());
            int column = (2 * x + 1) * shape.width() / (2 * resize.width());
            return input[at(shape, row, column, c)];
        }
        if (operation instanceof Spread spread) {
            boolean cell = y % spread.stepY() == 0 && x % spread.stepX() == 0;
            return cell ? input[at(shape, y / spread.stepY(), x / spread.stepX(), c)] : 0;
        }
        if (operation instanceof Concatenate) {
            int channel = c;
            for (int i = 0; i < inputs.size(); i++) {
                if (channel < shapes.get(i).channels()) {
                    return inputs.get(i)[at(shapes.get(i), y, x, channel)];
                }
                channel -= shapes.get(i).channels();
            }
        }
        throw new AssertionError("not interpreted: " + operation.describe());
    }

    private static double convolved(Convolution convolution, double[] input, Shape shape, int y, int x, int out) {
        Window window = convolution.window();
        int perGroup = convolution.inputs() / convolution.groups();
        int group = out / (convolution.outputs() / convolution.groups());
        double sum = convolution.bias()[out];
        for (int in = 0; in < perGroup; in++) {
            for (int ky = 0; ky < window.height(); ky++) {
                for (int kx = 0; kx < window.width(); kx++) {
                    int row = y * window.strideY()
                            + ky * window.dilationY()
                            - window.border().top();
                    int column = x * window.strideX()
                            + kx * window.dilationX()
                            - window.border().left();
                    if (inside(shape, row, column)) {
                        int weight = ((out * perGroup + in) * window.height() + ky) * window.width() + kx;
                        sum += convolution.weights().values()[weight]
                                * input[at(shape, row, column, group * perGroup + in)];
                    }
                }
            }
        }
        return sum;
    }

    private static double largest(Window window, double[] input, Shape shape, int y, int x, int c) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int ky = 0; ky < window.height(); ky++) {
            for (int kx = 0; kx < window.width(); kx++) {
                int row = y * window.strideY() + ky - window.border().top();
                int column = x * window.strideX() + kx - window.border().left();
                if (inside(shape, row, column)) {
                    largest = Math.max(largest, input[at(shape, row, column, c)]);
                }
            }
        }
        return largest;
    }

    private static boolean inside(Shape shape, int row, int column) {
        return row >= 0 && row < shape.height() && column >= 0 && column < shape.width();
    }

    private static double activated(Activation activation, double x) {
        return switch (activation.function()) {
            case IDENTITY -> x;
            case RELU -> x > 0 ? x : activation.alpha() * x;
            case TANH -> Math.tanh(x);
            case CLIP -> Math.min(Math.max(x, activation.alpha()), activation.beta());
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case SWISH -> x / (1 + Math.exp(-activation.alpha() * x));
            case HARD_SIGMOID -> ramp(activation, x);
            case HARD_SWISH -> x * ramp(activation, x);
            default -> throw new AssertionError("not interpreted: " + activation);
        };
    }

    private static double ramp(Activation activation, double x) {
        return Math.min(Math.max(activation.alpha() * x + activation.beta(), 0), 1);
    }
}
