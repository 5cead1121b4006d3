package org.cam4j.dl4j.engine;

import java.util.Arrays;
import java.util.List;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Computes convolutions of images and maps [n, h, w, c] with ND4J; every result is a new array. */
final class ConvolutionOperations {

    private static final int CHANNEL_AXIS = 3;

    private final DeviceWeights weights;

    ConvolutionOperations(DeviceWeights weights) {
        this.weights = weights;
    }

    INDArray convolve(Convolution convolution, INDArray... inputs) {
        Window window = convolution.window();
        Padding border = window.padding();
        boolean symmetric = border.top() == border.bottom() && border.left() == border.right();
        INDArray source = symmetric ? inputs[0] : SpatialOperations.padded(inputs[0], border, 0);
        int rows = symmetric ? border.top() : 0;
        int columns = symmetric ? border.left() : 0;
        INDArray result = convolution.isDepthwise() && !isSingleCell(convolution, inputs)
                ? convolve("depthwise_conv2d", source, depthwise(convolution), convolution, rows, columns)
                : grouped(source, convolution, rows, columns);
        if (source != inputs[0]) {
            source.close();
        }
        result.addi(weights.perChannel(convolution.bias(), result));
        if (convolution.addsInput()) {
            result.addi(inputs[1]);
        }
        return ActivationOperations.applied(convolution.activation(), result);
    }

    /** Whether the result is a single cell: ND4J's depthwise convolution then computes a dot product, which it refuses to store. */
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
        return Nd4jOperations.run(DynamicCustomOp.builder(operation)
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
                        Nd4jOperations.CHANNELS_LAST)
                .build());
    }
}
