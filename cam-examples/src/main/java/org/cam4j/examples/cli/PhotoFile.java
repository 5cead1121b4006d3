package org.cam4j.examples.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A photo to explain.
 *
 * @param path the file
 * @param name what its results are called: the file's name without its ending, made unique
 */
record PhotoFile(Path path, String name) {

    private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "jpe", "png", "webp", "gif", "bmp", "tif", "tiff");

    /**
     * All photos of files and folders; a folder gives the pictures that lie directly in it, by name.
     *
     * @throws IllegalArgumentException if a folder holds no pictures
     */
    static List<PhotoFile> collect(List<Path> given) {
        List<Path> paths = new ArrayList<>();
        for (Path path : given) {
            if (Files.isDirectory(path)) {
                List<Path> inside = pictures(path);
                if (inside.isEmpty()) {
                    throw new IllegalArgumentException(
                            "no pictures in folder '" + path + "': expected files that end in "
                                    + String.join(", ", new java.util.TreeSet<>(ENDINGS)) + ".");
                }
                paths.addAll(inside);
            } else {
                paths.add(path);
            }
        }
        List<PhotoFile> files = new ArrayList<>();
        Set<String> used = new HashSet<>();
        for (Path path : paths) {
            files.add(new PhotoFile(path, unique(stem(path), used)));
        }
        return files;
    }

    private static List<Path> pictures(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> ENDINGS.contains(ending(entry)) && Files.isRegularFile(entry))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("folder '" + folder + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static String ending(Path path) {
        String name = path.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static String stem(Path path) {
        String name = path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    /** Some file systems do not tell case apart, so neither does this. */
    private static String unique(String stem, Set<String> used) {
        String name = stem;
        for (int i = 2; !used.add(name.toLowerCase(Locale.ROOT)); i++) {
            name = stem + "_" + i;
        }
        return name;
    }
}
