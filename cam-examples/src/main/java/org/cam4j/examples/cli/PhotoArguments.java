package org.cam4j.examples.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import picocli.CommandLine.Parameters;

/** The photos that a command is about: files, and the pictures in folders. */
final class PhotoArguments {

    /** The last three are taken so that each is refused in words of its own, rather than passed over. */
    private static final Set<String> ENDINGS = new TreeSet<>(
            Set.of("jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "bmp", "tif", "tiff", "heic", "heif", "avif"));

    /** Texts, so that one that no file can be called fails alone. */
    @Parameters(arity = "1..*", paramLabel = "PHOTO|FOLDER", description = "Photos, or folders of photos.")
    private List<String> given;

    /** What the photos are called together: the folder or the photo that was given. */
    String title() {
        if (given.size() > 1) {
            return "Class activation maps";
        }
        try {
            Path only = Path.of(given.get(0)).toAbsolutePath().normalize().getFileName();
            return only == null ? "Class activation maps" : "Class activation maps: " + only;
        } catch (InvalidPathException e) {
            return "Class activation maps";
        }
    }

    /**
     * All photos of the files and folders; a folder gives the pictures that lie directly in it, by name, without hidden files and
     * the pictures that cam4j drew. What is left out is named once.
     *
     * @throws IllegalArgumentException if a folder holds no pictures
     */
    List<PhotoFile> collect(PrintWriter err, boolean verbose) {
        PhotoFile.Names names = new PhotoFile.Names();
        List<PhotoFile> photos = new ArrayList<>();
        for (String each : given) {
            PhotoFile photo = null;
            if (isFolder(each)) {
                Path folder = Path.of(each);
                int before = photos.size();
                List<String> skipped = new ArrayList<>();
                for (Path file : files(folder)) {
                    if (isPicture(file)) {
                        photos.add(names.of(file));
                    } else {
                        skipped.add(file.getFileName().toString());
                    }
                }
                if (photos.size() == before) {
                    throw new IllegalArgumentException("no pictures in folder '" + folder
                            + "': expected files that end in " + String.join(", ", ENDINGS) + ".");
                }
                if (!skipped.isEmpty()) {
                    err.println("cam4j: skipped in '" + Printable.of(folder) + "': " + NameList.of(skipped, verbose));
                }
            } else {
                photo = names.of(each);
                photos.add(photo);
            }
        }
        return photos;
    }

    private static boolean isFolder(String path) {
        try {
            return Files.isDirectory(Path.of(path));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith(".") && !EarlierResults.isOne(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("folder '" + folder + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isPicture(Path file) {
        String name = file.getFileName().toString();
        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }
}
