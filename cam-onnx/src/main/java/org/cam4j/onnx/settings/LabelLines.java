package org.cam4j.onnx.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.door.PhotoSettings;
import org.cam4j.exception.IoReason;
import org.cam4j.exception.ModelFileException;

/** The names of classes in {@code labels.txt} beside a model. */
final class LabelLines {

    private static final String NAME = "labels.txt";
    private static final long LARGEST = 16 << 20;

    private LabelLines() {}

    static PhotoSettings settings(Path folder) {
        Path file = folder.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            return PhotoSettings.NONE;
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw new ModelFileException(
                        "the labels '" + file
                                + "' beside the model are larger than 16 MiB; expected one name a line. Move the file elsewhere.");
            }
            String lines = Files.readString(file, StandardCharsets.UTF_8);
            return new PhotoSettings(
                    Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.of(lines));
        } catch (IOException e) {
            throw new ModelFileException("the labels '" + file + "' cannot be read: " + IoReason.of(e), e);
        }
    }
}
