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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The photos given to a command: files, and the photos in folders. */
final class PhotoArguments {

    /** Endings of photos. Files with the last three are taken, so that each is refused with its own message instead of skipped. */
    private static final Set<String> ENDINGS = new TreeSet<>(
            Set.of("jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "bmp", "tif", "tiff", "heic", "heif", "avif"));

    /** Texts, so that an invalid file name fails alone. */
    @Parameters(arity = "0..*", paramLabel = "PHOTO|FOLDER", description = "Photos, or folders of photos.")
    private List<String> given = List.of();

    /** Whether no photos are named. */
    boolean areMissing() {
        return given.isEmpty();
    }

    /** Returns the common name of the photos: the given folder or photo. */
    String title() {
        if (given.size() != 1) {
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
     * Lists all photos of the files and folders. A folder gives the photos directly in it, by name, without hidden files and pictures that
     * cam4j drew. Other skipped files are named once. A folder without photos counts as one photo that fails.
     */
    List<PhotoFile> collect(CommandSpec command) {
        if (areMissing()) {
            throw new ParameterException(command.commandLine(), "no photos given: name photos, or folders of photos");
        }
        PrintWriter err = command.commandLine().getErr();
        PhotoFile.Names names = new PhotoFile.Names();
        List<PhotoFile> photos = new ArrayList<>();
        for (String each : given) {
            if (isFolder(each)) {
                photos.addAll(inFolder(each, names, err, Cam4j.isVerbose(command)));
            } else {
                photos.add(names.of(each));
            }
        }
        return photos;
    }

    private static List<PhotoFile> inFolder(String given, PhotoFile.Names names, PrintWriter err, boolean verbose) {
        List<PhotoFile> photos = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        try (Stream<Path> entries = Files.list(Path.of(given))) {
            for (Path entry : entries.sorted().toList()) {
                if (isHidden(entry) || isInnerFolder(entry) || EarlierResults.isOne(entry)) {
                    continue;
                }
                if (isPicture(entry) && Files.isRegularFile(entry)) {
                    photos.add(names.of(entry));
                } else {
                    skipped.add(entry.getFileName() + whyNot(entry));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            return List.of(PhotoFile.refused(given, "the folder cannot be read: " + e.getMessage()));
        }
        if (!skipped.isEmpty()) {
            err.println("cam4j: skipped in '" + Printable.of(given) + "': " + NameList.of(skipped, verbose));
        }
        return photos.isEmpty()
                ? List.of(PhotoFile.refused(
                        given,
                        "no pictures in folder '" + Printable.of(given) + "': expected files that end in "
                                + String.join(", ", ENDINGS) + "."))
                : photos;
    }

    private static boolean isFolder(String path) {
        try {
            return Files.isDirectory(Path.of(path));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static boolean isHidden(Path file) {
        return file.getFileName().toString().startsWith(".");
    }

    /** Whether a file is an inner folder, which is not read. A folder named like a photo does not count: it may be a mistake. */
    private static boolean isInnerFolder(Path file) {
        return Files.isDirectory(file) && !isPicture(file);
    }

    /** Returns why a file named like a photo is none. */
    private static String whyNot(Path file) {
        if (Files.isRegularFile(file)) {
            return "";
        }
        if (!Files.exists(file)) {
            return " (a link that leads nowhere)";
        }
        return Files.isDirectory(file) ? " (a folder)" : " (a device or a pipe)";
    }

    private static boolean isPicture(Path file) {
        String name = file.getFileName().toString();
        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }
}
