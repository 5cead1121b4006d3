package org.cam4j.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One preprocessed image from a NumPy file.
 *
 * @param values [height, width, channels]
 */
record NpyInput(float[] values, int height, int width, int channels) {

    private static final Pattern HEADER =
            Pattern.compile("'descr': '<f4'.*'fortran_order': False.*'shape': \\(1, (\\d+), (\\d+), (\\d+)\\)");

    static NpyInput read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int length = bytes.getShort(8);
        Matcher header = HEADER.matcher(new String(bytes.array(), 10, length, StandardCharsets.US_ASCII));
        if (!header.find()) {
            throw new IOException("'" + file + "' is no float32 array [1, height, width, channels]");
        }
        float[] values = new float[(bytes.limit() - 10 - length) / Float.BYTES];
        bytes.position(10 + length)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return new NpyInput(
                values,
                Integer.parseInt(header.group(1)),
                Integer.parseInt(header.group(2)),
                Integer.parseInt(header.group(3)));
    }

    float[] repeated(int times) {
        float[] batch = new float[times * values.length];
        for (int i = 0; i < times; i++) {
            System.arraycopy(values, 0, batch, i * values.length, values.length);
        }
        return batch;
    }
}
