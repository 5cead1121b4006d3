package org.cam4j.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Arrays of an {@code .npz} file of the test resources: little-endian, float32 or int32, in C order. */
public final class Npz {

    private static final Pattern SHAPE = Pattern.compile("'shape': \\(([^)]*)\\)");

    private final Map<String, Array> arrays = new HashMap<>();

    /** An array, row-major. */
    public record Array(int[] shape, float[] values) {

        /** Returns the part at an index of the first axis. */
        public Array at(int index) {
            int[] rest = Arrays.copyOfRange(shape, 1, shape.length);
            int size = values.length / shape[0];
            return new Array(rest, Arrays.copyOfRange(values, index * size, (index + 1) * size));
        }
    }

    public static Npz read(String resource) {
        Npz npz = new Npz();
        try (InputStream file = Npz.class.getResourceAsStream(resource);
                ZipInputStream zip = new ZipInputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                npz.arrays.put(entry.getName().replace(".npy", ""), array(zip.readAllBytes()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return npz;
    }

    public Array get(String name) {
        return arrays.get(name);
    }

    private static Array array(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int start = 10 + buffer.getShort(8);
        String header = new String(bytes, 0, start, StandardCharsets.ISO_8859_1);
        Matcher sizes = SHAPE.matcher(header);
        if (!sizes.find() || header.contains("True")) {
            throw new IllegalArgumentException(header);
        }
        int[] shape = Arrays.stream(sizes.group(1).split(","))
                .map(String::strip)
                .filter(size -> !size.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
        float[] values = new float[(bytes.length - start) / Float.BYTES];
        for (int i = 0; i < values.length; i++) {
            int at = start + i * Float.BYTES;
            values[i] = header.contains("<i4") ? buffer.getInt(at) : buffer.getFloat(at);
        }
        return new Array(shape, values);
    }
}
