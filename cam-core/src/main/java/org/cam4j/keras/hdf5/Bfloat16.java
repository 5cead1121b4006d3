package org.cam4j.keras.hdf5;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.StringData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.List;

/**
 * Reads bfloat16, the upper half of a float32, in files of numbered weights. HDF5 has no such type, so Keras 3 writes opaque values of two
 * bytes, and an attribute that names the type. jHDF cannot read an opaque type without a description, but it can read texts of two bytes,
 * whose datatype differs in one number.
 */
public final class Bfloat16 {

    private static final String TYPE = "bfloat16";

    /** Header of a datatype message (type 3, 8 bytes) without its flags (HDF5 File Format Specification 3.0, IV.A.1.a). */
    private static final long MESSAGE = 0x0000_0000_0008_0003L;

    private static final long WITHOUT_FLAGS = ~0x0000_00ff_0000_0000L;

    /** Version 1, class 5, opaque, without a description, two bytes (IV.A.2.d). */
    private static final long OPAQUE = 0x0000_0002_0000_0015L;

    /** Class 3, a text. */
    private static final byte TEXT = 0x13;

    private Bfloat16() {}

    /** Whether a model of this configuration may have bfloat16 weights. */
    public static boolean mayBeIn(String config) {
        return config.contains(TYPE);
    }

    /**
     * Replaces opaque datatypes by texts, which jHDF can read. A datatype is 16 bytes that begin at a multiple of 8, as messages do. If
     * weights held the same bytes, they would be numbers below 1e-39, which this changes by less than 1e-44.
     *
     * @param file an HDF5 file; not modified
     * @return a changed copy, or the file itself if it has no bfloat16 values
     */
    public static ByteBuffer readable(ByteBuffer file) {
        ByteBuffer bytes = file.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer changed = null;
        for (int at = 0; at + 2 * Long.BYTES <= bytes.limit(); at += Long.BYTES) {
            if (bytes.getLong(at + Long.BYTES) == OPAQUE && (bytes.getLong(at) & WITHOUT_FLAGS) == MESSAGE) {
                if (changed == null) {
                    changed = ByteBuffer.allocate(bytes.limit())
                            .put(bytes.duplicate().rewind())
                            .flip();
                }
                changed.put(at + Long.BYTES, TEXT);
            }
        }
        return changed == null ? file : changed;
    }

    /** Whether a dataset of a readable file holds bfloat16 values. */
    static boolean areIn(Dataset dataset) {
        return dataset instanceof ContiguousDataset
                && !dataset.isEmpty()
                && dataset.getDataType() instanceof StringData text
                && text.getSize() == Short.BYTES
                && Hdf5File.texts(dataset, "dtype").equals(List.of(TYPE));
    }

    /** Reads bfloat16 values as float32, which is exact. */
    static FloatBuffer values(Dataset dataset) {
        ShortBuffer stored = ((ContiguousDataset) dataset)
                .getBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();
        FloatBuffer values = FloatBuffer.allocate(stored.remaining());
        while (stored.hasRemaining()) {
            values.put(Float.intBitsToFloat(stored.get() << Short.SIZE));
        }
        return values.flip();
    }
}
