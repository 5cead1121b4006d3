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
 * @param given the path as given by the user, a folder or a file of boxes
 * @param path the file; empty if the photo is refused before it is read
 * @param name the name of the photo's results: the file's name without its ending, made unique
 * @param refusal the reason if {@code path} is empty
 */
record PhotoFile(String given, Optional<Path> path, String name, String refusal) {

    /** Creates a photo that fails before it is read. */
    static PhotoFile refused(String given, String reason) {
        return new PhotoFile(given, Optional.empty(), "", reason);
    }

    /** Names a photo of standard input, whose file is a temporary one, as the user gave it. */
    PhotoFile named(String asGiven) {
        return new PhotoFile(asGiven, path, name, refusal);
    }

    /** Returns a reason with the photo as the user named it, in place of the file that was read. */
    String inGivenTerms(String reason) {
        return path.map(file -> reason.replace(file.toString(), given)).orElse(reason);
    }

    /** Returns the file's name for messages. */
    String shown() {
        return Printable.of(path.map(Path::getFileName).map(Path::toString).orElse(given));
    }

    /** Creates photos with unique names, so that their results do not overwrite each other. */
    static final class Names {

        private final Set<String> used = new HashSet<>();

        /** Creates a photo from a text, which may be no valid file name. */
        PhotoFile of(String given) {
            try {
                return of(GivenPath.of(given));
            } catch (InvalidPathException e) {
                return refused(given, Messages.of(e));
            }
        }

        /** Creates a photo of a folder from its name in a file of boxes. Accepts regular files only: a device would be read without end. */
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

        /** Creates a photo. If its name has bytes unknown to this machine's encoding, it is refused: results could not be named. */
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

        /**
         * Creates one of several images in a file.
         *
         * @param shown what messages call the image
         */
        PhotoFile in(Path file, int index, String shown) {
            return new PhotoFile(shown, Optional.of(file.resolveSibling(shown)), unique(stem(file) + "_" + index), "");
        }

        private static String stem(Path path) {
            Path file = path.getFileName();
            String name = file == null ? "" : file.toString();
            int dot = name.lastIndexOf('.');
            return dot > 0 ? name.substring(0, dot) : name;
        }

        /** Ignores case, as some file systems do. */
        private String unique(String stem) {
            String name = stem;
            for (int i = 2; !used.add(name.toLowerCase(Locale.ROOT)); i++) {
                name = stem + "_" + i;
            }
            return name;
        }
    }
}
