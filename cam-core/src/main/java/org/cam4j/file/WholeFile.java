package org.cam4j.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

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
     * Writes a file; folders on the way are made, an existing file is replaced. The content is on the disk before the file gets its
     * name, so that a machine that loses its power has the old file or the new one.
     *
     * <p>What a killed program left unfinished in the folder is deleted on the way.
     *
     * @param file where to
     * @param content what to write
     * @throws UncheckedIOException if the folder cannot be made or the file not be written, or something else than an ordinary file,
     *     such as a folder or a device, has its name; nothing is left behind then
     */
    public static void write(Path file, Content content) {
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        try {
            requireReplaceable(file, target);
            Files.createDirectories(folder);
            UnfinishedFiles.sweep(folder);
            Path unfinished = UnfinishedFiles.in(folder);
            try {
                fill(unfinished, content);
                replace(target, unfinished);
                settle(folder);
            } finally {
                Files.deleteIfExists(unfinished);
                UnfinishedFiles.forget(unfinished);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the file '" + file + "' cannot be written: " + WriteFailure.reason(e) + ". "
                            + WriteFailure.advice(e),
                    e);
        }
    }

    private static void requireReplaceable(Path file, Path target) throws IOException {
        if (Files.isDirectory(target)) {
            throw new FileSystemException(file.toString(), null, "it is a folder");
        }
        if (target.getParent() == null || (Files.exists(target) && !Files.isRegularFile(target))) {
            // The move would put a file in the place of /dev/null.
            throw new FileSystemException(file.toString(), null, "it is a device or a pipe, no ordinary file");
        }
    }

    private static void fill(Path unfinished, Content content) throws IOException {
        try (SeekableByteChannel channel =
                Files.newByteChannel(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            if (channel instanceof FileChannel disk) {
                UnfinishedFiles.claim(disk);
            }
            writeAll(content, new UnfinishedStream(channel));
            if (channel instanceof FileChannel disk) {
                disk.force(true);
            }
        }
    }

    private static void writeAll(Content content, UnfinishedStream file) throws IOException {
        OutputStream out = new BufferedOutputStream(file);
        try {
            content.writeTo(out);
            out.flush();
        } catch (IOException | RuntimeException e) {
            // Rather than an exception that wraps it.
            file.requireWhole();
            throw e;
        }
        // A content that went on after a failure would leave a hole.
        file.requireWhole();
    }

    /** Puts the new name on the disk too, where the system lets a folder be opened. */
    private static void settle(Path folder) {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        } catch (IOException | UnsupportedOperationException e) {
            // Windows and file systems in archives: the file is whole, its name comes when the system writes it.
            return;
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
}
