package org.cam4j.examples.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A path of the command line. */
final class GivenPath {

    /** Java's replacement for bytes that are no text in the terminal's encoding. */
    private static final char NO_TEXT = '\uFFFD';

    private GivenPath() {}

    /**
     * Converts a text to a path.
     *
     * @throws InvalidPathException if the text is no valid file name here, or Java cannot decode the file's name
     */
    static Path of(String text) {
        Path path = Path.of(text);
        if (text.indexOf(NO_TEXT) >= 0 && !Files.exists(path)) {
            throw new InvalidPathException(text, "it has bytes that are no text in this encoding");
        }
        return path;
    }

    /** Converts for picocli, which would print the exception's class. */
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
