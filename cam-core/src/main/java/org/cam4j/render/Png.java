package org.cam4j.render;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.cam4j.file.WholeFile;

/** Writes PNG files whole or not at all. */
final class Png {

    private Png() {}

    /**
     * Writes a picture; folders on the way are made, an existing file is replaced.
     *
     * @throws UncheckedIOException if the folder cannot be made or the file not be written; nothing is left behind then
     */
    static void write(BufferedImage picture, Path file) {
        WholeFile.write(file, out -> write(picture, out));
    }

    /** The bytes of a picture's file. */
    static byte[] encode(BufferedImage picture) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(picture, bytes);
        } catch (IOException e) {
            throw new IllegalStateException("a picture could not be written to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void write(BufferedImage picture, OutputStream out) throws IOException {
        // In memory: ImageIO's own stream would put a second temporary file into java.io.tmpdir.
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            if (!ImageIO.write(picture, "png", stream)) {
                throw new IllegalStateException("no PNG writer takes a picture of " + picture.getColorModel());
            }
        }
    }
}
