package org.cam4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.cam4j.exception.IoReason;
import org.cam4j.image.PictureMark;

/**
 * The photos in a folder, as the command line finds them: files with a photo's ending, by name, without hidden files and folders and
 * without pictures that cam4j drew.
 *
 * <pre>{@code
 * try (Stream<PhotoResult> results = mapper.explainAll(PhotoFolder.list(folder).photos().stream())) { ... }
 * }</pre>
 *
 * @param photos the photos' files: of a folder those directly in it first, then those of each inner folder
 * @param skipped the other files, such as texts and links that lead nowhere, with the reason where the name does not say it; relative to
 *     the folder
 */
public record PhotoFolder(List<Path> photos, List<String> skipped) {

    /**
     * Endings of photos, in lower case. Files with the last three of them, HEIC's and AVIF's, cannot be read; they count as photos so that
     * each is refused with its own message instead of skipped.
     */
    public static final Set<String> ENDINGS =
            Set.of("jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "bmp", "tif", "tiff", "heic", "heif", "avif");

    /** Copies the lists. */
    public PhotoFolder {
        photos = List.copyOf(photos);
        skipped = List.copyOf(skipped);
    }

    /**
     * Lists the photos directly in a folder.
     *
     * @param folder an existing folder
     * @return its photos
     * @throws UncheckedIOException if it cannot be read
     */
    public static PhotoFolder list(Path folder) {
        return list(folder, false, file -> false);
    }

    /**
     * Lists the photos in a folder and all folders below it. Links to folders are not followed, since they may lead back.
     *
     * @param folder an existing folder
     * @return their photos
     * @throws UncheckedIOException if one of the folders cannot be read
     */
    public static PhotoFolder listAll(Path folder) {
        return list(folder, true, file -> false);
    }

    /**
     * Lists the photos in a folder without some files, such as an application's own results.
     *
     * @param folder an existing folder
     * @param isRecursive whether to list all folders below it, too
     * @param isLeftOut tells which files are neither photos nor named as skipped; is also asked about folders
     * @return the photos
     * @throws UncheckedIOException if one of the folders cannot be read
     */
    public static PhotoFolder list(Path folder, boolean isRecursive, Predicate<Path> isLeftOut) {
        Predicate<Path> isIgnored = file -> isHidden(file) || PictureMark.isOn(file) || isLeftOut.test(file);
        List<Path> photos = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        Deque<Path> open = new ArrayDeque<>(List.of(folder));
        while (!open.isEmpty()) {
            List<Path> inner = new ArrayList<>();
            for (Path entry : entries(open.pop())) {
                if (!isIgnored.test(entry)) {
                    add(folder, entry, isRecursive, photos, skipped, inner);
                }
            }
            Collections.reverse(inner);
            inner.forEach(open::push);
        }
        return new PhotoFolder(photos, skipped);
    }

    private static void add(
            Path top, Path entry, boolean isRecursive, List<Path> photos, List<String> skipped, List<Path> inner) {
        if (isRecursive && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            inner.add(entry);
        } else if (hasPhotosName(entry) && Files.isRegularFile(entry)) {
            photos.add(entry);
        } else if (!Files.isDirectory(entry) || hasPhotosName(entry)) {
            // A folder that is named like a photo may be a mistake.
            skipped.add(top.relativize(entry) + whyNot(entry));
        }
    }

    private static List<Path> entries(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the folder '" + folder + "' cannot be read: " + IoReason.of(e), e);
        }
    }

    private static boolean isHidden(Path file) {
        return file.getFileName().toString().startsWith(".");
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

    private static boolean hasPhotosName(Path file) {
        return ENDINGS.contains(ending(file));
    }

    private static String ending(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** {@return the endings in alphabetical order, for messages} */
    public static String endings() {
        return String.join(", ", new TreeSet<>(ENDINGS));
    }
}
