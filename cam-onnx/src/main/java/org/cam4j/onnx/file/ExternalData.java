package org.cam4j.onnx.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.cam4j.exception.IoReason;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.file.OpenedFile;
import org.cam4j.onnx.graph.StoredBytes;
import org.cam4j.onnx.graph.TensorReader;
import org.cam4j.onnx.schema.StringStringEntryProto;
import org.cam4j.onnx.schema.TensorProto;

/** Weights in files beside a model: in its folder or below, nowhere else, links followed. Files are mapped, not copied. */
public final class ExternalData implements TensorReader.ExternalBytes {

    private final Path model;
    private final Map<Path, OpenedFile> opened = new HashMap<>();

    /**
     * @param model the model's file
     */
    public ExternalData(Path model) {
        this.model = model;
    }

    @Override
    public StoredBytes of(TensorProto tensor) {
        Map<String, String> entries = new HashMap<>();
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            entries.put(entry.getKey(), entry.getValue());
        }
        String name = "the weights " + Quoted.of(tensor.getName()) + " of '" + model + "'";
        String location = entries.getOrDefault("location", "");
        try {
            Path file = beside(name, location);
            OpenedFile beside = opened(file);
            long size = beside.size();
            long offset = number(name, entries, "offset", 0);
            long length = number(name, entries, "length", size - offset);
            if (offset > size || length > size - offset || length > Integer.MAX_VALUE) {
                throw new ModelFileException(name + " are said to be " + length + " bytes from byte " + offset + " of "
                        + Quoted.of(location) + ", which has " + size
                        + ". The files do not belong together, or one is damaged: copy or export both again.");
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                return new StoredBytes(channel.map(FileChannel.MapMode.READ_ONLY, offset, length), beside::read);
            }
        } catch (IOException | InvalidPathException e) {
            throw new ModelFileException(
                    name + " are in " + Quoted.of(location) + ", which cannot be read: " + IoReason.of(e)
                            + ". Put that file beside the model.",
                    e);
        }
    }

    private OpenedFile opened(Path file) throws IOException {
        OpenedFile known = opened.get(file);
        if (known == null) {
            known = OpenedFile.of(file);
            opened.put(file, known);
        }
        return known;
    }

    private Path beside(String name, String location) throws IOException {
        Path folder = model.toAbsolutePath().getParent();
        if (location.isEmpty() || Path.of(location).isAbsolute()) {
            throw outside(name, location);
        }
        Path told = folder.resolve(location).normalize();
        if (!told.startsWith(folder.normalize())) {
            throw outside(name, location);
        }
        if (!Files.isRegularFile(told)) {
            throw new ModelFileException(name + " are in " + Quoted.of(location)
                    + ", which is no ordinary file beside the model. Put that file there.");
        }
        Path real = told.toRealPath();
        if (!real.startsWith(folder.toRealPath())) {
            throw outside(name, location);
        }
        return real;
    }

    private static ModelFileException outside(String name, String location) {
        return new ModelFileException(name + " are said to be in " + Quoted.of(location)
                + "; expected a file in the model's own folder, given by its name there. Put the file there and export the"
                + " model again.");
    }

    private static long number(String name, Map<String, String> entries, String key, long otherwise) {
        String text = entries.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw new ModelFileException(name + " have the " + key + " " + Quoted.of(text)
                + "; expected a number of bytes. The file is damaged: export the model again.");
    }
}
