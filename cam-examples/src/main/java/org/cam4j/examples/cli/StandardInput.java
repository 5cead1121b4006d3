package org.cam4j.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The photo in standard input, {@code -} on the command line: a file in the temporary folder until the program ends. */
final class StandardInput {

    /** What a user writes for it. */
    static final String NAME = "-";

    private StandardInput() {}

    /** Reads a stream to its end into a file, whose name becomes that of the results. */
    static Path file(InputStream in) throws IOException {
        Path folder = Files.createTempDirectory("cam4j-");
        Path file = folder.resolve("stdin");
        // In this order: the last one is deleted first.
        folder.toFile().deleteOnExit();
        file.toFile().deleteOnExit();
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        return file;
    }
}
