package org.cam4j;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.cam4j.exception.IoReason;
import org.cam4j.exception.ModelFileException;
import org.cam4j.file.InterruptibleReading;

/** Reads files of class names. The content decides whether {@link LabelsJson} or {@link LabelLines} knows the format. */
final class LabelsFile {

    /** Bytes of a million long names; a larger file is a device or the wrong file. */
    private static final int LARGEST = 16 << 20;

    private final String source;

    private LabelsFile(String source) {
        this.source = source;
    }

    /** Reads the names in a file that the user chose; it may be a pipe. */
    static List<String> read(Path file) {
        LabelsFile labels = new LabelsFile("labels file '" + file + "'");
        return labels.names(labels.text(file));
    }

    /**
     * Reads the names in the bytes of a file.
     *
     * @param source the file in messages
     */
    static List<String> read(byte[] bytes, String source) {
        LabelsFile labels = new LabelsFile(source);
        return labels.names(labels.text(bytes));
    }

    /**
     * Reads the names in a file that another, untrusted file names. The labels file must be an ordinary file in the same folder or below.
     *
     * @throws ModelFileException if it lies elsewhere or is not an ordinary file, for example a device
     */
    static List<String> readBeside(Path settings, String name) {
        Path beside;
        try {
            beside = Path.of(name);
        } catch (InvalidPathException e) {
            throw new ModelFileException(
                    "settings '" + settings + "' name the labels file '" + name
                            + "', which no file can be called here: " + e.getReason()
                            + ". Give the name of a file beside the model.",
                    e);
        }
        if (beside.isAbsolute() || beside.normalize().startsWith("..") || name.isBlank()) {
            throw new ModelFileException("settings '" + settings + "' name the labels file '" + name
                    + "', which is not in the model's folder: put it beside the model, or choose it yourself.");
        }
        Path file = settings.resolveSibling(name);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ModelFileException("settings '" + settings + "' name the labels file '" + name
                    + "', which is a folder, a device or a pipe: expected an ordinary file.");
        }
        return read(file);
    }

    private String text(Path file) {
        if (Files.isDirectory(file)) {
            throw new ModelFileException(source + " is a folder: give the file with the names.");
        }
        try {
            return text(InterruptibleReading.read(file, LARGEST + 1));
        } catch (NoSuchFileException e) {
            throw new ModelFileException("no " + source + ": check the path, or leave the labels out.", e);
        } catch (IOException e) {
            throw new ModelFileException(
                    source + " cannot be read: " + IoReason.of(e) + ". Check that you may read it.", e);
        }
    }

    private String text(byte[] bytes) {
        if (bytes.length > LARGEST) {
            throw new ModelFileException(source + " has more than " + (LARGEST >> 20)
                    + " MiB: expected the names of a network's classes, a few bytes each.");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.indexOf('\0') >= 0) {
                // UTF-16 of English names without a byte order mark is UTF-8, too.
                throw new ModelFileException(source + " has zero characters, as UTF-16 has: save it as UTF-8.");
            }
            // The byte order mark that Notepad and spreadsheets write.
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new ModelFileException(source + " is not UTF-8 text: save it as UTF-8.", e);
        }
    }

    private List<String> names(String text) {
        List<String> names =
                LabelsJson.isJson(text) ? new LabelsJson(source).names(text) : new LabelLines(source, text).names();
        if (names.isEmpty()) {
            throw new ModelFileException(source + " is empty: write one class name a line.");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(String.join("", names))) {
            // JSON can escape half a surrogate pair, which cannot be encoded in UTF-8 later.
            throw new ModelFileException(source + " has a name with half a surrogate pair: write the character whole.");
        }
        return names;
    }
}
