package org.cam4j.keras;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.object.datatype.FloatingPoint;
import java.util.Map;
import org.cam4j.exception.ModelFileException;

/**
 * A tensor in an HDF5 file: its shape is known, its values are still there.
 *
 * @param dataset a dataset of an open file
 */
record StoredTensor(Dataset dataset) {

    /** Mantissa bits and exponent bias of the IEEE 754 formats, by size in bytes. */
    private static final Map<Integer, int[]> IEEE =
            Map.of(2, new int[] {10, 15}, 4, new int[] {23, 127}, 8, new int[] {52, 1023});

    Shape shape() {
        return Shape.of(dataset.getDimensions());
    }

    /**
     * Reads the values: float16, float32 or float64, in either byte order, plain or compressed.
     *
     * @return them as float32
     * @throws ModelFileException if they are of another type, incomplete, or not finite
     */
    Tensor read() {
        return GuardedReading.of(named(), () -> {
            requireFloats();
            if (dataset instanceof ChunkedDataset chunked) {
                Chunks.check(chunked);
            }
            float[] values = floats(dataset.getDataFlat());
            for (int i = 0; i < values.length; i++) {
                if (!Float.isFinite(values[i])) {
                    throw new ModelFileException(named() + " holds the value " + values[i]
                            + " at position " + i + ": weights must be finite. Training went astray, or the file is"
                            + " damaged.");
                }
            }
            return new Tensor(shape(), values);
        });
    }

    /** How messages call it. */
    private String named() {
        return "the dataset " + Quoted.of(dataset.getPath());
    }

    private void requireFloats() {
        if (!(dataset.getDataType() instanceof FloatingPoint type)) {
            throw new ModelFileException(named() + " holds "
                    + dataset.getDataType().getClass().getSimpleName()
                    + " values: weights are float16, float32 or float64. The file is damaged.");
        }
        int[] ieee = IEEE.get(type.getSize());
        if (ieee == null || type.getMantissaSize() != ieee[0] || type.getExponentBias() != ieee[1]) {
            throw new ModelFileException(named()
                    + " holds numbers in a format of its own (bfloat16?): save the model with float32 weights.");
        }
    }

    private float[] floats(Object data) {
        if (data instanceof float[] values) {
            return values;
        }
        if (data instanceof double[] doubles) {
            float[] values = new float[doubles.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) doubles[i];
            }
            return values;
        }
        throw new ModelFileException(named() + " was never written: save the model again.");
    }
}
