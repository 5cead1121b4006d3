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
 * <p>A file that is being written is locked. One that can be locked by another and that is older than a minute, which bridges the
 * moments before locking and after closing, has lost its program and is deleted. Where the file system has no locks, nothing is.
 */
final class UnfinishedFiles {

    private static final String NAMES = ".cam4j-*.tmp";
    private static final String NAME = "\\.cam4j-[0-9a-f]{1,16}\\.tmp";
    private static final Duration YOUNG = Duration.ofMinutes(1);

    /** Listing a folder of many files for each file that is written there would cost more than writing it. */
    private static final int REMEMBERED = 256;

    /** Never opened to be locked: POSIX gives up a process's own lock with the first descriptor of the file that it closes. */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private static final Map<Path, Boolean> SWEPT = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    private UnfinishedFiles() {}

    /** A name in the folder that no other file has; to be {@link #forget forgotten} when the file is gone. */
    static Path in(Path folder) {
        // Not Files.createTempFile, whose files only their owner may read.
        Path file = folder.resolve(
                ".cam4j-" + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp");
        OURS.add(file);
        return file;
    }

    static void forget(Path file) {
        OURS.remove(file);
    }

    /** Tells other programs that the file is being written, until the channel is closed. */
    static void claim(FileChannel channel) {
        try {
            channel.tryLock();
        } catch (IOException e) {
            // A file system without locks: no other run takes the file for a leftover there.
            return;
        }
    }

    /** Deletes what killed programs left in a folder; once for each of the last folders, since it lists the whole folder. */
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
            // Tidying up is no part of writing a file: a folder that cannot be listed can be written to.
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
