package org.cam4j.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.Set;
import org.cam4j.exception.Quoted;

/**
 * The folder into which JavaCPP unpacks native libraries: the one of its setting {@code org.bytedeco.javacpp.cachedir}, otherwise
 * {@code ~/.javacpp/cache}, otherwise one in the system's temporary folder. Another user can guess that last name and put libraries of
 * his own there, which would run as this user's.
 */
public final class NativeCache {

    private static final Set<PosixFilePermission> OTHERS_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private static final String REMEDY = "name a folder of your own by -Dorg.bytedeco.javacpp.cachedir=FOLDER.";

    private NativeCache() {}

    /**
     * Checks the folder that JavaCPP will use. Call before its first class is loaded.
     *
     * @return what is wrong with it, and what to do; empty if libraries may be unpacked there and loaded
     */
    public static Optional<String> problem() {
        if (System.getProperty("org.bytedeco.javacpp.cachedir") != null
                || System.getProperty("org.bytedeco.javacpp.cacheDir") != null) {
            return Optional.empty();
        }
        return problem(
                Path.of(System.getProperty("user.home"), ".javacpp", "cache"),
                Path.of(System.getProperty("java.io.tmpdir")),
                System.getProperty("user.name"));
    }

    /**
     * @param home the folder that JavaCPP tries first
     * @param temporary the system's temporary folder
     */
    static Optional<String> problem(Path home, Path temporary, String user) {
        if (isUsable(home)) {
            return Optional.empty();
        }
        Path guessable = temporary.resolve(".javacpp-" + user);
        try {
            create(guessable);
            UserPrincipal self = owner(Files.createTempFile(temporary, ".cam4j-", ".tmp"));
            for (Path folder : new Path[] {guessable, guessable.resolve("cache")}) {
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
