package org.cam4j;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** Bilinear interpolation of a batch of maps by the backend's own operation. */
final class BatchUpsampling {

    private BatchUpsampling() {}

    /**
     * Enlarges maps with half-pixel centres.
     *
     * @param maps [n, classes, h, w]
     * @return [n, classes, height, width]
     */
    static INDArray bilinear(INDArray maps, int height, int width) {
        check(maps, height, width);
        long n = maps.size(0);
        long classes = maps.size(1);
        INDArray nhwc = maps.dup('c').reshape('c', n * classes, maps.size(2), maps.size(3), 1);
        INDArray resized = Nd4j.exec(DynamicCustomOp.builder("resize_bilinear")
                .addInputs(nhwc)
                .addIntegerArguments(height, width)
                .addBooleanArguments(false, true)
                .build())[0];
        return resized.reshape('c', n, classes, height, width);
    }

    /** Throws if there are no maps, or if the size is not positive. */
    static void check(INDArray maps, int height, int width) {
        if (maps.rank() != 4) {
            throw new IllegalArgumentException("maps must be [n, classes, h, w], not " + Arrays.toString(maps.shape()));
        }
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("maps of " + height + "x" + width + ": both must be positive");
        }
    }
}
