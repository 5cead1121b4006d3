package org.cam4j.file;

import java.io.BufferedOutputStream;
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
import java.util.concurrent.ThreadLocalRandom;

/** Writes a file beside its place and moves it there when it is finished. */
public final class WholeFile {

    private WholeFile() {}

    /** What fills a file. */
    @FunctionalInterface
    public interface Content {

        /**
         * Writes everything.
         *
         * @param out buffered; closed by the caller
         * @throws IOException if it cannot be written
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file; folders on the way are made, an existing file is replaced.
     *
     * @param file where to
     * @param content what to write
     * @throws UncheckedIOException if the folder cannot be made or the file not be written; nothing is left behind then
     */
    public static void write(Path file, Content content) {
        Path target = file.toAbsolutePath();
        try {
            if (Files.isDirectory(target)) {
                throw new FileSystemException(file.toString(), null, "it is a folder");
            }
            Files.createDirectories(target.getParent());
            // Not Files.createTempFile, whose files only their owner may read.
            String unique = Long.toHexString(ThreadLocalRandom.current().nextLong());
            Path unfinished = target.resolveSibling(".cam4j-" + unique + ".tmp");
            try {
                try (OutputStream out = new BufferedOutputStream(
                        Files.newOutputStream(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                    content.writeTo(out);
                }
                replace(target, unfinished);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the file '" + file + "' cannot be written: " + reason(e)
                            + ". Check that its folder exists or can be made, and that you may write there.",
                    e);
        }
    }

    private static void replace(Path target, Path unfinished) throws IOException {
        try {
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            // As on some network drives and file systems in archives; the best that they offer.
            Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String reason(IOException failure) {
        if (failure instanceof FileAlreadyExistsException inTheWay) {
            return "the file '" + inTheWay.getFile() + "' is where a folder is needed";
        }
        if (failure instanceof AccessDeniedException) {
            return "access is denied";
        }
        return failure instanceof FileSystemException refused && refused.getReason() != null
                ? refused.getReason()
                : failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }
}
