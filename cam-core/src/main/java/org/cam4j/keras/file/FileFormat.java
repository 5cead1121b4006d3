package org.cam4j.keras.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.cam4j.exception.ModelFileException;
import org.cam4j.keras.config.Architecture;
import org.cam4j.keras.config.ModelJson;
import org.cam4j.keras.config.StoredNames;
import org.cam4j.keras.hdf5.Bfloat16;
import org.cam4j.keras.hdf5.GuardedReading;
import org.cam4j.keras.hdf5.Hdf5File;

/** Detects a file's format by its content, and opens Keras models and weights. */
public final class FileFormat {

    private static final String CONFIG = "config.json";
    private static final String METADATA = "metadata.json";
    private static final String WEIGHTS = "model.weights.h5";
    private static final int LARGEST_METADATA = 1 << 20;

    private FileFormat() {}

    /**
     * Opens a model, or weights alone: a file, or the folder that {@code model.save(path, zipped=False)} writes.
     *
     * @throws ModelFileException if the content is no supported Keras file
     * @throws IOException if reading fails
     */
    public static KerasArchive open(Path file, FileLimits limits) throws IOException {
        if (!Files.isDirectory(file)) {
            return open(map(file), Optional.ofNullable(file.getFileName()).map(Path::toString), limits);
        }
        if (!Files.isRegularFile(file.resolve(CONFIG)) || !Files.isRegularFile(file.resolve(WEIGHTS))) {
            throw new ModelFileException(ForeignFormat.ofFolder(file));
        }
        Optional<String> metadata = Files.isRegularFile(file.resolve(METADATA))
                ? Optional.of(text(file.resolve(METADATA), LARGEST_METADATA))
                : Optional.empty();
        return numbered(
                text(file.resolve(CONFIG), limits.config().bytes()), map(file.resolve(WEIGHTS)), metadata, limits);
    }

    /** Returns the file of a model's weights: the model itself, or a file of its folder. */
    public static Path weights(Path model) {
        return Files.isDirectory(model) ? model.resolve(WEIGHTS) : model;
    }

    /**
     * Opens a model, or weights alone, from memory.
     *
     * @throws ModelFileException if the content is no supported Keras file
     */
    public static KerasArchive open(ByteBuffer bytes, FileLimits limits) {
        return open(bytes, Optional.empty(), limits);
    }

    private static KerasArchive open(ByteBuffer bytes, Optional<String> fileName, FileLimits limits) {
        Optional<ByteBuffer> hdf5 = Hdf5File.begin(bytes);
        if (hdf5.isPresent()) {
            Hdf5File file = Hdf5File.open(hdf5.get());
            return GuardedReading.of(
                    "the HDF5 root",
                    () -> isNumbered(file)
                            ? new NumberedArchive(
                                    Hdf5File.open(Bfloat16.readable(hdf5.get())), Optional.empty(), Optional.empty())
                            : new NamedArchive(file));
        }
        if (KerasZip.begins(bytes)) {
            return zipped(KerasZip.open(bytes, limits), limits);
        }
        throw new ModelFileException(ForeignFormat.of(bytes, fileName));
    }

    /**
     * Reads an architecture, from a whole model or the JSON of {@code model.to_json()}.
     *
     * @throws ModelFileException if the file is neither
     * @throws IOException if reading fails
     */
    public static Architecture architecture(Path file, FileLimits limits) throws IOException {
        if (!Files.isDirectory(file)) {
            ByteBuffer bytes = map(file);
            if (isJson(bytes, limits)) {
                return Architecture.of(text(bytes), limits.config());
            }
        }
        try (KerasArchive archive = open(file, limits)) {
            return archive.architecture();
        }
    }

    /**
     * Reads an architecture from memory: a whole model or the JSON of {@code model.to_json()}.
     *
     * @throws ModelFileException if the content is neither
     */
    public static Architecture architecture(ByteBuffer bytes, FileLimits limits) {
        if (isJson(bytes, limits)) {
            return Architecture.of(text(bytes), limits.config());
        }
        try (KerasArchive archive = open(bytes, limits)) {
            return archive.architecture();
        }
    }

    private static boolean isJson(ByteBuffer bytes, FileLimits limits) {
        return ForeignFormat.isJson(bytes) && bytes.limit() <= limits.config().bytes();
    }

    private static boolean isNumbered(Hdf5File file) {
        return file.text(NamedArchive.CONFIG).isEmpty()
                && !Hdf5File.has(file.root(), NamedArchive.WEIGHTS)
                && Hdf5File.has(file.root(), StoredNames.LAYERS)
                && Hdf5File.texts(file.root(), NamedArchive.LAYER_NAMES).isEmpty();
    }

    private static KerasArchive zipped(KerasZip zip, FileLimits limits) {
        if (!zip.has(CONFIG) || !zip.has(WEIGHTS)) {
            return ExportedZip.of(zip)
                    .map(export -> exported(export, limits))
                    .orElseThrow(() -> new ModelFileException(ForeignFormat.ofZip(zip.names())));
        }
        return numbered(
                text(zip.entry(CONFIG, limits.config().bytes()).orElseThrow()),
                zip.entry(WEIGHTS, limits.entryBytes()).orElseThrow(),
                zip.entry(METADATA, LARGEST_METADATA).map(FileFormat::text),
                limits);
    }

    private static KerasArchive exported(ExportedZip export, FileLimits limits) {
        ByteBuffer model = export.model(limits);
        return open(
                Hdf5File.begin(model)
                        .orElseThrow(() ->
                                new ModelFileException("its keras_model.h5 is no HDF5 file: export the model again.")),
                limits);
    }

    /**
     * Returns the file of labels that comes with a model in one zip archive, as Teachable Machine exports it.
     *
     * @return the bytes of {@code labels.txt}; empty for every other file
     * @throws ModelFileException if the archive is damaged
     * @throws IOException if reading fails
     */
    public static Optional<byte[]> labels(Path file, FileLimits limits) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        ByteBuffer bytes = map(file);
        return KerasZip.begins(bytes)
                ? ExportedZip.of(KerasZip.open(bytes, limits)).map(ExportedZip::labels)
                : Optional.empty();
    }

    private static KerasArchive numbered(
            String config, ByteBuffer weights, Optional<String> metadata, FileLimits limits) {
        ByteBuffer hdf5 = Hdf5File.begin(weights)
                .orElseThrow(
                        () -> new ModelFileException("its " + WEIGHTS + " is no HDF5 file: save the model again."));
        return new NumberedArchive(
                Hdf5File.open(Bfloat16.mayBeIn(config) ? Bfloat16.readable(hdf5) : hdf5),
                Optional.of(config),
                metadata.map(text -> ModelJson.parse(text, limits.config())
                                .path("keras_version")
                                .asText())
                        .filter(version -> !version.isEmpty()));
    }

    /** Maps a file into memory. */
    private static ByteBuffer map(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new ModelFileException("there is no such file: check the path.");
        }
        if (!Files.isRegularFile(file)) {
            throw new ModelFileException("it is no regular file: give the model's file.");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > Integer.MAX_VALUE) {
                throw new ModelFileException("it has " + size + " bytes, more than the 2 GiB that are read.");
            }
            // The mapping outlives the channel.
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
        }
    }

    private static String text(Path file, int most) throws IOException {
        if (Files.size(file) > most) {
            throw new ModelFileException("its " + file.getFileName() + " has " + Files.size(file)
                    + " bytes, more than the " + most + " that are read: it is damaged or hostile.");
        }
        return Files.readString(file);
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
