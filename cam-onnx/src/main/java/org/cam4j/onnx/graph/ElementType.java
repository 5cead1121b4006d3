package org.cam4j.onnx.graph;

import java.util.Optional;

/** The types of a tensor's elements that classifiers use, by their numbers in ONNX's schema. */
public enum ElementType {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT8(3, 1),
    UINT16(4, 2),
    INT16(5, 2),
    INT32(6, 4),
    INT64(7, 8),
    BOOL(9, 1),
    FLOAT16(10, 2),
    DOUBLE(11, 8),
    UINT32(12, 4),
    UINT64(13, 8),
    BFLOAT16(16, 2);

    private final int number;
    private final int bytes;

    ElementType(int number, int bytes) {
        this.number = number;
        this.bytes = bytes;
    }

    /** Finds the type of a number of {@code TensorProto.DataType}; empty for texts, complex numbers and packed types. */
    public static Optional<ElementType> of(int number) {
        for (ElementType type : values()) {
            if (type.number == number) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Returns the bytes of one element in {@code raw_data}. */
    public int bytes() {
        return bytes;
    }

    /** Whether elements have fractions. */
    public boolean isFloating() {
        return switch (this) {
            case FLOAT, FLOAT16, DOUBLE, BFLOAT16 -> true;
            default -> false;
        };
    }

    /** Whether every element is a float: then constants keep floats, otherwise doubles. */
    public boolean fitsFloat() {
        return this == FLOAT || this == FLOAT16 || this == BFLOAT16;
    }

    /** Returns the number as the type holds it: rounded to its precision, cut to its range. */
    public double held(double value) {
        return switch (this) {
            case FLOAT -> (float) value;
            case BOOL -> value != 0 ? 1 : 0;
            case UINT8 -> (long) value & 0xff;
            case INT8 -> (byte) (long) value;
            case UINT16 -> (long) value & 0xffff;
            case INT16 -> (short) (long) value;
            case INT32 -> (int) (long) value;
            case UINT32 -> (long) value & 0xffffffffL;
            case INT64, UINT64 -> (long) value;
            // Computed in more than their own precision, as runtimes do that compute in float.
            case FLOAT16, BFLOAT16 -> (float) value;
            case DOUBLE -> value;
        };
    }
}
