package org.cam4j.keras.hdf5;

import io.jhdf.api.Attribute;
import io.jhdf.dataset.DatasetReader;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import io.jhdf.storage.HdfBackingStorage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads texts as UTF-8: Keras writes UTF-8, and h5py declares it to be ASCII. The types are those of the HDF5 File Format Specification
 * 3.0, IV.A.2.d, with the character set exchanged.
 */
final class Utf8Texts {

    private static final byte UTF_8 = 1;
    private static final byte ZERO_PADDED = 1;
    private static final int TEXT = 0x13;
    private static final int TEXTS_OF_ANY_LENGTH = 0x19;
    private static final int KIND_TEXT = 1;

    private Utf8Texts() {}

    /** Returns an attribute's data: a text or an array of texts if the attribute holds texts. */
    static Object data(Attribute attribute, HdfBackingStorage storage) {
        DataType type = attribute.getDataType();
        if (type instanceof StringData) {
            return read(
                    new StringData(description(TEXT, UTF_8 << 4 | ZERO_PADDED, 0, type.getSize())), attribute, storage);
        }
        if (type instanceof VariableLength any && any.isVariableLengthString()) {
            return read(
                    new VariableLength(description(TEXTS_OF_ANY_LENGTH, KIND_TEXT, UTF_8, type.getSize())),
                    attribute,
                    storage);
        }
        return attribute.getData();
    }

    private static Object read(DataType type, Attribute attribute, HdfBackingStorage storage) {
        return DatasetReader.readDataset(type, attribute.getBuffer(), attribute.getDimensions(), storage);
    }

    /** Returns the datatype: class and version, three bytes of settings, size; texts of any length also have the type of one letter. */
    private static ByteBuffer description(int classAndVersion, int first, int second, int size) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) classAndVersion)
                .put((byte) first)
                .put((byte) second)
                .put((byte) 0)
                .putInt(size)
                .put((byte) TEXT)
                .put(new byte[3])
                .putInt(1)
                .flip();
    }
}
