package org.cam4j.prepared;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes fields one after the other, little-endian, as {@link FieldReader} reads them. Not thread-safe. */
final class FieldWriter {

    private ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

    /** Writes a tag, the kind of the fields that follow: one byte, 0 to 255. */
    FieldWriter code(int value) {
        room(1).put((byte) value);
        return this;
    }

    /** Four bytes. */
    FieldWriter number(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    /** Eight bytes. */
    FieldWriter large(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    /** Four bytes, IEEE 754. */
    FieldWriter real(float value) {
        room(Float.BYTES).putFloat(value);
        return this;
    }

    /** Eight bytes, IEEE 754. */
    FieldWriter precise(double value) {
        room(Double.BYTES).putDouble(value);
        return this;
    }

    /** One byte, 0 or 1. */
    FieldWriter truth(boolean value) {
        return code(value ? 1 : 0);
    }

    /** Writes the number of bytes, then UTF-8. */
    FieldWriter text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the number of bytes, then the bytes. */
    FieldWriter bytes(byte[] array) {
        number(array.length);
        room(array.length).put(array);
        return this;
    }

    /** Writes the number of values, then four bytes each. */
    FieldWriter reals(float[] array) {
        number(array.length);
        int size = Math.multiplyExact(array.length, Float.BYTES);
        room(size).asFloatBuffer().put(array);
        bytes.position(bytes.position() + size);
        return this;
    }

    /** Writes the number of entries, then each entry. */
    <T> FieldWriter list(Collection<T> entries, Consumer<T> writer) {
        number(entries.size());
        entries.forEach(writer);
        return this;
    }

    /** Writes whether a value is present, then the value. */
    <T> FieldWriter optional(Optional<T> value, Consumer<T> writer) {
        truth(value.isPresent());
        value.ifPresent(writer);
        return this;
    }

    /** Returns a copy of all bytes written so far. */
    byte[] toBytes() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** Returns the buffer with room for {@code more} bytes. */
    private ByteBuffer room(int more) {
        int needed = Math.addExact(bytes.position(), more);
        if (needed > bytes.capacity()) {
            int larger = (int) Math.min(Integer.MAX_VALUE - 16, Math.max(needed, 2L * bytes.capacity()));
            bytes = ByteBuffer.allocate(larger).order(ByteOrder.LITTLE_ENDIAN).put(bytes.flip());
        }
        return bytes;
    }
}
