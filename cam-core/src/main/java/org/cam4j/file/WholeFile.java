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

/** Writes a file under a temporary name in the same folder and renames it when it is complete. */
public final class WholeFile {

    private WholeFile() {}

    /** The writer of a file's content. */
    @FunctionalInterface
    public interface Content {

        /**
         * Writes the whole content.
         *
         * @param out buffered; closed by the caller
         * @throws IOException if writing fails
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file; creates missing folders and replaces an existing file. The content is on the disk before the file gets its name: after
     * a power failure, the path holds the old file or the new one.
     *
     * <p>Also deletes unfinished files that killed programs left in the folder.
     *
     * @param file the path to write
     * @param content writes the content
     * @throws UncheckedIOException if the folder cannot be created, the file cannot be written, or the path is not an ordinary file but,
     *     for example, a folder or a device; no unfinished file is left then
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
            // A move would replace /dev/null by an ordinary file.
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
            // The first failure itself, not an exception that wraps it.
            file.requireWhole();
            throw e;
        }
        // If the content ignored a failed write, bytes would be missing in the file.
        file.requireWhole();
    }

    /** Forces the new name to the disk, if the system can open a folder. */
    private static void settle(Path folder) {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        } catch (IOException | UnsupportedOperationException e) {
            // Windows and file systems in archives: the file is complete, and the system writes its name later.
            return;
        }
    }

    private static void replace(Path target, Path unfinished) throws IOException {
        try {
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            // Some network drives and file systems in archives have no atomic move.
            Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
