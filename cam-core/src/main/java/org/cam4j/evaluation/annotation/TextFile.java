package org.cam4j.evaluation.annotation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.cam4j.exception.AnnotationException;
import org.cam4j.exception.IoReason;

/** A file of boxes as text. */
final class TextFile {

    private static final String NUMBER = "[+-]?(\\d{1,30}(\\.\\d{0,30})?|\\.\\d{1,30})([eE][+-]?\\d{1,4})?";

    /** The most rows or columns of a photo. */
    private static final double LARGEST = 1 << 30;

    private TextFile() {}

    /** A file's bytes; the caller closes it. */
    static InputStream open(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // A pipe would be waited for without end.
            throw new AnnotationException(
                    "'" + file + "' is a folder, a device or a pipe: expected an ordinary file of boxes.");
        }
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw new AnnotationException("no file of boxes '" + file + "': check the path.", e);
        }
    }

    /**
     * Reads a UTF-8 file, without the byte order mark that spreadsheets put in front.
     *
     * @param most bytes that are read before the file is taken for something else
     */
    static String read(Path file, int most) {
        try (InputStream in = open(file)) {
            byte[] bytes = in.readNBytes(most);
            if (bytes.length == most && in.read() >= 0) {
                throw new AnnotationException("'" + file + "' has more than " + most
                        + " bytes, too many for a file of boxes here: part it, or give Java more memory with -Xmx.");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new AnnotationException("'" + file + "' is not UTF-8 text: save it as UTF-8.", e);
        } catch (IOException e) {
            throw new AnnotationException("'" + file + "' cannot be read: " + IoReason.of(e), e);
        }
    }

    /** The size in bytes of the largest table that fits into memory with what is made of it. */
    static int largestTable() {
        return (int) Math.min(1 << 30, Runtime.getRuntime().maxMemory() / 16);
    }

    /** A whole number of pixels, perhaps written with a fraction, rounded. */
    static int pixel(String text, String where) {
        String number = text.strip();
        if (!number.matches(NUMBER)) {
            throw new AnnotationException(where + " has '" + cut(number) + "' where a number of pixels is expected.");
        }
        double value = Double.parseDouble(number);
        if (Math.abs(value) > LARGEST) {
            throw new AnnotationException(where + " has '" + cut(number) + "', which is no number of pixels.");
        }
        return (int) Math.round(value);
    }

    /** A class's index: a fraction would name another class. */
    static int index(String text, String where) {
        String number = text.strip();
        if (!number.matches("\\d{1,9}(\\.0*)?")) {
            throw new AnnotationException(where + " has '" + cut(number)
                    + "' where the index of a class is expected, a whole number from 0.");
        }
        return (int) Double.parseDouble(number);
    }

    private static String cut(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
