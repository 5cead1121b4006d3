package org.cam4j.evaluation;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.cam4j.exception.AnnotationException;

/** A file of boxes as text. */
final class TextFile {

    private TextFile() {}

    /** All of a UTF-8 file, without the byte order mark that spreadsheets put in front. */
    static String read(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (NoSuchFileException e) {
            throw new AnnotationException("no file of boxes '" + file + "': check the path.", e);
        } catch (CharacterCodingException e) {
            throw new AnnotationException("'" + file + "' is not UTF-8 text: save it as UTF-8.", e);
        } catch (IOException e) {
            throw new AnnotationException("'" + file + "' cannot be read: " + e.getMessage(), e);
        }
    }

    /** A whole number, perhaps written with a fraction, rounded. */
    static int pixel(String text, String where) {
        try {
            double value = Double.parseDouble(text.strip());
            if (Math.abs(value) <= Integer.MAX_VALUE) {
                return (int) Math.round(value);
            }
        } catch (NumberFormatException e) {
            throw new AnnotationException(
                    where + " has '" + text.strip() + "' where a number of pixels is expected.", e);
        }
        throw new AnnotationException(where + " has '" + text.strip() + "', which is no number of pixels.");
    }
}
