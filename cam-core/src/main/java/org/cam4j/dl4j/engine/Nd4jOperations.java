package org.cam4j.dl4j.engine;

import java.util.Arrays;
import java.util.List;
import org.cam4j.plan.operation.Activate;
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
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A plan's operations in ND4J's words. Values are [n, h, w, c]; every result is a new array, and no input is modified. */
final class Nd4jOperations {

    /** ND4J's code for [n, h, w, c]. */
    private static final int CHANNELS_LAST = 1;

    private static final int CHANNEL_AXIS = 3;

    private final DeviceWeights weights;

    Nd4jOperations(DeviceWeights weights) {
        this.weights = weights;
    }

    INDArray run(Operation operation, INDArray... inputs) {
        return operation.accept(new Run(inputs));
    }

    /** What an operation makes of arrays. */
    private final class Run implements OperationVisitor<INDArray> {

        private final INDArray[] inputs;
        private final INDArray input;

        Run(INDArray... inputs) {
            this.inputs = inputs;
            this.input = inputs[0];
        }

        @Override
        public INDArray visit(Activate operation) {
            return ActivationOperations.applied(operation.activation(), input.dup('c'));
        }

        @Override
        public INDArray visit(Concatenate operation) {
            // ND4J hands on a single array, which is not ours to give.
            return inputs.length == 1 ? input.dup('c') : Nd4j.concat(1 + operation.axis(), inputs);
        }

        @Override
        public INDArray visit(Convolution operation) {
            return convolve(operation, inputs);
        }

        @Override
        public INDArray visit(Crop operation) {
            return cropped(input, operation.cropping());
        }

        @Override
        public INDArray visit(Dense operation) {
            return dense(operation, input);
        }

        @Override
        public INDArray visit(Elementwise operation) {
            return ActivationOperations.applied(operation.activation(), combined(operation.kind(), input, inputs[1]));
        }

        @Override
        public INDArray visit(External operation) {
            throw new UnsupportedOperationException(operation.describe());
        }

        @Override
        public INDArray visit(GlobalPooling operation) {
            return operation.kind() == Pooling.Kind.MAXIMUM ? input.max(true, 1, 2) : input.mean(true, 1, 2);
        }

        @Override
        public INDArray visit(InsertZeros operation) {
            return spread(input, operation);
        }

        @Override
        public INDArray visit(LayerNormalize operation) {
            return normalized(input, operation);
        }

        @Override
        public INDArray visit(MatMul operation) {
            throw new UnsupportedOperationException(operation.describe());
        }

        @Override
        public INDArray visit(Pad operation) {
            return padded(input, operation.padding(), 0);
        }

        @Override
        public INDArray visit(ParametricRelu operation) {
            return rectified(input, operation);
        }

        @Override
        public INDArray visit(Pooling operation) {
            return pool(operation, input);
        }

        @Override
        public INDArray visit(Reshape operation) {
            return reshaped(input, operation.shape());
        }

        @Override
        public INDArray visit(Resize operation) {
            return resized(input, operation);
        }

        @Override
        public INDArray visit(ScaleShift operation) {
            INDArray result = input.mul(perChannel(operation.scale()));
            return ActivationOperations.applied(operation.activation(), result.addi(perChannel(operation.shift())));
        }

        @Override
        public INDArray visit(Slice operation) {
            return sliced(input, operation);
        }

        @Override
        public INDArray visit(Softmax operation) {
            return Nd4jOperations.run(DynamicCustomOp.builder("softmax")
                    .addInputs(input)
                    .addIntegerArguments(input.rank() - 1)
                    .build());
        }

        @Override
        public INDArray visit(Transpose operation) {
            return transposed(input, operation);
        }
    }

    private INDArray perChannel(float[] numbers) {
        return weights.array(numbers, 1, 1, 1, numbers.length);
    }

    // ---- convolution ----

    private INDArray convolve(Convolution convolution, INDArray... inputs) {
        Window window = convolution.window();
        Padding border = window.padding();
        boolean symmetric = border.top() == border.bottom() && border.left() == border.right();
        INDArray source = symmetric ? inputs[0] : padded(inputs[0], border, 0);
        int rows = symmetric ? border.top() : 0;
        int columns = symmetric ? border.left() : 0;
        INDArray result = convolution.isDepthwise() && !isSingleCell(convolution, inputs)
                ? convolve("depthwise_conv2d", source, depthwise(convolution), convolution, rows, columns)
                : grouped(source, convolution, rows, columns);
        if (source != inputs[0]) {
            source.close();
        }
        result.addi(perChannel(convolution.bias()));
        if (convolution.addsInput()) {
            result.addi(inputs[1]);
        }
        return ActivationOperations.applied(convolution.activation(), result);
    }

    /** Of one number per channel ND4J's depthwise convolution makes a dot product, which it then refuses to store. */
    private static boolean isSingleCell(Convolution convolution, INDArray... inputs) {
        List<Shape> shapes = Arrays.stream(inputs)
                .map(input -> new Shape((int) input.size(1), (int) input.size(2), (int) input.size(CHANNEL_AXIS)))
                .toList();
        return inputs[0].size(0) == 1 && convolution.output(shapes).isVector();
    }

    private INDArray grouped(INDArray source, Convolution convolution, int rows, int columns) {
        INDArray kernels = kernels(convolution);
        if (convolution.groups() == 1) {
            return convolve("conv2d", source, kernels.permute(2, 3, 1, 0), convolution, rows, columns);
        }
        INDArray[] results = new INDArray[convolution.groups()];
        for (int group = 0; group < results.length; group++) {
            INDArray in = part(source, CHANNEL_AXIS, group, results.length);
            INDArray own = part(kernels, 0, group, results.length).permute(2, 3, 1, 0);
            results[group] = convolve("conv2d", in, own, convolution, rows, columns);
            in.close();
        }
        INDArray joined = Nd4j.concat(CHANNEL_AXIS, results);
        Arrays.stream(results).forEach(INDArray::close);
        return joined;
    }

    private static INDArray part(INDArray array, int axis, int index, int count) {
        long size = array.size(axis) / count;
        INDArrayIndex[] indices = new INDArrayIndex[array.rank()];
        Arrays.fill(indices, NDArrayIndex.all());
        indices[axis] = NDArrayIndex.interval(index * size, (index + 1) * size);
        return array.get(indices).dup('c');
    }

    /** [in · multiplier, 1, kh, kw] to ND4J's [kh, kw, in, multiplier]. */
    private INDArray depthwise(Convolution convolution) {
        int inputs = convolution.inputs();
        Window window = convolution.window();
        return kernels(convolution)
                .reshape('c', inputs, convolution.outputs() / inputs, window.height(), window.width())
                .permute(2, 3, 0, 1);
    }

    /** [out, in / groups, kh, kw]. */
    private INDArray kernels(Convolution convolution) {
        return weights.array(
                convolution.weights(),
                convolution.outputs(),
                convolution.inputs() / convolution.groups(),
                convolution.window().height(),
                convolution.window().width());
    }

    private static INDArray convolve(
            String operation, INDArray source, INDArray kernels, Convolution convolution, int rows, int columns) {
        Window window = convolution.window();
        return run(DynamicCustomOp.builder(operation)
                .addInputs(source, kernels)
                .addIntegerArguments(
                        window.height(),
                        window.width(),
                        window.strideY(),
                        window.strideX(),
                        rows,
                        columns,
                        window.dilationY(),
                        window.dilationX(),
                        0,
                        CHANNELS_LAST)
                .build());
    }

    // ---- other operations ----

    private static INDArray combined(Elementwise.Kind kind, INDArray first, INDArray second) {
        return switch (kind) {
            case ADD -> first.add(second);
            case SUBTRACT -> first.sub(second);
            case MULTIPLY -> first.mul(second);
            case MAXIMUM -> extreme("maximum", first, second);
            case MINIMUM -> extreme("minimum", first, second);
        };
    }

    /** Of arrays that may have to be repeated, which Transforms does not. */
    private static INDArray extreme(String operation, INDArray first, INDArray second) {
        return run(DynamicCustomOp.builder(operation).addInputs(first, second).build());
    }

    private static INDArray pool(Pooling pooling, INDArray input) {
        Window window = pooling.window();
        if (pooling.kind() == Pooling.Kind.MAXIMUM) {
            return pooled("maxpool2d", input, window, Double.NEGATIVE_INFINITY);
        }
        INDArray averages = pooled("avgpool2d", input, window, 0);
        if (!window.padding().isNone()) {
            // The border's zeros were counted: not any more.
            try (INDArray ones = Nd4j.onesLike(input);
                    INDArray shares = pooled("avgpool2d", ones, window, 0)) {
                averages.divi(shares);
            }
        }
        return averages;
    }

    private static INDArray pooled(String operation, INDArray input, Window window, double borderValue) {
        INDArray source = window.padding().isNone() ? input : padded(input, window.padding(), borderValue);
        INDArray result = run(DynamicCustomOp.builder(operation)
                .addInputs(source)
                .addIntegerArguments(
                        window.height(),
                        window.width(),
                        window.strideY(),
                        window.strideX(),
                        0,
                        0,
                        1,
                        1,
                        0,
                        0,
                        CHANNELS_LAST)
                .build());
        if (source != input) {
            source.close();
        }
        return result;
    }

    private static INDArray padded(INDArray input, Padding border, double value) {
        INDArray result = Nd4j.valueArrayOf(
                new long[] {
                    input.size(0),
                    input.size(1) + border.top() + border.bottom(),
                    input.size(2) + border.left() + border.right(),
                    input.size(3)
                },
                value,
                input.dataType());
        result.get(
                        NDArrayIndex.all(),
                        NDArrayIndex.interval(border.top(), border.top() + input.size(1)),
                        NDArrayIndex.interval(border.left(), border.left() + input.size(2)),
                        NDArrayIndex.all())
                .assign(input);
        return result;
    }

    private static INDArray cropped(INDArray input, Padding border) {
        return input.get(
                        NDArrayIndex.all(),
                        NDArrayIndex.interval(border.top(), input.size(1) - border.bottom()),
                        NDArrayIndex.interval(border.left(), input.size(2) - border.right()),
                        NDArrayIndex.all())
                .dup('c');
    }

    private static INDArray transposed(INDArray input, Transpose step) {
        int[] axes = new int[input.rank()];
        for (int axis = 1; axis < axes.length; axis++) {
            axes[axis] = 1 + step.order().get(axis - 1);
        }
        return input.permute(axes).dup('c');
    }

    private static INDArray reshaped(INDArray input, Shape shape) {
        long[] sizes = new long[shape.rank() + 1];
        sizes[0] = input.size(0);
        for (int axis = 1; axis < sizes.length; axis++) {
            sizes[axis] = shape.size(axis - 1);
        }
        return input.dup('c').reshape('c', sizes);
    }

    private static INDArray sliced(INDArray input, Slice step) {
        INDArrayIndex[] indices = new INDArrayIndex[input.rank()];
        Arrays.fill(indices, NDArrayIndex.all());
        indices[1 + step.axis()] = NDArrayIndex.interval(step.first(), step.first() + step.count());
        return input.get(indices).dup('c');
    }

    private INDArray dense(Dense step, INDArray input) {
        long[] sizes = input.shape().clone();
        INDArray cells = input.reshape('c', input.length() / step.inputs(), step.inputs());
        INDArray matrix = weights.array(step.weights(), step.outputs(), step.inputs());
        sizes[sizes.length - 1] = step.outputs();
        INDArray result = cells.mmul(matrix.transpose());
        result.addiRowVector(weights.array(step.bias(), step.outputs()));
        return ActivationOperations.applied(step.activation(), result.dup('c')).reshape('c', sizes);
    }

    private static INDArray resized(INDArray input, Resize step) {
        boolean nearest = step.interpolation() == Resize.Interpolation.NEAREST;
        return run(DynamicCustomOp.builder(nearest ? "resize_nearest_neighbor" : "resize_bilinear")
                .addInputs(input)
                .addIntegerArguments(step.height(), step.width())
                // Corners are not aligned; pixels have half-pixel centres.
                .addBooleanArguments(false, true)
                .build());
    }

    private static INDArray spread(INDArray input, InsertZeros step) {
        long rows = (input.size(1) - 1) * step.stepY() + 1;
        long columns = (input.size(2) - 1) * step.stepX() + 1;
        INDArray result = Nd4j.zeros(input.dataType(), input.size(0), rows, columns, input.size(3));
        result.get(NDArrayIndex.all(), every(step.stepY(), rows), every(step.stepX(), columns), NDArrayIndex.all())
                .assign(input);
        return result;
    }

    /** ND4J takes no step that is wider than the array. */
    private static INDArrayIndex every(int step, long size) {
        return NDArrayIndex.interval(0, size == 1 ? 1 : step, size);
    }

    private INDArray normalized(INDArray input, LayerNormalize step) {
        try (INDArray mean = input.mean(true, CHANNEL_AXIS)) {
            INDArray result = input.sub(mean);
            try (INDArray squares = result.mul(result);
                    INDArray variance = squares.mean(true, CHANNEL_AXIS)) {
                result.divi(Transforms.sqrt(variance.addi(step.epsilon()), false));
            }
            return result.muli(perChannel(step.scale())).addi(perChannel(step.shift()));
        }
    }

    private INDArray rectified(INDArray input, ParametricRelu step) {
        INDArray slopes = step.slopes().length == input.size(CHANNEL_AXIS)
                ? perChannel(step.slopes())
                : weights.array(step.slopes(), 1, input.size(1), input.size(2), input.size(CHANNEL_AXIS));
        INDArray below = Transforms.min(input, 0.0, true).muli(slopes);
        try (INDArray above = Transforms.max(input, 0.0, true)) {
            return below.addi(above);
        }
    }

    private static INDArray run(DynamicCustomOp operation) {
        return Nd4j.exec(operation)[0];
    }
}
