package org.cam4j.examples.cli;

import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which files a run may write: new ones and the results of earlier runs, never a file of the user's. */
final class OutputFiles {

    @Option(
            names = "--overwrite",
            description =
                    "Replace files that cam4j did not write, too; without it they stay and what would replace them fails.")
    private boolean overwrite;

    private final Set<Path> claimed = new HashSet<>();

    /**
     * A file about to be written.
     *
     * @return the file
     * @throws UncheckedIOException if it is there and is no earlier run's result
     * @throws IllegalArgumentException if another result of this run has the name
     */
    Path claim(Path file) {
        Path target = file.toAbsolutePath().normalize();
        if (claimed.contains(target)) {
            throw new IllegalArgumentException(
                    "'" + file + "' is the name of two results of this run: write the report to another file.");
        }
        if (!EarlierResults.isOne(target)) {
            requireNew(file);
        }
        claimed.add(target);
        return file;
    }

    /**
     * A model about to be written, with the settings and labels that go beside a Keras file.
     *
     * @throws UncheckedIOException as {@link #claim}, also for the files beside it
     */
    void claimModel(Path file) {
        if (EarlierResults.isOne(file)) {
            return;
        }
        requireNew(file);
        String stem = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        requireNew(file.resolveSibling(stem + ".json"));
        requireNew(file.resolveSibling(stem + ".labels.txt"));
    }

    private void requireNew(Path file) {
        if (!overwrite && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new UncheckedIOException(
                    "'" + file
                            + "' is there already, and cam4j did not write it: it stays as it is. Choose another --out, or"
                            + " replace it with --overwrite.",
                    new FileAlreadyExistsException(file.toString()));
        }
    }
}
