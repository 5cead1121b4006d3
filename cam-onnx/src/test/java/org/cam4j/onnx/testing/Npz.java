package org.cam4j.onnx.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** NumPy's archives: arrays by name, as floats. */
public final class Npz {

    private static final Pattern HEADER =
            Pattern.compile("'descr': '([<|][fui]\\d)'.*'fortran_order': (False|True).*'shape': \\(([^)]*)\\)");

    private Npz() {}

    /**
     * An array.
     *
     * @param dims its axes
     * @param values row-major
     */
    public record Array(int[] dims, float[] values) {}

    public static Map<String, Array> read(Path file) {
        Map<String, Array> arrays = new HashMap<>();
        try (InputStream stream = Files.newInputStream(file);
                ZipInputStream zip = new ZipInputStream(stream)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                arrays.put(entry.getName().replace(".npy", ""), array(zip.readAllBytes()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return arrays;
    }

    private static float[] rowMajor(int[] dims, float[] columnMajor) {
        float[] values = new float[columnMajor.length];
        int[] index = new int[dims.length];
        for (float value : columnMajor) {
            int place = 0;
            for (int axis = 0; axis < dims.length; axis++) {
                place = place * dims[axis] + index[axis];
            }
            values[place] = value;
            for (int axis = 0; axis < dims.length && ++index[axis] == dims[axis]; axis++) {
                index[axis] = 0;
            }
        }
        return values;
    }

    private static Array array(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = buffer.getShort(8);
        Matcher header = HEADER.matcher(new String(bytes, 10, length, StandardCharsets.US_ASCII));
        if (!header.find()) {
            throw new IllegalArgumentException("no plain array");
        }
        int[] dims = Arrays.stream(header.group(3).split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
        float[] values = new float[Arrays.stream(dims).reduce(1, (a, b) -> a * b)];
        buffer.position(10 + length);
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (header.group(1)) {
                case "<f4" -> buffer.getFloat();
                case "<f8" -> (float) buffer.getDouble();
                case "<i4" -> buffer.getInt();
                case "<i8" -> buffer.getLong();
                case "|u1" -> buffer.get() & 0xff;
                default -> throw new IllegalArgumentException(header.group(1));
            };
        }
        return new Array(dims, header.group(2).equals("True") ? rowMajor(dims, values) : values);
    }
}
