package org.cam4j.onnx.graph;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
        ByteBuffer of(TensorProto tensor);
    }

    private final String model;
    private final ExternalBytes external;

    /**
     * @param model the file's name, for messages
     * @param external reads the tensors that are kept outside the file
     */
    public TensorReader(String model, ExternalBytes external) {
        this.model = model;
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
            return raw(name, type, dims, size, raw.asReadOnlyByteBuffer());
        }
        return listed(name, tensor, type, dims, size);
    }

    private static Constant raw(String name, ElementType type, int[] dims, int size, ByteBuffer bytes) {
        long expected = (long) size * type.bytes();
        if (bytes.remaining() != expected) {
            throw new ModelFileException(name + ", " + type + Arrays.toString(dims) + ", holds " + bytes.remaining()
                    + " bytes; expected " + expected + ". The file is damaged: export the model again.");
        }
        ByteBuffer ordered = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        return Constant.readBy(type, dims, () -> decoded(type, size, ordered));
    }

    private static Object decoded(ElementType type, int size, ByteBuffer bytes) {
        if (type == ElementType.FLOAT) {
            float[] floats = new float[size];
            bytes.asFloatBuffer().get(floats);
            return floats;
        }
        if (type.fitsFloat()) {
            float[] floats = new float[size];
            for (int i = 0; i < size; i++) {
                short half = bytes.getShort(2 * i);
                floats[i] = type == ElementType.BFLOAT16 ? Float.intBitsToFloat(half << 16) : HalfFloat.decoded(half);
            }
            return floats;
        }
        double[] doubles = new double[size];
        for (int i = 0; i < size; i++) {
            doubles[i] = switch (type) {
                case DOUBLE -> bytes.getDouble(8 * i);
                case INT64, UINT64 -> bytes.getLong(8 * i);
                case INT32 -> bytes.getInt(4 * i);
                case UINT32 -> bytes.getInt(4 * i) & 0xffffffffL;
                case INT16 -> bytes.getShort(2 * i);
                case UINT16 -> bytes.getShort(2 * i) & 0xffff;
                case INT8 -> bytes.get(i);
                default -> bytes.get(i) & 0xff;
            };
        }
        return doubles;
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
