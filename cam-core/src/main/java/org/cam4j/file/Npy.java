package org.cam4j.file;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** NumPy's array files, version 1.0 (NEP 1): little-endian float32 in C order, read by {@code numpy.load}. {@link NpyArray} reads others. */
public final class Npy {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;

    private Npy() {}

    /**
     * Writes an array.
     *
     * @param file the path to write; written whole or not at all
     * @param values row-major
     * @param shape sizes whose product is the number of values
     * @throws UncheckedIOException if the file cannot be written
     */
    public static void write(Path file, float[] values, int... shape) {
        byte[] bytes = encode(values, shape);
        WholeFile.write(file, out -> out.write(bytes));
    }

    /**
     * Encodes an array as the bytes of a file.
     *
     * @param values row-major
     * @param shape sizes whose product is the number of values
     * @return a new array
     */
    public static byte[] encode(float[] values, int... shape) {
        return encode(0, values, shape);
    }

    /**
     * Encodes an array as the bytes of a file with a longer header than necessary, which every reader accepts.
     *
     * @param headerBytes the least number of bytes before the values; a multiple of 64
     * @param values row-major
     * @param shape sizes whose product is the number of values
     * @return a new array
     */
    public static byte[] encode(int headerBytes, float[] values, int... shape) {
        if (Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact) != values.length) {
            throw new IllegalArgumentException(
                    values.length + " values do not fill the shape " + Arrays.toString(shape));
        }
        byte[] header = header(headerBytes, shape);
        ByteBuffer bytes = ByteBuffer.allocate(
                        Math.addExact(header.length, Math.multiplyExact(values.length, Float.BYTES)))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(header);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /**
     * Decodes the bytes of a file that {@link #encode} wrote.
     *
     * @param bytes a whole file; not modified
     * @param shape the shape that the array must have
     * @return a new array, row-major
     * @throws IllegalArgumentException if the file holds another kind of array, another shape, or too few or too many values
     */
    public static float[] decode(byte[] bytes, int... shape) {
        byte[] header = header(0, shape);
        if (!Arrays.equals(header, Arrays.copyOf(bytes, header.length))) {
            throw new IllegalArgumentException(
                    "no NumPy array of little-endian float32 in C order of shape " + Arrays.toString(shape));
        }
        double count = Arrays.stream(shape).asDoubleStream().reduce(1, (product, size) -> product * size);
        if (bytes.length - header.length != count * Float.BYTES) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "a NumPy array of shape %s needs %.0f bytes of values, not %d",
                    Arrays.toString(shape),
                    count * Float.BYTES,
                    bytes.length - header.length));
        }
        float[] values = new float[(int) count];
        ByteBuffer.wrap(bytes, header.length, bytes.length - header.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }

    private static byte[] header(int least, int[] shape) {
        String sizes = Arrays.stream(shape).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        String dictionary =
                "{'descr': '<f4', 'fortran_order': False, 'shape': (" + sizes + (shape.length == 1 ? "," : "") + "), }";
        // Padded so that the values begin at a multiple of 64 bytes; ends with a newline.
        int unpadded = MAGIC.length + Short.BYTES + dictionary.length() + 1;
        int aligned = unpadded + Math.floorMod(-unpadded, ALIGNMENT);
        String padded = dictionary + " ".repeat(Math.max(aligned, least) - unpadded) + "\n";
        return ByteBuffer.allocate(MAGIC.length + Short.BYTES + padded.length())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putShort((short) padded.length())
                .put(padded.getBytes(StandardCharsets.US_ASCII))
                .array();
    }
}
