package org.cam4j.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The photo in standard input, {@code -} on the command line: a file in the temporary folder until the program ends. */
final class StandardInput {

    /** What a user writes for it. */
    static final String NAME = "-";

    /** More bytes than any photo may have: what is longer is refused, and need not fill the disk. */
    private static final long MOST_BYTES = 1L << 31;

    private static final int PART = 1 << 16;

    private StandardInput() {}

    /** Reads a stream to its end into a file, whose name becomes that of the results. */
    static Path file(InputStream in) throws IOException {
        return file(in, MOST_BYTES);
    }

    /** Reads at most so many bytes. */
    static Path file(InputStream in, long most) throws IOException {
        Path folder = Files.createTempDirectory("cam4j-");
        Path file = folder.resolve("stdin");
        // In this order: the last one is deleted first.
        folder.toFile().deleteOnExit();
        file.toFile().deleteOnExit();
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] part = new byte[PART];
            long left = most;
            while (left > 0) {
                int length = in.read(part, 0, (int) Math.min(part.length, left));
                if (length < 0) {
                    break;
                }
                out.write(part, 0, length);
                left -= length;
            }
        }
        return file;
    }
}
