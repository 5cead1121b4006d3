package org.cam4j.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cam4j.exception.Quoted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder into which JavaCPP unpacks native libraries: the one of its setting {@code org.bytedeco.javacpp.cachedir}, otherwise
 * {@code ~/.javacpp/cache} ({@code cache-onednn} without ND4J), otherwise one in the system's temporary folder. Another user can guess that
 * last name and put libraries of his own there, which would run as this user's.
 */
public final class NativeCache {

    private static final String SETTING = "org.bytedeco.javacpp.cachedir";

    private static final Set<PosixFilePermission> OTHERS_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private static final String REMEDY = "name a folder of your own by -Dorg.bytedeco.javacpp.cachedir=FOLDER.";

    private static final Logger LOG = LoggerFactory.getLogger(NativeCache.class);

    /** Unpacking half a gigabyte takes seconds; a process that has stopped meanwhile does not stop the others. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Whether libraries were loaded here: from then on, others may be loaded by JavaCPP at any time. */
    private static boolean hasLoaded;

    private NativeCache() {}

    /**
     * Chooses and checks the folder that JavaCPP will use. Call before its first class is loaded.
     *
     * @return what is wrong with it, and what to do; empty if libraries may be unpacked there and loaded
     */
    public static synchronized Optional<String> problem() {
        if (System.getProperty(SETTING) != null || System.getProperty("org.bytedeco.javacpp.cacheDir") != null) {
            return Optional.empty();
        }
        String name = hasNd4j() ? "cache" : "cache-onednn";
        Path home = Path.of(System.getProperty("user.home"), ".javacpp", name);
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        String user = System.getProperty("user.name");
        Optional<String> problem = problem(home, temporary, user);
        if (problem.isEmpty() && !hasNd4j()) {
            Path chosen = isUsable(home) ? home : guessable(temporary, user).resolve(name);
            System.setProperty(SETTING, chosen.toString());
        }
        return problem;
    }

    /**
     * Whether ND4J's natives are unpacked too. They bring an OpenMP library of the name that oneDNN's has, and JavaCPP replaces one by the
     * other in place, under the feet of a process that runs with it: programs of both kinds need a folder each.
     */
    private static boolean hasNd4j() {
        try {
            Class.forName("org.nd4j.linalg.cpu.nativecpu.CpuBackend", false, NativeCache.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static Path guessable(Path temporary, String user) {
        return temporary.resolve(".javacpp-" + user);
    }

    /**
     * Loads native libraries while no other process of cam4j does. At every start JavaCPP may replace files and links in its folder, and
     * writes through a link that another process has just put back: into a library that runs, which ends in a crash of that JVM. Waits
     * a minute at most.
     *
     * @param loading loads libraries by JavaCPP
     */
    public static synchronized void load(Runnable loading) {
        load(loading, List.of());
    }

    /**
     * Loads native libraries as {@link #load(Runnable)}, and initialises classes that call them, if that can be done at once.
     *
     * @param loading loads libraries by JavaCPP
     * @param bindings JavaCPP's classes for these libraries
     */
    public static synchronized void load(Runnable loading, List<Class<?>> bindings) {
        load(
                () -> {
                    loading.run();
                    if (!hasLoaded) {
                        BindingClasses.initialize(bindings);
                    }
                    hasLoaded = true;
                },
                folder(),
                PATIENCE);
    }

    static void load(Runnable loading, Path folder, Duration patience) {
        try (FileChannel file = lockFile(folder)) {
            FileLock lock = lock(file, patience);
            try {
                loading.run();
            } finally {
                if (lock != null) {
                    lock.release();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the lock in " + Quoted.of(folder.toString()) + " cannot be released", e);
        }
    }

    /** Opens the lock's file; null if the folder cannot be written, and then JavaCPP does not write there either. */
    private static FileChannel lockFile(Path folder) {
        try {
            Files.createDirectories(folder);
            return FileChannel.open(folder.resolve(".cam4j-lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            LOG.debug("No lock for loading native libraries in {}", folder, e);
            return null;
        }
    }

    /** Returns the lock; null if another process holds it for longer, or the file system has no locks. */
    private static FileLock lock(FileChannel file, Duration patience) {
        if (file == null) {
            return null;
        }
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (true) {
                FileLock lock = tryLock(file);
                if (lock != null || System.nanoTime() >= end) {
                    return lock;
                }
                Thread.sleep(5);
            }
        } catch (IOException e) {
            LOG.debug("No lock for loading native libraries", e);
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Returns null if the lock is held: by another process, or in this one by cam4j under another class loader. */
    private static FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static Path folder() {
        String named = System.getProperty(
                "org.bytedeco.javacpp.cachedir", System.getProperty("org.bytedeco.javacpp.cacheDir"));
        Path home = Path.of(System.getProperty("user.home"), ".javacpp", "cache");
        if (named != null) {
            return Path.of(named);
        }
        return isUsable(home)
                ? home
                : Path.of(System.getProperty("java.io.tmpdir"), ".javacpp-" + System.getProperty("user.name"), "cache");
    }

    /**
     * @param home the folder that JavaCPP tries first
     * @param temporary the system's temporary folder
     */
    static Optional<String> problem(Path home, Path temporary, String user) {
        if (isUsable(home)) {
            return Optional.empty();
        }
        Path guessable = guessable(temporary, user);
        try {
            create(guessable);
            UserPrincipal self = owner(Files.createTempFile(temporary, ".cam4j-", ".tmp"));
            for (Path folder : new Path[] {guessable, guessable.resolve(home.getFileName())}) {
                Optional<String> found = foreign(folder, self);
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("neither " + Quoted.of(home.toString()) + " nor " + Quoted.of(guessable.toString())
                    + " can hold the native libraries (" + e.getMessage() + "): " + REMEDY);
        }
    }

    /** As JavaCPP decides it. */
    private static boolean isUsable(Path folder) {
        File file = folder.toFile();
        return (file.exists() || file.mkdirs()) && file.canRead() && file.canWrite() && file.canExecute();
    }

    /** Creates the folder for this user alone, where the file system knows users. */
    private static void create(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectory(folder);
            }
        }
    }

    private static UserPrincipal owner(Path file) throws IOException {
        try {
            return Files.getOwner(file);
        } finally {
            Files.delete(file);
        }
    }

    private static Optional<String> foreign(Path folder, UserPrincipal self) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        UserPrincipal owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
        String found = null;
        if (Files.isSymbolicLink(folder)) {
            found = "is a link";
        } else if (!owner.equals(self)) {
            found = "belongs to " + Quoted.of(owner.getName());
        } else if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                && Files.getPosixFilePermissions(folder).stream().anyMatch(OTHERS_WRITE::contains)) {
            found = "can be written by other users";
        }
        return Optional.ofNullable(found)
                .map(what -> "the folder for native libraries, " + Quoted.of(folder.toString()) + ", " + what
                        + ": another user could have put libraries there. Delete it, or " + REMEDY);
    }
}
