package org.cam4j.examples.cli;

import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** Decides which files a run may write: new files and results of earlier runs, never the user's own files. */
final class OutputFiles {

    @Option(
            names = "--overwrite",
            description =
                    "Replace whatever is in the way. Without it only results of earlier runs are replaced; other files"
                            + " stay, and what would replace them fails.")
    boolean overwrite;

    private final Set<Path> claimed = new HashSet<>();

    /**
     * Claims a file that is about to be written.
     *
     * @param kind of what is about to be written
     * @return the file
     * @throws UncheckedIOException if the file exists and is no earlier run's result of this kind
     * @throws IllegalArgumentException if another result of this run has the name
     */
    synchronized Path claim(Path file, EarlierResults.Kind kind) {
        Path target = file.toAbsolutePath().normalize();
        if (claimed.contains(target)) {
            throw new IllegalArgumentException(
                    "'" + file + "' is the name of two results of this run: write the report to another file.");
        }
        requireReplaceable(file, kind);
        claimed.add(target);
        return file;
    }

    /**
     * Claims a model that is about to be written, with the settings and labels beside a Keras file.
     *
     * @throws UncheckedIOException as {@link #claim}, also for the files beside the model
     */
    void claimModel(Path file) {
        if (requireReplaceable(file, EarlierResults.Kind.MODEL)) {
            return;
        }
        String stem = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        requireNew(file.resolveSibling(stem + ".json"));
        requireNew(file.resolveSibling(stem + ".labels.txt"));
    }

    /** Refuses to replace a user's file, and a result by one of another kind, such as a model by a report. Returns whether a result is there. */
    private boolean requireReplaceable(Path file, EarlierResults.Kind kind) {
        Optional<EarlierResults.Kind> found =
                EarlierResults.kindOf(file.toAbsolutePath().normalize());
        if (found.isEmpty()) {
            requireNew(file);
        } else if (!overwrite && found.get() != kind) {
            throw new UncheckedIOException(
                    "'" + file + "' is there already: it is " + found.get() + ", and " + kind
                            + " would replace it. Choose another name, or replace it with --overwrite.",
                    new FileAlreadyExistsException(file.toString()));
        }
        return found.isPresent();
    }

    private void requireNew(Path file) {
        if (!overwrite && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new UncheckedIOException(
                    "'" + file
                            + "' is there already, and cam4j did not write it: it stays as it is. Choose another"
                            + " --out, or replace it with --overwrite.",
                    new FileAlreadyExistsException(file.toString()));
        }
    }
}
