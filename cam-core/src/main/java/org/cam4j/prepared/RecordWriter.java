package org.cam4j.prepared;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.WeightArray;

/**
 * Writes a record and the records in it: the types that occur with their signatures, then the values, little-endian. Whatever is
 * made of numbers, texts, enums, lists, optionals, records and sealed interfaces of records can be written, so a new operation of
 * a plan needs nothing here.
 */
final class RecordWriter {

    /** In the stead of a place. */
    static final long LEFT_OUT = -1;

    private ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private final Map<Class<?>, RecordType> types = new LinkedHashMap<>();
    private final Optional<Blocks<WeightArray>> weights;

    private RecordWriter(Optional<Blocks<WeightArray>> weights) {
        this.weights = weights;
    }

    /**
     * Writes a record.
     *
     * @param weights gives convolutions' weights their places, which are written in their stead; empty if they are left out
     * @return a new array
     */
    static byte[] write(Record root, Optional<Blocks<WeightArray>> weights) {
        RecordWriter values = new RecordWriter(weights);
        values.components(root);
        RecordWriter all = new RecordWriter(weights);
        all.number(values.types.size());
        values.types.values().forEach(type -> {
            all.text(type.name());
            all.text(type.signature());
        });
        all.room(values.bytes.position()).put(values.bytes.flip());
        return Arrays.copyOf(all.bytes.array(), all.bytes.position());
    }

    private void components(Object holder) {
        RecordType type = type(holder.getClass());
        for (RecordComponent component : type.components()) {
            value(type.value(component, holder), component.getGenericType());
        }
    }

    private RecordType type(Class<?> type) {
        return types.computeIfAbsent(type, RecordType::of);
    }

    private void value(Object value, Type type) {
        if (value instanceof Integer number) {
            number(number);
        } else if (value instanceof Long number) {
            room(Long.BYTES).putLong(number);
        } else if (value instanceof Float number) {
            room(Float.BYTES).putFloat(number);
        } else if (value instanceof Double number) {
            room(Double.BYTES).putDouble(number);
        } else if (value instanceof Boolean truth) {
            room(1).put((byte) (truth ? 1 : 0));
        } else if (value instanceof String text) {
            text(text);
        } else if (value instanceof Enum<?> constant) {
            text(constant.name());
        } else if (value instanceof byte[] array) {
            number(array.length);
            room(array.length).put(array);
        } else if (value instanceof float[] array) {
            number(array.length);
            int size = Math.multiplyExact(array.length, Float.BYTES);
            room(size).asFloatBuffer().put(array);
            bytes.position(bytes.position() + size);
        } else if (value instanceof Shape shape) {
            number(shape.rank());
            for (int size : shape.sizes()) {
                number(size);
            }
        } else if (value instanceof WeightArray array) {
            number(array.length());
            room(Long.BYTES)
                    .putLong(weights.map(places -> places.add(array, (long) array.length() * Float.BYTES))
                            .orElse(LEFT_OUT));
        } else if (value instanceof List<?> list) {
            number(list.size());
            list.forEach(element -> value(element, argument(type)));
        } else if (value instanceof Optional<?> optional) {
            room(1).put((byte) (optional.isPresent() ? 1 : 0));
            optional.ifPresent(present -> value(present, argument(type)));
        } else if (value instanceof Record part) {
            if (type instanceof Class<?> declared && declared.isInterface()) {
                type(part.getClass());
                number(List.copyOf(types.keySet()).indexOf(part.getClass()));
            }
            components(part);
        } else {
            throw new IllegalStateException("a prepared model cannot hold a " + type.getTypeName());
        }
    }

    private static Type argument(Type type) {
        return ((ParameterizedType) type).getActualTypeArguments()[0];
    }

    /** The buffer, large enough for so many bytes more. */
    private ByteBuffer room(int more) {
        int needed = Math.addExact(bytes.position(), more);
        if (needed > bytes.capacity()) {
            int larger = (int) Math.min(Integer.MAX_VALUE - 16, Math.max(needed, 2L * bytes.capacity()));
            bytes = ByteBuffer.allocate(larger).order(ByteOrder.LITTLE_ENDIAN).put(bytes.flip());
        }
        return bytes;
    }

    private void number(int value) {
        room(Integer.BYTES).putInt(value);
    }

    private void text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        number(encoded.length);
        room(encoded.length).put(encoded);
    }
}
