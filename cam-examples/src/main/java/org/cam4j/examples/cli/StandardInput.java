package org.cam4j.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

/**
 * The photo in standard input, {@code -} on the command line: a file in the temporary folder until the program ends.
 *
 * <p>A program that is killed leaves its file. It also leaves the lock beside it to others: whoever reads standard input next deletes it.
 */
final class StandardInput {

    /** What a user writes for it. */
    static final String NAME = "-";

    private static final String FOLDERS = "cam4j-stdin-";
    private static final String FILE = "stdin";

    /** Beside the photo: closing any stream of a file drops the process's locks on it. */
    private static final String LOCK = "lock";

    /** Between a folder's creation and its lock. */
    private static final Duration YOUNG = Duration.ofMinutes(1);

    private StandardInput() {}

    /** Reads a stream to its end into a file, whose name becomes that of the results. */
    static Path file(InputStream in) throws IOException {
        Path folder = Files.createTempDirectory(FOLDERS);
        sweep(folder.getParent());
        Path file = folder.resolve(FILE);
        Path lock = folder.resolve(LOCK);
        // In this order: the last one is deleted first.
        folder.toFile().deleteOnExit();
        lock.toFile().deleteOnExit();
        file.toFile().deleteOnExit();
        claim(lock);
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        return file;
    }

    /** Locks until the process ends. */
    @SuppressWarnings("resource") // Closing the channel would release the lock.
    private static void claim(Path lock) throws IOException {
        FileChannel.open(lock, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
                .tryLock();
    }

    /** Deletes what killed programs left. */
    static void sweep(Path temporary) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(temporary, FOLDERS + "*")) {
            for (Path folder : folders) {
                if (isOld(folder)) {
                    deleteIfLeft(folder);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // A temporary folder that cannot be listed can still be written.
            return;
        }
    }

    private static boolean isOld(Path folder) throws IOException {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .isBefore(Instant.now().minus(YOUNG));
    }

    private static void deleteIfLeft(Path folder) {
        try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(folder.resolve(FILE));
                Files.deleteIfExists(folder.resolve(LOCK));
                Files.deleteIfExists(folder);
            }
        } catch (IOException | OverlappingFileLockException e) {
            // Another user's, or of this process.
            return;
        }
    }
}
