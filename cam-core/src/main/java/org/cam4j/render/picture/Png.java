package org.cam4j.render.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.cam4j.file.WholeFile;

/** Writes PNG files whole or not at all. */
public final class Png {

    private Png() {}

    /**
     * Writes a picture; folders on the way are made, an existing file is replaced.
     *
     * @throws UncheckedIOException if the folder cannot be made or the file not be written; nothing is left behind then
     */
    public static void write(BufferedImage picture, Path file) {
        WholeFile.write(file, out -> write(picture, out));
    }

    /** The bytes of a picture's file. */
    public static byte[] encode(BufferedImage picture) {
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
            ImageWriter writer = writer(picture);
            try {
                writer.setOutput(stream);
                writer.write(new IIOImage(picture, null, origin(writer, picture)));
            } finally {
                writer.dispose();
            }
        }
    }

    private static ImageWriter writer(BufferedImage picture) {
        Iterator<ImageWriter> writers =
                ImageIO.getImageWriters(ImageTypeSpecifier.createFromRenderedImage(picture), "png");
        if (!writers.hasNext()) {
            throw new IllegalStateException("no PNG writer takes a picture of " + picture.getColorModel());
        }
        return writers.next();
    }

    /** PNG's text {@code Software}: a picture that is a result can be told from the photos beside it. */
    private static IIOMetadata origin(ImageWriter writer, BufferedImage picture) throws IOException {
        IIOMetadata metadata =
                writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(picture), null);
        IIOMetadataNode entry = new IIOMetadataNode("tEXtEntry");
        entry.setAttribute("keyword", "Software");
        entry.setAttribute("value", "cam4j");
        IIOMetadataNode text = new IIOMetadataNode("tEXt");
        text.appendChild(entry);
        IIOMetadataNode root = new IIOMetadataNode("javax_imageio_png_1.0");
        root.appendChild(text);
        metadata.mergeTree("javax_imageio_png_1.0", root);
        return metadata;
    }
}
