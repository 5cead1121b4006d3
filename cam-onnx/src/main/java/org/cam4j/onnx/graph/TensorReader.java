package org.cam4j.onnx.graph;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.onnx.schema.TensorProto;

/** Stored tensors as constants: sizes are checked against the stored bytes before anything is allocated. */
public final class TensorReader {

    /** Reads the bytes of a tensor that are kept outside the file. */
    @FunctionalInterface
    public interface ExternalBytes {

        /**
         * Returns the bytes of a tensor whose {@code data_location} is {@code EXTERNAL}.
         *
         * @throws ModelFileException if there are none
         */
        StoredBytes of(TensorProto tensor);
    }

    private final String model;
    private final StoredBytes.Source file;
    private final ExternalBytes external;

    /**
     * @param model the file's name, for messages
     * @param file the file itself, in which tensors stay
     * @param external reads the tensors that are kept outside the file
     */
    public TensorReader(String model, StoredBytes.Source file, ExternalBytes external) {
        this.model = model;
        this.file = file;
        this.external = external;
    }

    /** Returns a tensor as a constant; its elements are decoded when they are read. */
    public Constant constant(TensorProto tensor) {
        String name = "tensor " + Quoted.of(tensor.getName()) + " of '" + model + "'";
        ElementType type = ElementType.of(tensor.getDataType())
                .orElseThrow(() -> new ModelFileException(name + " has elements of type number " + tensor.getDataType()
                        + "; expected floats or integers of 8 to 64 bits. Export the model in float32."));
        int[] dims = new int[tensor.getDimsCount()];
        for (int i = 0; i < dims.length; i++) {
            long dim = tensor.getDims(i);
            if (dim < 0 || dim > Integer.MAX_VALUE) {
                throw new ModelFileException(name + " has an axis of " + dim + " elements"
                        + "; expected 0 to 2147483647. The file is damaged: export the model again.");
            }
            dims[i] = (int) dim;
        }
        int size;
        try {
            size = Constant.size(dims);
        } catch (IllegalArgumentException e) {
            throw new ModelFileException(name + ": " + e.getMessage() + ". Export a smaller model.", e);
        }
        if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            return raw(name, type, dims, size, external.of(tensor));
        }
        if (tensor.hasRawData()) {
            ByteString raw = tensor.getRawData();
            return raw(name, type, dims, size, new StoredBytes(raw.asReadOnlyByteBuffer(), file));
        }
        return listed(name, tensor, type, dims, size);
    }

    private static Constant raw(String name, ElementType type, int[] dims, int size, StoredBytes stored) {
        long expected = (long) size * type.bytes();
        int found = stored.bytes().remaining();
        if (found != expected) {
            throw new ModelFileException(name + ", " + type + Arrays.toString(dims) + ", holds " + found
                    + " bytes; expected " + expected + ". The file is damaged: export the model again.");
        }
        return Constant.stored(type, dims, stored);
    }

    /** Reads elements from the typed lists, which older exporters write. */
    private static Constant listed(String name, TensorProto tensor, ElementType type, int[] dims, int size) {
        int count =
                switch (type) {
                    case FLOAT -> tensor.getFloatDataCount();
                    case DOUBLE -> tensor.getDoubleDataCount();
                    case INT64 -> tensor.getInt64DataCount();
                    case UINT32, UINT64 -> tensor.getUint64DataCount();
                    default -> tensor.getInt32DataCount();
                };
        if (count != size) {
            throw new ModelFileException(name + ", " + type + Arrays.toString(dims) + ", holds " + count
                    + " elements; expected " + size + ". The file is damaged: export the model again.");
        }
        return switch (type) {
            case FLOAT -> Constant.computed(type, dims, tensor::getFloatData);
            case DOUBLE -> Constant.computed(type, dims, tensor::getDoubleData);
            case INT64 -> Constant.computed(type, dims, tensor::getInt64Data);
            case UINT32, UINT64 -> Constant.computed(type, dims, tensor::getUint64Data);
            case FLOAT16 -> Constant.computed(type, dims, i -> HalfFloat.decoded((short) tensor.getInt32Data(i)));
            case BFLOAT16 -> Constant.computed(type, dims, i -> Float.intBitsToFloat(tensor.getInt32Data(i) << 16));
            default -> Constant.computed(type, dims, tensor::getInt32Data);
        };
    }
}
