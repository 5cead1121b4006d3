package org.cam4j.examples.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A path of the command line. */
final class GivenPath {

    /** What Java reads in place of bytes that are no text in the terminal's encoding. */
    private static final char NO_TEXT = '\uFFFD';

    private GivenPath() {}

    /**
     * The path that a text is.
     *
     * @throws InvalidPathException if no file can be called so here, or Java cannot tell what the file is called
     */
    static Path of(String text) {
        Path path = Path.of(text);
        if (text.indexOf(NO_TEXT) >= 0 && !Files.exists(path)) {
            throw new InvalidPathException(text, "it has bytes that are no text in this encoding");
        }
        return path;
    }

    /** For picocli, which would say the exception's class. */
    static final class Converter implements ITypeConverter<Path> {
        @Override
        public Path convert(String value) {
            try {
                return of(value);
            } catch (InvalidPathException e) {
                throw new TypeConversionException(Messages.of(e));
            }
        }
    }
}
