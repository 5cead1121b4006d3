package org.cam4j.dl4j.engine;

import java.util.Arrays;
import org.cam4j.plan.operation.Activate;
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
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.OperationVisitor;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Computes a plan's operations with ND4J.
 *
 * <p>Values are [n, ..], the axes of one image after n. Every result is a new array; inputs are not modified.
 */
final class Nd4jOperations {

    /** ND4J's code for [n, h, w, c]. */
    static final int CHANNELS_LAST = 1;

    private final DeviceWeights weights;
    private final ConvolutionOperations convolutions;

    Nd4jOperations(DeviceWeights weights) {
        this.weights = weights;
        this.convolutions = new ConvolutionOperations(weights);
    }

    INDArray run(Operation operation, INDArray... inputs) {
        return operation.accept(new Run(inputs));
    }

    /** Computes one operation on arrays. */
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
        public INDArray visit(ActivationGradient operation) {
            return HostOperations.run(operation, inputs);
        }

        @Override
        public INDArray visit(Concatenate operation) {
            return RearrangementOperations.concatenated(operation, inputs);
        }

        @Override
        public INDArray visit(Convolution operation) {
            return convolutions.convolve(operation, inputs);
        }

        @Override
        public INDArray visit(Crop operation) {
            return SpatialOperations.cropped(input, operation.cropping());
        }

        @Override
        public INDArray visit(Dense operation) {
            return dense(operation, input);
        }

        @Override
        public INDArray visit(Elementwise operation) {
            return ActivationOperations.applied(
                    operation.activation(), combined(operation.kind(), input, beside(input, inputs[1])));
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
            return SpatialOperations.zerosInserted(input, operation);
        }

        @Override
        public INDArray visit(LayerNormalize operation) {
            return normalized(input, operation);
        }

        @Override
        public INDArray visit(MatMul operation) {
            return multiplied(operation, input, inputs[1]);
        }

        @Override
        public INDArray visit(Pad operation) {
            return SpatialOperations.padded(input, operation.padding(), 0);
        }

        @Override
        public INDArray visit(ParametricRelu operation) {
            return rectified(input, operation);
        }

        @Override
        public INDArray visit(Pooling operation) {
            return SpatialOperations.pool(operation, input);
        }

        @Override
        public INDArray visit(PoolingGradient operation) {
            return HostOperations.run(operation, inputs);
        }

        @Override
        public INDArray visit(Reshape operation) {
            return RearrangementOperations.reshaped(input, operation.shape());
        }

        @Override
        public INDArray visit(Resize operation) {
            return SpatialOperations.resized(input, operation);
        }

        @Override
        public INDArray visit(ScaleShift operation) {
            INDArray result = input.mul(weights.perChannel(operation.scale(), input));
            return ActivationOperations.applied(
                    operation.activation(), result.addi(weights.perChannel(operation.shift(), result)));
        }

        @Override
        public INDArray visit(Slice operation) {
            return RearrangementOperations.sliced(input, operation);
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
            return RearrangementOperations.transposed(input, operation);
        }
    }

    /** Gives a vector [n, .., c] as many axes as the first array has; ND4J would otherwise take its images for columns. */
    private static INDArray beside(INDArray first, INDArray second) {
        if (second.rank() == first.rank()) {
            return second;
        }
        long[] sizes = new long[first.rank()];
        Arrays.fill(sizes, 1);
        sizes[0] = second.size(0);
        sizes[sizes.length - 1] = second.size(second.rank() - 1);
        return second.reshape('c', sizes);
    }

    private static INDArray combined(Elementwise.Kind kind, INDArray first, INDArray second) {
        return switch (kind) {
            case ADD -> first.add(second);
            case SUBTRACT -> first.sub(second);
            case MULTIPLY -> first.mul(second);
            case MAXIMUM -> extreme("maximum", first, second);
            case MINIMUM -> extreme("minimum", first, second);
        };
    }

    /** Computes a maximum or minimum with broadcasting, which Transforms does not support. */
    private static INDArray extreme(String operation, INDArray first, INDArray second) {
        return run(DynamicCustomOp.builder(operation).addInputs(first, second).build());
    }

    private INDArray dense(Dense step, INDArray input) {
        long[] sizes = input.shape().clone();
        sizes[sizes.length - 1] = step.outputs();
        INDArray cells = input.reshape('c', input.length() / step.inputs(), step.inputs());
        INDArray matrix = weights.array(step.weights(), step.outputs(), step.inputs());
        INDArray result = product(cells, matrix, true);
        result.addi(weights.perChannel(step.bias(), result));
        return ActivationOperations.applied(step.activation(), result).reshape('c', sizes);
    }

    /** Multiplies matrices as [matrices, rows, columns]: ND4J takes no more axes. */
    private static INDArray multiplied(MatMul step, INDArray first, INDArray second) {
        long[] sizes = first.shape().clone();
        int last = sizes.length - 1;
        sizes[last] = second.size(step.transposesSecond() ? last - 1 : last);
        return product(matrices(first), matrices(second), step.transposesSecond())
                .reshape('c', sizes);
    }

    private static INDArray matrices(INDArray array) {
        long rows = array.size(array.rank() - 2);
        long columns = array.size(array.rank() - 1);
        return array.reshape('c', array.length() / (rows * columns), rows, columns);
    }

    private static INDArray product(INDArray first, INDArray second, boolean transposesSecond) {
        return run(DynamicCustomOp.builder("matmul")
                .addInputs(first, second)
                .addIntegerArguments(0, transposesSecond ? 1 : 0)
                .build());
    }

    private INDArray normalized(INDArray input, LayerNormalize step) {
        int channels = input.rank() - 1;
        try (INDArray mean = input.mean(true, channels)) {
            INDArray result = input.sub(mean);
            try (INDArray squares = result.mul(result);
                    INDArray variance = squares.mean(true, channels)) {
                result.divi(Transforms.sqrt(variance.addi(step.epsilon()), false));
            }
            return result.muli(weights.perChannel(step.scale(), result)).addi(weights.perChannel(step.shift(), result));
        }
    }

    private INDArray rectified(INDArray input, ParametricRelu step) {
        INDArray below = Transforms.min(input, 0.0, true).muli(slopes(step, input));
        try (INDArray above = Transforms.max(input, 0.0, true)) {
            return below.addi(above);
        }
    }

    private INDArray slopes(ParametricRelu step, INDArray input) {
        if (step.slopes().length == input.size(input.rank() - 1)) {
            return weights.perChannel(step.slopes(), input);
        }
        long[] sizes = input.shape().clone();
        sizes[0] = 1;
        return weights.array(step.slopes(), sizes);
    }

    static INDArray run(DynamicCustomOp operation) {
        return Nd4j.exec(operation)[0];
    }
}
