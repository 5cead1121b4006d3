package org.cam4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.cam4j.dl4j.engine.Nd4jEngine;
import org.cam4j.engine.onednn.OneDnnEngine;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.testing.Closeness;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Operations on values of one to four axes, on images as they come in and on values that a kernel made, against their definitions in
 * double precision; of three images at once.
 */
class AnyRankTest {

    private static final double TOLERANCE = 3e-6;
    private static final int IMAGES = 3;

    /** Fewer channels than a block has, whole blocks, and others. */
    private static final List<Shape> SHAPES = List.of(
            new Shape(1),
            new Shape(5),
            new Shape(32),
            new Shape(37),
            new Shape(1, 1),
            new Shape(7, 3),
            new Shape(1, 16),
            new Shape(6, 48),
            new Shape(9, 19),
            new Shape(1, 1, 21),
            new Shape(4, 5, 16),
            new Shape(3, 4, 7),
            new Shape(2, 3, 4, 5),
            new Shape(4, 3, 2, 16),
            new Shape(3, 2, 5, 33));

    enum Kind {
        ONEDNN,
        ND4J;

        Engine start(PlanBuilder plan, int result) throws Exception {
            var built = plan.build(Map.of("result", result));
            return this == ONEDNN ? OneDnnEngine.start(built, 2) : new Nd4jEngine(built);
        }
    }

    private static float[] noise(int count) {
        Random random = new Random(count);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat() * 2 - 1;
        }
        return numbers;
    }

    /** Where a number lies, as one index for each axis. */
    private static int[] index(int position, Shape shape) {
        int[] index = new int[shape.rank()];
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = position % shape.size(axis);
            position /= shape.size(axis);
        }
        return index;
    }

    private static int position(Shape shape, int... index) {
        int position = 0;
        for (int axis = 0; axis < index.length; axis++) {
            position = position * shape.size(axis) + index[axis];
        }
        return position;
    }

    private static int[] with(int[] index, int axis, int entry) {
        int[] other = index.clone();
        other[axis] = entry;
        return other;
    }

    /** A value that reads what was computed of one image, by the indices of its axes. */
    private record Image(float[] numbers, Shape shape) {

        double at(int... index) {
            return numbers[position(shape, index)];
        }

        double sumOfLastAxis(int[] index, ToDoubleFunction<Double> term) {
            double sum = 0;
            for (int c = 0; c < shape.channels(); c++) {
                sum += term.applyAsDouble(at(with(index, index.length - 1, c)));
            }
            return sum;
        }

        DoubleStream cells(int channel) {
            return IntStream.range(0, shape.height() * shape.width())
                    .mapToDouble(cell -> numbers[cell * shape.channels() + channel]);
        }
    }

    /** What one number of the result is. */
    private interface Definition {
        double at(Image image, int... index);
    }

    /** Of the input, and of what a scale of one makes of it. */
    private static void assertGives(Kind kind, Shape shape, Operation operation, Definition definition)
            throws Exception {
        assertGives(kind, shape, operation, 1, definition);
    }

    private static void assertGives(Kind kind, Shape shape, Operation operation, int inputs, Definition definition)
            throws Exception {
        for (boolean isComputed : new boolean[] {false, true}) {
            PlanBuilder plan = new PlanBuilder(shape);
            int read = isComputed ? plan.add("same", ScaleShift.uniform(shape.channels(), 1, 0), 0) : 0;
            int[] values = new int[inputs];
            Arrays.fill(values, read);
            int result = plan.add("operation", operation, values);
            assertGives(kind, plan, result, definition, operation.describe() + " of " + shape);
        }
    }

    private static void assertGives(Kind kind, PlanBuilder plan, int result, Definition definition, String what)
            throws Exception {
        Shape shape = plan.shape(0);
        Shape output = plan.shape(result);
        float[] images = noise(IMAGES * shape.size());
        float[] expected = new float[IMAGES * output.size()];
        for (int i = 0; i < expected.length; i++) {
            int image = i / output.size();
            float[] numbers = Arrays.copyOfRange(images, image * shape.size(), (image + 1) * shape.size());
            expected[i] = (float) definition.at(new Image(numbers, shape), index(i % output.size(), output));
        }

        try (Engine engine = kind.start(plan, result)) {
            Values values = engine.run(Batch.of(images, shape), Set.of("result"));

            assertThat(values.shape("result")).as(what).isEqualTo(output);
            assertThat(Closeness.relative(values.host("result"), expected))
                    .as(what)
                    .isLessThan(TOLERANCE);
        }
    }

    // ---- what reorders ----

    private static List<List<Integer>> orders(int rank) {
        return switch (rank) {
            case 1 -> List.of(List.of(0));
            case 2 -> List.of(List.of(1, 0));
            case 3 -> List.of(List.of(1, 0, 2), List.of(2, 0, 1), List.of(0, 2, 1), List.of(2, 1, 0));
            default -> List.of(List.of(0, 2, 1, 3), List.of(3, 1, 0, 2), List.of(0, 1, 3, 2), List.of(2, 3, 1, 0));
        };
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void axesComeInAnyOrder(Kind kind) throws Exception {
        for (Shape shape : SHAPES) {
            for (List<Integer> order : orders(shape.rank())) {
                assertGives(kind, shape, new Transpose(order), (image, index) -> {
                    int[] read = new int[index.length];
                    for (int axis = 0; axis < index.length; axis++) {
                        read[order.get(axis)] = index[axis];
                    }
                    return image.at(read);
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void entriesOfAnyAxisAreCutOut(Kind kind) throws Exception {
        for (Shape shape : SHAPES) {
            for (int axis = 0; axis < shape.rank(); axis++) {
                int along = axis;
                int half = Math.max(1, shape.size(axis) / 2);
                int first = shape.size(axis) - half;
                assertGives(
                        kind,
                        shape,
                        new Slice(axis, first, half),
                        (image, index) -> image.at(with(index, along, index[along] + first)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void valuesAreJoinedAlongAnyAxis(Kind kind) throws Exception {
        for (Shape shape : SHAPES) {
            for (int axis = 0; axis < shape.rank(); axis++) {
                int along = axis;
                int size = shape.size(axis);
                int first = size - (size + 1) / 2;
                PlanBuilder plan = new PlanBuilder(shape);
                int same = plan.add("same", ScaleShift.uniform(shape.channels(), 1, 0), 0);
                int part = plan.add("part", new Slice(axis, first, size - first), 0);
                int joined = plan.add("joined", new Concatenate(axis), same, part, 0);
                assertGives(
                        kind,
                        plan,
                        joined,
                        (image, index) -> {
                            int entry = index[along];
                            int read = entry < size
                                    ? entry
                                    : entry < 2 * size - first ? entry - size + first : entry - 2 * size + first;
                            return image.at(with(index, along, read));
                        },
                        "joined along axis " + axis + " of " + shape);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void numbersKeepTheirOrderInAnotherShape(Kind kind) throws Exception {
        for (Shape shape : SHAPES) {
            List<Shape> others = List.of(
                    new Shape(shape.size()),
                    new Shape(1, 1, shape.size()),
                    new Shape(shape.channels(), shape.size() / shape.channels()),
                    new Shape(1, shape.width(), shape.height(), shape.channels()));
            for (Shape other : others) {
                assertGives(kind, shape, new Reshape(other), (image, index) -> image.numbers()[position(other, index)]);
            }
        }
    }

    // ---- what multiplies ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    void denseLayersReadTheLastAxis(Kind kind) throws Exception {
        for (Shape shape : SHAPES) {
            for (int outputs : new int[] {1, 10, 16, 35}) {
                float[] weights = noise(outputs * shape.channels());
                float[] bias = noise(outputs + 1);
                Dense dense = Dense.of(weights, Arrays.copyOf(bias, outputs), Activation.RELU);
                assertGives(kind, shape, dense, (image, index) -> {
                    int output = index[index.length - 1];
                    double sum = bias[output];
                    for (int c = 0; c < shape.channels(); c++) {
                        sum += weights[output * shape.channels() + c] * image.at(with(index, index.length - 1, c));
                    }
                    return Math.max(sum, 0);
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void matricesOfEachImageAndLeadingAxisMeetTheirOwn(Kind kind) throws Exception {
        for (Shape shape : SHAPES) {
            int rank = shape.rank();
            if (rank > 1) {
                assertGives(kind, shape, new MatMul(true), 2, (image, index) -> {
                    int[] row = with(index, rank - 1, 0);
                    int[] column = with(row, rank - 2, index[rank - 1]);
                    double sum = 0;
                    for (int k = 0; k < shape.channels(); k++) {
                        sum += image.at(with(row, rank - 1, k)) * image.at(with(column, rank - 1, k));
                    }
                    return sum;
                });
                assertGives(kind, transposedTimesItself(shape), shape);
            }
        }
    }

    private record Product(PlanBuilder plan, int result) {}

    private static Product transposedTimesItself(Shape shape) {
        int rank = shape.rank();
        int[] order = new int[rank];
        Arrays.setAll(order, axis -> axis);
        order[rank - 1] = rank - 2;
        order[rank - 2] = rank - 1;
        PlanBuilder plan = new PlanBuilder(shape);
        int turned = plan.add("turned", Transpose.of(order), 0);
        return new Product(plan, plan.add("product", new MatMul(false), turned, 0));
    }

    private static void assertGives(Kind kind, Product product, Shape shape) throws Exception {
        int rank = shape.rank();
        assertGives(
                kind,
                product.plan,
                product.result,
                (image, index) -> {
                    double sum = 0;
                    for (int k = 0; k < shape.width(); k++) {
                        int[] row = with(index, rank - 2, k);
                        sum += image.at(with(row, rank - 1, index[rank - 2])) * image.at(row);
                    }
                    return sum;
                },
                "matrix product of the transposed " + shape + " and itself");
    }

    // ---- what treats cells or numbers ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theLargestAndTheAverageOfEachChannelArePooled(Kind kind) throws Exception {
        for (Shape shape : List.of(
                new Shape(1, 1, 5),
                new Shape(7, 7, 64),
                new Shape(3, 40, 17),
                new Shape(70, 61, 3),
                new Shape(1, 300, 33))) {
            assertGives(kind, shape, new GlobalPooling(Pooling.Kind.MAXIMUM), (image, index) -> image.cells(index[2])
                    .max()
                    .orElseThrow());
            assertGives(kind, shape, new GlobalPooling(Pooling.Kind.AVERAGE), (image, index) -> image.cells(index[2])
                    .average()
                    .orElseThrow());
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void softmaxIsOfTheLastAxis(Kind kind) throws Exception {
        for (Shape shape : SHAPES) {
            assertGives(
                    kind,
                    shape,
                    new Softmax(),
                    (image, index) -> Math.exp(image.at(index)) / image.sumOfLastAxis(index, Math::exp));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theLastAxisIsNormalized(Kind kind) throws Exception {
        for (Shape shape : SHAPES) {
            int channels = shape.channels();
            float[] scale = noise(channels + 1);
            float[] shift = noise(channels + 2);
            LayerNormalize step =
                    new LayerNormalize(1e-3f, Arrays.copyOf(scale, channels), Arrays.copyOf(shift, channels));
            assertGives(kind, shape, step, (image, index) -> {
                double mean = image.sumOfLastAxis(index, x -> x) / channels;
                double variance = image.sumOfLastAxis(index, x -> (x - mean) * (x - mean)) / channels;
                int channel = index[index.length - 1];
                return scale[channel] * (image.at(index) - mean) / Math.sqrt(variance + 1e-3f) + shift[channel];
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void eachChannelHasItsScaleShiftAndSlope(Kind kind) throws Exception {
        for (Shape shape : SHAPES) {
            int channels = shape.channels();
            float[] scale = noise(channels);
            float[] each = noise(shape.size() + 1);
            assertGives(
                    kind,
                    shape,
                    new ScaleShift(scale, scale, Activation.RELU6),
                    (image, index) -> Math.min(6, Math.max(0, scale[index[index.length - 1]] * (image.at(index) + 1))));
            assertGives(
                    kind,
                    shape,
                    new ParametricRelu(scale),
                    (image, index) -> Math.max(image.at(index), 0)
                            + scale[index[index.length - 1]] * Math.min(image.at(index), 0));
            float[] slopes = Arrays.copyOf(each, shape.size());
            assertGives(
                    kind,
                    shape,
                    new ParametricRelu(slopes),
                    (image, index) -> Math.max(image.at(index), 0)
                            + slopes[position(shape, index)] * Math.min(image.at(index), 0));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void activationsAreOfEachNumber(Kind kind) throws Exception {
        for (Shape shape : SHAPES) {
            assertGives(
                    kind,
                    shape,
                    new Activate(Activation.of(Activation.Function.SOFTSIGN)),
                    (image, index) -> image.at(index) / (1 + Math.abs(image.at(index))));
            assertGives(
                    kind,
                    shape,
                    new Activate(Activation.of(Activation.Function.TANH)),
                    (image, index) -> Math.tanh(image.at(index)));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void vectorsMeetEveryCellAndSingleChannelsEveryChannel(Kind kind) throws Exception {
        for (Shape shape : SHAPES) {
            for (Elementwise.Kind done : Elementwise.Kind.values()) {
                PlanBuilder plan = new PlanBuilder(shape);
                int flat = plan.add("flat", new Reshape(new Shape(shape.size())), 0);
                int vector = plan.add("vector", new Slice(0, 0, shape.channels()), flat);
                int channel = plan.add("channel", new Slice(shape.rank() - 1, shape.channels() - 1, 1), 0);
                int first = plan.add("with vector", new Elementwise(done), 0, vector);
                int both = plan.add("with channel", new Elementwise(done), first, channel);
                int all = plan.add("with itself", new Elementwise(done), both, 0);
                assertGives(
                        kind,
                        plan,
                        all,
                        (image, index) -> {
                            double x = image.at(index);
                            double perChannel = image.numbers()[index[index.length - 1]];
                            double perCell = image.at(with(index, index.length - 1, shape.channels() - 1));
                            return done(done, done(done, done(done, x, perChannel), perCell), x);
                        },
                        done + " of " + shape);
            }
        }
    }

    private static double done(Elementwise.Kind kind, double a, double b) {
        return switch (kind) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
        };
    }
}
