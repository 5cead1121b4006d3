package org.cam4j.keras.hdf5;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.FloatingPoint;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Optional;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;

/**
 * A tensor in an HDF5 file: its shape is known, its values are not read yet.
 *
 * @param dataset a dataset of an open file
 * @param shape the dataset's shape, or another shape of as many values
 * @param update LoRA's update to add to the values, if any
 */
public record StoredTensor(Dataset dataset, TensorShape shape, Optional<LowRankUpdate> update) {

    /** Mantissa bits and exponent bias of the IEEE 754 formats, by size in bytes. */
    private static final Map<Integer, int[]> IEEE =
            Map.of(2, new int[] {10, 15}, 4, new int[] {23, 127}, 8, new int[] {52, 1023});

    public static StoredTensor of(Dataset dataset) {
        return new StoredTensor(dataset, TensorShape.of(dataset.getDimensions()), Optional.empty());
    }

    /** Returns the same values under another shape. */
    public StoredTensor reshaped(TensorShape other) {
        return new StoredTensor(dataset, other, update);
    }

    /** Returns the tensor with an update to add when its values are read. */
    public StoredTensor with(LowRankUpdate added) {
        return new StoredTensor(dataset, shape, Optional.of(added));
    }

    /**
     * Reads the values: float16, float32 or float64, in either byte order, plain or compressed; bfloat16 as Keras stores it.
     *
     * @return the values as float32
     * @throws ModelFileException if the values are of another type, incomplete, or not finite
     */
    public WeightTensor read() {
        return GuardedReading.of(named(), () -> {
            FloatBuffer stored = Bfloat16.areIn(dataset) ? Bfloat16.values(dataset) : ieee();
            FloatBuffer values = update.map(added -> added.addedTo(stored)).orElse(stored);
            requireFinite(values);
            return new WeightTensor(shape, values);
        });
    }

    private FloatBuffer ieee() {
        requireFloats();
        if (dataset instanceof ChunkedDataset chunked) {
            Chunks.check(chunked);
        }
        return isPlain()
                ? ((ContiguousDataset) dataset).getBuffer().asFloatBuffer()
                : FloatBuffer.wrap(floats(dataset.getDataFlat()));
    }

    /** Whether the values can be used in the mapped file without copying. */
    private boolean isPlain() {
        return dataset instanceof ContiguousDataset
                && !dataset.isEmpty()
                && dataset.getDataType().getSize() == Float.BYTES;
    }

    private void requireFinite(FloatBuffer values) {
        for (int i = 0; i < values.limit(); i++) {
            if (!Float.isFinite(values.get(i))) {
                throw new ModelFileException(named() + " holds the value " + values.get(i)
                        + " at position " + i + ": weights must be finite. Training went astray, or the file is"
                        + " damaged.");
            }
        }
    }

    /** Returns the tensor's name in messages. */
    private String named() {
        return "the dataset " + Quoted.of(dataset.getPath());
    }

    private void requireFloats() {
        if (!(dataset.getDataType() instanceof FloatingPoint type)) {
            throw new ModelFileException(named() + " holds "
                    + dataset.getDataType().getClass().getSimpleName()
                    + " values: weights are float16, bfloat16, float32 or float64. The file is damaged.");
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
