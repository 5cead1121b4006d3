package org.cam4j.examples.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cam4j.PhotoFolder;
import org.cam4j.exception.IoReason;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The photos given to a command: files, and the photos in folders. */
final class PhotoArguments {

    /** Texts, so that an invalid file name fails alone. */
    @Parameters(
            arity = "0..*",
            paramLabel = "PHOTO|FOLDER",
            description = "Photos, folders of photos, or - for a photo in standard input.")
    List<String> given = List.of();

    @Option(names = "--recursive", description = "Take the photos in inner folders, too.")
    boolean recursive;

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
     * Lists all photos of the files and folders. A folder gives the photos of {@link PhotoFolder}, without results of earlier runs. Other
     * files are named once. A folder without photos counts as one photo that fails.
     *
     * @throws WrongArgumentException if none is given
     */
    List<PhotoFile> collect(Console console) {
        if (areMissing()) {
            throw new WrongArgumentException("no photos given: name photos, or folders of photos");
        }
        PhotoFile.Names names = new PhotoFile.Names();
        List<PhotoFile> photos = new ArrayList<>();
        for (String each : given) {
            if (each.equals(StandardInput.NAME)) {
                photos.add(fromStandardInput(names));
            } else if (isFolder(each)) {
                photos.addAll(inFolder(each, names, console));
            } else {
                photos.add(names.of(each));
            }
        }
        return photos;
    }

    private List<PhotoFile> inFolder(String given, PhotoFile.Names names, Console console) {
        PhotoFolder folder;
        try {
            folder = PhotoFolder.list(Path.of(given), recursive, EarlierResults::isOne);
        } catch (UncheckedIOException e) {
            return List.of(PhotoFile.refused(given, "the folder cannot be read: " + IoReason.of(e.getCause())));
        }
        if (!folder.skipped().isEmpty() && !console.quiet()) {
            console.err()
                    .println("cam4j: skipped in '" + Printable.of(given) + "': "
                            + NameList.of(folder.skipped(), console.verbose()));
        }
        return folder.photos().isEmpty()
                ? List.of(PhotoFile.refused(
                        given,
                        "no pictures in folder '" + Printable.of(given) + "': expected files that end in "
                                + PhotoFolder.endings() + "."))
                : folder.photos().stream().map(names::of).toList();
    }

    private PhotoFile fromStandardInput(PhotoFile.Names names) {
        if (Collections.frequency(given, StandardInput.NAME) > 1) {
            return PhotoFile.refused(StandardInput.NAME, "standard input can be read once: give one '-'");
        }
        try {
            return names.of(StandardInput.file(System.in)).named(StandardInput.NAME);
        } catch (IOException e) {
            return PhotoFile.refused(StandardInput.NAME, "standard input cannot be read: " + IoReason.of(e));
        }
    }

    private static boolean isFolder(String path) {
        try {
            return Files.isDirectory(Path.of(path));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
