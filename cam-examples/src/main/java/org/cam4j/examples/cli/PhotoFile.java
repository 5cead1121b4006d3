package org.cam4j.examples.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A photo to explain.
 *
 * @param given as the user, a folder or a file of boxes has it
 * @param path the file; nothing where it is refused before it is read
 * @param name what its results are called: the file's name without its ending, made unique
 * @param refusal why there is no path; empty otherwise
 */
record PhotoFile(String given, Optional<Path> path, String name, String refusal) {

    /** A photo that fails before it is read. */
    static PhotoFile refused(String given, String reason) {
        return new PhotoFile(given, Optional.empty(), "", reason);
    }

    /** The file's name, to be shown. */
    String shown() {
        return Printable.of(path.map(Path::getFileName).map(Path::toString).orElse(given));
    }

    /** Makes photos whose results do not overwrite each other's. */
    static final class Names {

        private final Set<String> used = new HashSet<>();

        /** A photo by its name as a text, which perhaps no file can have. */
        PhotoFile of(String given) {
            try {
                return of(GivenPath.of(given));
            } catch (InvalidPathException e) {
                return refused(given, Messages.of(e));
            }
        }

        /** A photo of a folder by its name in a file of boxes; an ordinary one, since a device would be read without end. */
        PhotoFile in(Path folder, String name) {
            try {
                Path file = folder.resolve(name);
                return Files.exists(file) && !Files.isRegularFile(file)
                        ? refused(
                                name, "'" + Printable.of(file) + "' is a folder, a device or a pipe: expected a photo")
                        : of(file);
            } catch (InvalidPathException e) {
                return refused(name, Messages.of(e));
            }
        }

        /** A photo, unless its name has bytes that this machine's encoding does not know: its results could not be named. */
        PhotoFile of(Path path) {
            String given = path.toString();
            try {
                if (path.getFileSystem().getPath(given).equals(path)) {
                    return new PhotoFile(given, Optional.of(path), unique(stem(path)), "");
                }
            } catch (InvalidPathException e) {
                return refused(given, Messages.of(e));
            }
            return refused(given, Messages.unnameable(given));
        }

        private static String stem(Path path) {
            Path file = path.getFileName();
            String name = file == null ? "" : file.toString();
            int dot = name.lastIndexOf('.');
            return dot > 0 ? name.substring(0, dot) : name;
        }

        /** Some file systems do not tell case apart, so neither does this. */
        private String unique(String stem) {
            String name = stem;
            for (int i = 2; !used.add(name.toLowerCase(Locale.ROOT)); i++) {
                name = stem + "_" + i;
            }
            return name;
        }
    }
}
