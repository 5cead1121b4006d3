package org.cam4j.testing.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.Window;

/**
 * An operation by itself, in sizes of which kernels take four numbers at a time and in others.
 *
 * @param operation with small weights
 * @param shapes of its inputs
 */
public record OperationCase(Operation operation, List<Shape> shapes) {

    /** Every operation, in the forms that engines compute in different ways. */
    public static List<OperationCase> all() {
        List<OperationCase> cases = new ArrayList<>();
        addActivations(cases);
        addPoolings(cases);
        addConvolutions(cases);
        addProducts(cases);
        addNumberByNumber(cases);
        addMoves(cases);
        return cases;
    }

    private static void add(List<OperationCase> cases, Operation operation, Shape... shapes) {
        cases.add(new OperationCase(operation, List.of(shapes)));
    }

    private static float[] numbers(int count) {
        return numbers(count, count, 0.3);
    }

    private static float[] numbers(long seed, int count, double deviation) {
        Random random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (random.nextGaussian() * deviation);
        }
        return numbers;
    }

    private static void addActivations(List<OperationCase> cases) {
        for (Activation.Function function : Activation.Function.values()) {
            // Powers of negative numbers are NaN.
            boolean isPower = function == Activation.Function.POWER;
            Activation activation = new Activation(function, isPower ? 3 : 0.25f, 0.75f);
            for (Shape shape : List.of(new Shape(3, 4, 19), new Shape(7))) {
                add(cases, new Activate(activation), shape);
                for (Gates gates : Gates.values()) {
                    add(cases, new ActivationGradient(activation, gates), shape, shape);
                }
            }
        }
    }

    private static void addPoolings(List<OperationCase> cases) {
        for (Pooling.Kind kind : Pooling.Kind.values()) {
            for (Window window : List.of(
                    new Window(2, 2, 2, 2, 1, 1, Padding.NONE),
                    new Window(3, 3, 2, 2, 1, 1, new Padding(1, 1, 1, 1)),
                    new Window(3, 2, 1, 3, 1, 1, new Padding(2, 0, 0, 1)),
                    Window.of(7, 9))) {
                Shape image = new Shape(7, 9, 3);
                PoolingGradient operation = new PoolingGradient(kind, window, image);
                Shape result = operation.pooling().output(List.of(image));
                cases.add(new OperationCase(
                        operation, kind == Pooling.Kind.MAXIMUM ? List.of(result, image) : List.of(result)));
                add(cases, new Pooling(kind, window), image);
                add(cases, new Pooling(kind, window), new Shape(7, 9, 8));
            }
            add(cases, new GlobalPooling(kind), new Shape(5, 7, 19));
            add(cases, new GlobalPooling(kind), new Shape(31, 33, 64));
        }
    }

    private static void addConvolutions(List<OperationCase> cases) {
        for (Window window : List.of(
                Window.of(1, 1),
                new Window(1, 1, 2, 2, 1, 1, Padding.NONE),
                new Window(3, 3, 1, 1, 1, 1, new Padding(1, 1, 1, 1)),
                new Window(3, 3, 2, 2, 1, 1, new Padding(0, 1, 0, 1)),
                new Window(3, 2, 1, 2, 2, 3, new Padding(2, 2, 1, 1)),
                new Window(1, 7, 1, 1, 1, 1, new Padding(0, 0, 3, 3)),
                // The way back of a strided one: more border than window.
                new Window(2, 2, 1, 1, 1, 1, new Padding(3, 3, 2, 2)))) {
            for (int[] channels :
                    new int[][] {{3, 7, 1}, {8, 16, 1}, {64, 32, 1}, {12, 18, 3}, {6, 6, 6}, {8, 8, 8}, {4, 12, 4}}) {
                addConvolution(cases, window, channels, new Shape(9, 11, channels[0]));
            }
        }
        for (Shape shape : List.of(new Shape(1, 1, 8), new Shape(1, 40, 8), new Shape(40, 1, 8))) {
            addConvolution(cases, new Window(3, 3, 1, 1, 1, 1, new Padding(1, 1, 1, 1)), new int[] {8, 8, 1}, shape);
        }
    }

    private static void addConvolution(List<OperationCase> cases, Window window, int[] channels, Shape shape) {
        Convolution alone = convolution(window, channels, false, Activation.IDENTITY);
        add(cases, alone, shape);
        // What the libraries add and rectify at once, and what they do not.
        Activation after = channels[1] % 2 == 0 ? Activation.RELU : new Activation(Activation.Function.CLIP, 0, 6);
        add(cases, convolution(window, channels, true, after), shape, alone.output(List.of(shape)));
    }

    private static Convolution convolution(Window window, int[] channels, boolean addsInput, Activation activation) {
        int outputs = channels[1];
        int products = window.height() * window.width() * channels[0] / channels[2];
        // So small that rounding in float stays below what a wrong number would be.
        float[] weights = numbers(products, products * outputs, 0.3 / Math.sqrt(products));
        return new Convolution(
                window, channels[0], outputs, channels[2], weights, numbers(outputs), addsInput, activation);
    }

    private static void addProducts(List<OperationCase> cases) {
        for (int[] size : new int[][] {{7, 5}, {64, 100}, {19, 1}, {1, 9}}) {
            Dense dense = Dense.of(numbers(size[0] * size[1]), numbers(size[1]), Activation.RELU);
            add(cases, dense, new Shape(size[0]));
            add(cases, dense, new Shape(13, size[0]));
        }
        add(cases, new MatMul(false), new Shape(3, 5, 7), new Shape(3, 7, 6));
        add(cases, new MatMul(true), new Shape(3, 5, 8), new Shape(3, 9, 8));
        add(cases, new MatMul(false), new Shape(5, 7), new Shape(7, 1));
        for (Shape shape : List.of(new Shape(3, 4, 37), new Shape(10))) {
            add(cases, new Softmax(), shape);
            int channels = shape.channels();
            add(cases, new LayerNormalize(1e-3f, numbers(channels), numbers(channels)), shape);
        }
    }

    private static void addNumberByNumber(List<OperationCase> cases) {
        for (Shape shape : List.of(new Shape(5, 4, 8), new Shape(5, 3, 7), new Shape(6))) {
            int channels = shape.channels();
            add(cases, new ScaleShift(numbers(channels), numbers(channels), Activation.RELU), shape);
            add(cases, new ParametricRelu(numbers(channels)), shape);
            add(cases, new ParametricRelu(numbers(shape.size())), shape);
            for (Elementwise.Kind kind : Elementwise.Kind.values()) {
                add(cases, new Elementwise(kind, Activation.RELU), shape, shape);
                if (shape.rank() == 3) {
                    add(cases, new Elementwise(kind), shape, new Shape(1, 1, channels));
                    add(cases, new Elementwise(kind), shape, new Shape(5, shape.width(), 1));
                }
            }
        }
    }

    private static void addMoves(List<OperationCase> cases) {
        for (Resize.Interpolation interpolation : Resize.Interpolation.values()) {
            add(cases, new Resize(31, 5, interpolation), new Shape(7, 9, 8));
            add(cases, new Resize(3, 4, interpolation), new Shape(7, 9, 3));
        }
        for (int channels : new int[] {3, 8}) {
            Shape image = new Shape(5, 6, channels);
            add(cases, new Pad(new Padding(1, 0, 2, 3)), image);
            add(cases, new Crop(new Padding(1, 0, 2, 3)), image);
            add(cases, new InsertZeros(3, 2), image);
            add(cases, Transpose.of(2, 0, 1), image);
            for (int axis = 0; axis < 3; axis++) {
                add(cases, new Slice(axis, 1, 2), image);
                add(cases, new Concatenate(axis), image, image, image);
            }
        }
        add(cases, Transpose.of(3, 1, 0, 2), new Shape(2, 3, 4, 5));
    }
}
