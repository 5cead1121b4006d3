package org.cam4j.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The shipped model, photos and what Keras computed for them. */
public final class Demo {

    public static final Path FOLDER = Path.of("demo");
    public static final Path MODEL = FOLDER.resolve("efficientnet-lite0-imagenet.h5");
    public static final Path PHOTOS = FOLDER.resolve("photos");

    private Demo() {}

    /** A line of photos.csv: a photo, its class and the box drawn by hand. */
    public record Photo(Path file, int index, String label, int x0, int y0, int x1, int y1) {}

    /** The photos in the order of photos.csv and of the reference arrays. */
    public static List<Photo> photos() {
        try {
            return Files.readAllLines(PHOTOS.resolve("photos.csv"), StandardCharsets.UTF_8).stream()
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .map(f -> new Photo(
                            PHOTOS.resolve(f[0]),
                            number(f[3]),
                            f[4],
                            number(f[5]),
                            number(f[6]),
                            number(f[7]),
                            number(f[8])))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }

    /** A float32 or uint8 array of demo/reference, as floats. */
    public static float[] reference(String name) {
        try {
            ByteBuffer file = ByteBuffer.wrap(
                            Files.readAllBytes(FOLDER.resolve("reference").resolve(name)))
                    .order(ByteOrder.LITTLE_ENDIAN);
            int header = file.getShort(8);
            String dictionary = new String(file.array(), 10, header, StandardCharsets.US_ASCII);
            ByteBuffer data = file.position(10 + header).slice().order(ByteOrder.LITTLE_ENDIAN);
            if (dictionary.contains("'|u1'")) {
                float[] values = new float[data.remaining()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = data.get(i) & 0xFF;
                }
                return values;
            }
            if (!dictionary.contains("'<f4'")) {
                throw new IllegalArgumentException(name + " is neither uint8 nor float32: " + dictionary);
            }
            float[] values = new float[data.remaining() / Float.BYTES];
            data.asFloatBuffer().get(values);
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
