package org.cam4j.dl4j.engine;

import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.Window;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Moves or pools the cells of images and maps [n, h, w, c] with ND4J; every result is a new array. */
final class SpatialOperations {

    private SpatialOperations() {}

    static INDArray pool(Pooling pooling, INDArray input) {
        Window window = pooling.window();
        if (pooling.kind() == Pooling.Kind.MAXIMUM) {
            return pooled("maxpool2d", input, window, Double.NEGATIVE_INFINITY);
        }
        INDArray averages = pooled("avgpool2d", input, window, 0);
        if (!window.padding().isNone()) {
            // ND4J's average counts the zeros of the padding: correct for them.
            try (INDArray ones = Nd4j.onesLike(input);
                    INDArray shares = pooled("avgpool2d", ones, window, 0)) {
                averages.divi(shares);
            }
        }
        return averages;
    }

    private static INDArray pooled(String operation, INDArray input, Window window, double borderValue) {
        INDArray source = window.padding().isNone() ? input : padded(input, window.padding(), borderValue);
        INDArray result = Nd4jOperations.run(DynamicCustomOp.builder(operation)
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
                        Nd4jOperations.CHANNELS_LAST)
                .build());
        if (source != input) {
            source.close();
        }
        return result;
    }

    static INDArray padded(INDArray input, Padding border, double value) {
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

    static INDArray cropped(INDArray input, Padding border) {
        return input.get(
                        NDArrayIndex.all(),
                        NDArrayIndex.interval(border.top(), input.size(1) - border.bottom()),
                        NDArrayIndex.interval(border.left(), input.size(2) - border.right()),
                        NDArrayIndex.all())
                .dup('c');
    }

    static INDArray resized(INDArray input, Resize step) {
        boolean nearest = step.interpolation() == Resize.Interpolation.NEAREST;
        return Nd4jOperations.run(DynamicCustomOp.builder(nearest ? "resize_nearest_neighbor" : "resize_bilinear")
                .addInputs(input)
                .addIntegerArguments(step.height(), step.width())
                // Corners are not aligned; pixels have half-pixel centres.
                .addBooleanArguments(false, true)
                .build());
    }

    static INDArray zerosInserted(INDArray input, InsertZeros step) {
        long rows = (input.size(1) - 1) * step.stepY() + 1;
        long columns = (input.size(2) - 1) * step.stepX() + 1;
        INDArray result = Nd4j.zeros(input.dataType(), input.size(0), rows, columns, input.size(3));
        result.get(NDArrayIndex.all(), every(step.stepY(), rows), every(step.stepX(), columns), NDArrayIndex.all())
                .assign(input);
        return result;
    }

    /** Returns an index with a step; ND4J takes no step that is wider than the array. */
    private static INDArrayIndex every(int step, long size) {
        return NDArrayIndex.interval(0, size == 1 ? 1 : step, size);
    }
}
