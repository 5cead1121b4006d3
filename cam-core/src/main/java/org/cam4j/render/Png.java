package org.cam4j.render;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes PNG files whole or not at all: whoever looks at the path sees the old file, none, or the finished new one. */
final class Png {

    private Png() {}

    /**
     * Writes a picture; folders on the way are made, an existing file is replaced.
     *
     * @throws UncheckedIOException if the folder cannot be made or the file not be written; nothing is left behind then
     */
    static void write(BufferedImage picture, Path file) {
        Path target = file.toAbsolutePath();
        try {
            if (Files.isDirectory(target)) {
                throw new FileSystemException(file.toString(), null, "it is a folder");
            }
            Files.createDirectories(target.getParent());
            // Not Files.createTempFile, whose files only their owner may read.
            Path unfinished = target.resolveSibling(".cam4j-" + UUID.randomUUID() + ".tmp");
            try {
                encode(picture, unfinished);
                replace(target, unfinished);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the picture '" + file + "' cannot be written: " + reason(e)
                            + ". Check that its folder exists or can be made, and that you may write there.",
                    e);
        }
    }

    private static void encode(BufferedImage picture, Path file) throws IOException {
        // In memory: ImageIO's own stream would put a second temporary file into java.io.tmpdir.
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            if (!ImageIO.write(picture, "png", stream)) {
                throw new IllegalStateException("no PNG writer takes a picture of " + picture.getColorModel());
            }
        }
    }

    private static void replace(Path target, Path unfinished) throws IOException {
        try {
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            // As some network drives and file systems in archives; the best that they offer.
            Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof FileAlreadyExistsException inTheWay) {
            return "the file '" + inTheWay.getFile() + "' is where a folder is needed";
        }
        if (e instanceof AccessDeniedException) {
            return "access is denied";
        }
        return e instanceof FileSystemException refused && refused.getReason() != null
                ? refused.getReason()
                : e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
