package org.cam4j.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The files that {@link WholeFile} is writing, and those that a killed program left behind.
 *
 * <p>A file is locked while it is written. If another program can lock the file and it is older than a minute, its writer has died, and
 * the file is deleted. The minute covers the moments before locking and after closing. Without locks in the file system, nothing is
 * deleted.
 */
final class UnfinishedFiles {

    private static final String NAMES = ".cam4j-*.tmp";
    private static final String NAME = "\\.cam4j-[0-9a-f]{1,16}\\.tmp";
    private static final Duration YOUNG = Duration.ofMinutes(1);

    /** The number of swept folders to remember: listing a large folder for every file written there costs more than the writing. */
    private static final int REMEMBERED = 256;

    /** This process's own files; sweeping never opens them: closing any descriptor of a file drops the process's POSIX locks on it. */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private static final Map<Path, Boolean> SWEPT = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    private UnfinishedFiles() {}

    /** Returns an unused name in the folder; {@link #forget} it when the file is gone. */
    static Path in(Path folder) {
        // Not Files.createTempFile, because only the owner may read its files.
        Path file = folder.resolve(
                ".cam4j-" + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp");
        OURS.add(file);
        return file;
    }

    static void forget(Path file) {
        OURS.remove(file);
    }

    /** Locks the file until the channel is closed, so that other programs do not delete it. */
    static void claim(FileChannel channel) {
        try {
            channel.tryLock();
        } catch (IOException e) {
            // A file system without locks: nothing is deleted there, so the file is safe.
            return;
        }
    }

    /** Deletes the files that killed programs left in a folder; once per remembered folder, because it lists the whole folder. */
    static void sweep(Path folder) {
        synchronized (SWEPT) {
            if (SWEPT.putIfAbsent(folder, true) != null) {
                return;
            }
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, NAMES)) {
            for (Path file : files) {
                if (file.getFileName().toString().matches(NAME) && !OURS.contains(file) && isOld(file)) {
                    deleteIfLeft(file);
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // Ignored: a folder that cannot be listed may still be writable.
            return;
        }
    }

    private static boolean isOld(Path file) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .isBefore(Instant.now().minus(YOUNG));
    }

    private static void deleteIfLeft(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | OverlappingFileLockException | UnsupportedOperationException e) {
            // Another user's, being written in this JVM by another class loader, or on a file system without locks:
            // stays.
            return;
        }
    }
}
