package org.cam4j.prepared;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.WeightArray;

/**
 * Reads what {@link RecordWriter} wrote, and trusts none of it: no class but the records that the root is made of is touched, and
 * nothing is allocated that is larger than what is left to read.
 */
final class RecordReader {

    /** Gives a convolution's weights from their place in the file. */
    @FunctionalInterface
    interface Source {

        /**
         * The weights.
         *
         * @param offset bytes from the beginning of the section
         * @param length how many numbers
         * @throws IllegalArgumentException if they are not inside the section
         */
        WeightArray weights(long offset, int length);
    }

    private record Written(String name, String signature) {}

    private final ByteBuffer bytes;
    private final Source source;
    private final List<Written> written = new ArrayList<>();
    private final Map<Class<?>, RecordType> types = new HashMap<>();
    private final Map<Class<?>, List<Class<?>>> leaves = new HashMap<>();

    private RecordReader(ByteBuffer bytes, Source source) {
        this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.source = source;
    }

    /**
     * Reads a record.
     *
     * @param bytes all of them belong to it; not modified
     * @throws IllegalArgumentException if they are no such record, in words for people
     */
    static <R extends Record> R read(Class<R> root, ByteBuffer bytes, Source source) {
        RecordReader reader = new RecordReader(bytes, source);
        int count = reader.count(2 * Integer.BYTES);
        for (int i = 0; i < count; i++) {
            reader.written.add(new Written(reader.text(), reader.text()));
        }
        R read = root.cast(reader.record(root));
        if (reader.bytes.hasRemaining()) {
            throw new IllegalArgumentException(
                    reader.bytes.remaining() + " bytes follow where the " + root.getSimpleName() + " ends");
        }
        return read;
    }

    private Object record(Class<?> declared) {
        RecordType type = type(declared);
        Object[] values = new Object[type.components().size()];
        for (int i = 0; i < values.length; i++) {
            RecordComponent component = type.components().get(i);
            values[i] = component.getType() == component.getGenericType()
                    ? value(component.getType())
                    : generic((ParameterizedType) component.getGenericType());
        }
        return type.make(values);
    }

    private RecordType type(Class<?> declared) {
        RecordType known = types.get(declared);
        if (known == null) {
            known = RecordType.of(declared);
            require(known);
            types.put(declared, known);
        }
        return known;
    }

    /** The file must mean by the record what this version of cam4j means by it. */
    private void require(RecordType type) {
        for (Written other : written) {
            if (other.name().equals(type.name())) {
                if (!other.signature().equals(type.signature())) {
                    throw new IllegalArgumentException("its " + type.name() + " is made of (" + other.signature()
                            + "), this version of cam4j's of (" + type.signature() + ")");
                }
                return;
            }
        }
        throw new IllegalArgumentException("it holds no " + type.name());
    }

    private Object generic(ParameterizedType type) {
        Class<?> element = (Class<?>) type.getActualTypeArguments()[0];
        if (type.getRawType() == Optional.class) {
            return truth() ? Optional.of(value(element)) : Optional.empty();
        }
        int count = count(1);
        List<Object> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(value(element));
        }
        return list;
    }

    private Object value(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return left(Integer.BYTES).getInt();
        }
        if (type == long.class) {
            return left(Long.BYTES).getLong();
        }
        if (type == float.class) {
            return left(Float.BYTES).getFloat();
        }
        if (type == double.class || type == Double.class) {
            return left(Double.BYTES).getDouble();
        }
        if (type == boolean.class) {
            return truth();
        }
        if (type == String.class) {
            return text();
        }
        if (type == byte[].class) {
            return bytes();
        }
        if (type == float[].class) {
            return floats();
        }
        if (type == Shape.class) {
            int[] sizes = new int[count(Integer.BYTES)];
            for (int axis = 0; axis < sizes.length; axis++) {
                sizes[axis] = left(Integer.BYTES).getInt();
            }
            return new Shape(sizes);
        }
        if (type == WeightArray.class) {
            int length = left(Integer.BYTES).getInt();
            return source.weights(left(Long.BYTES).getLong(), length);
        }
        if (type.isEnum()) {
            return constant(type, text());
        }
        return record(type.isInterface() ? named(type) : type);
    }

    /** Which of a sealed interface's records follows. */
    private Class<?> named(Class<?> sealed) {
        int index = left(Integer.BYTES).getInt();
        if (index < 0 || index >= written.size()) {
            throw new IllegalArgumentException("it names type " + index + " of " + written.size());
        }
        String name = written.get(index).name();
        return leaves.computeIfAbsent(sealed, RecordType::leaves).stream()
                .filter(leaf -> leaf.getSimpleName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("it holds the " + sealed.getSimpleName() + " '" + name
                        + "', which this version of cam4j does not know"));
    }

    private static Object constant(Class<?> type, String name) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                "it holds the " + type.getSimpleName() + " '" + name + "', which this version of cam4j does not know");
    }

    private boolean truth() {
        byte value = left(1).get();
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException("it holds " + value + " where 0 or 1 belongs");
        }
        return value == 1;
    }

    private String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    private byte[] bytes() {
        byte[] array = new byte[count(1)];
        bytes.get(array);
        return array;
    }

    private float[] floats() {
        float[] array = new float[count(Float.BYTES)];
        bytes.asFloatBuffer().get(array);
        bytes.position(bytes.position() + array.length * Float.BYTES);
        return array;
    }

    /** How many follow, of at least so many bytes each. */
    private int count(int bytesEach) {
        int count = left(Integer.BYTES).getInt();
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
