package org.cam4j.prepared;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads the fields that {@link FieldWriter} wrote. Fields are not trusted: no allocation is larger than the unread bytes. If a field is
 * invalid, its method throws {@link IllegalArgumentException} with a message for the user. Not thread-safe.
 */
final class FieldReader {

    private final ByteBuffer bytes;

    /** @param bytes from position 0 to the limit; not modified */
    FieldReader(ByteBuffer bytes) {
        this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).rewind();
    }

    int code() {
        return Byte.toUnsignedInt(left(1).get());
    }

    int number() {
        return left(Integer.BYTES).getInt();
    }

    long large() {
        return left(Long.BYTES).getLong();
    }

    float real() {
        return left(Float.BYTES).getFloat();
    }

    double precise() {
        return left(Double.BYTES).getDouble();
    }

    boolean truth() {
        int value = code();
        if (value > 1) {
            throw new IllegalArgumentException("it holds " + value + " where 0 or 1 belongs");
        }
        return value == 1;
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        byte[] array = new byte[count(1)];
        bytes.get(array);
        return array;
    }

    float[] reals() {
        float[] array = new float[count(Float.BYTES)];
        bytes.asFloatBuffer().get(array);
        bytes.position(bytes.position() + array.length * Float.BYTES);
        return array;
    }

    /** Reads a list, whose entries take at least one byte each. */
    <T> List<T> list(Supplier<T> reader) {
        int count = count(1);
        List<T> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(reader.get());
        }
        return list;
    }

    <T> Optional<T> optional(Supplier<T> reader) {
        return truth() ? Optional.of(reader.get()) : Optional.empty();
    }

    /** Checks that all bytes were read. */
    void end() {
        if (bytes.hasRemaining()) {
            throw new IllegalArgumentException(bytes.remaining() + " bytes follow where the model ends");
        }
    }

    /** Reads the number of entries that follow, and checks that so many entries of {@code bytesEach} bytes can be left. */
    private int count(int bytesEach) {
        int count = number();
        if (count < 0 || count > bytes.remaining() / bytesEach) {
            throw new IllegalArgumentException(
                    "it promises " + count + " entries where " + bytes.remaining() + " bytes are left");
        }
        return count;
    }

    private ByteBuffer left(int needed) {
        if (bytes.remaining() < needed) {
            throw new IllegalArgumentException("it ends too early");
        }
        return bytes;
    }
}
