package org.cam4j.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The pictures of src/test/python/image_photos.py. */
final class Pictures {

    private static final String FOLDER = "/photos/";
    private static final String EXPECTED = ".rgb";

    private Pictures() {}

    /** All pictures that Pillow's reading is stored of. */
    static List<String> names() {
        try (Stream<Path> files =
                Files.list(Path.of(Pictures.class.getResource(FOLDER).toURI()))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(EXPECTED))
                    .map(name -> name.substring(0, name.length() - EXPECTED.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] encoded(String name) {
        try (InputStream in = Pictures.class.getResourceAsStream(FOLDER + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BufferedImage expected(String name) {
        ByteBuffer stored = ByteBuffer.wrap(encoded(name + EXPECTED));
        BufferedImage image = new BufferedImage(stored.getInt(), stored.getInt(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int red = stored.get() & 0xff;
                int green = stored.get() & 0xff;
                int blue = stored.get() & 0xff;
                image.setRGB(x, y, (red << 16) | (green << 8) | blue);
            }
        }
        return image;
    }

    static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    /** The absolute difference of every channel of every pixel. */
    static int[] differences(BufferedImage one, BufferedImage other) {
        int[] ones = pixels(one);
        int[] others = pixels(other);
        int[] differences = new int[ones.length * 3];
        for (int i = 0; i < differences.length; i++) {
            int shift = i % 3 * 8;
            differences[i] = Math.abs(((ones[i / 3] >> shift) & 0xff) - ((others[i / 3] >> shift) & 0xff));
        }
        return differences;
    }
}
