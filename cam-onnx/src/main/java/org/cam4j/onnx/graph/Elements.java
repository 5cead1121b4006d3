package org.cam4j.onnx.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The elements of a constant, in memory or in a file. */
interface Elements {

    double at(int index);

    /** Returns the bytes of Java's heap that they take. */
    long bytes();

    /** Returns some elements, rounded to floats, as a new array. */
    float[] floats(int first, int count);

    /** Floats in memory; not copied. */
    record Floats(float[] numbers) implements Elements {

        @Override
        public double at(int index) {
            return numbers[index];
        }

        @Override
        public long bytes() {
            return (long) numbers.length * Float.BYTES;
        }

        @Override
        public float[] floats(int first, int count) {
            return Arrays.copyOfRange(numbers, first, first + count);
        }
    }

    /** Doubles in memory, which hold integers too; not copied. */
    record Doubles(double[] numbers) implements Elements {

        @Override
        public double at(int index) {
            return numbers[index];
        }

        @Override
        public long bytes() {
            return (long) numbers.length * Double.BYTES;
        }

        @Override
        public float[] floats(int first, int count) {
            float[] floats = new float[count];
            for (int i = 0; i < count; i++) {
                floats[i] = (float) numbers[first + i];
            }
            return floats;
        }
    }

    /** Elements in a mapped file, decoded on each call: large models would not fit into the heap beside their packed weights. */
    final class Stored implements Elements {

        private final ElementType type;
        private final ByteBuffer bytes;
        private final StoredBytes.Source file;

        Stored(ElementType type, StoredBytes stored) {
            this.type = type;
            this.bytes = stored.bytes().slice().order(ByteOrder.LITTLE_ENDIAN);
            this.file = stored.file();
        }

        @Override
        public double at(int index) {
            return switch (type) {
                case FLOAT -> bytes.getFloat(4 * index);
                case FLOAT16 -> HalfFloat.decoded(bytes.getShort(2 * index));
                case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort(2 * index) << 16);
                case DOUBLE -> bytes.getDouble(8 * index);
                case INT64, UINT64 -> bytes.getLong(8 * index);
                case INT32 -> bytes.getInt(4 * index);
                case UINT32 -> bytes.getInt(4 * index) & 0xffffffffL;
                case INT16 -> bytes.getShort(2 * index);
                case UINT16 -> bytes.getShort(2 * index) & 0xffff;
                case INT8 -> bytes.get(index);
                case UINT8, BOOL -> bytes.get(index) & 0xff;
            };
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public float[] floats(int first, int count) {
            return file.read(() -> decoded(first, count));
        }

        private float[] decoded(int first, int count) {
            float[] floats = new float[count];
            if (type == ElementType.FLOAT) {
                bytes.asFloatBuffer().get(first, floats);
            } else {
                for (int i = 0; i < count; i++) {
                    floats[i] = (float) at(first + i);
                }
            }
            return floats;
        }
    }
}
