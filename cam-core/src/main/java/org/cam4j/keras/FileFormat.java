package org.cam4j.keras;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.cam4j.exception.ModelFileException;

/** Tells by its first bytes what a file is, and opens it if it is a Keras model or its weights. */
final class FileFormat {

    private static final String HDF5 = "\u0089HDF\r\n\u001a\n";
    private static final String ZIP = "PK\u0003\u0004";
    private static final String PREPARED = "\u0089CAM4J";
    private static final String GIT_LFS = "version https://git-lfs";
    private static final int HEAD = 64;
    private static final int LARGEST_METADATA = 1 << 20;

    private FileFormat() {}

    /**
     * Maps a file into memory.
     *
     * @throws ModelFileException if it is no file that can be read
     * @throws IOException if it cannot be read at all
     */
    static ByteBuffer map(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new ModelFileException(
                    Files.exists(file.resolve("saved_model.pb"))
                            ? "it is a directory in TensorFlow's SavedModel format: load it in Keras and save it as .h5"
                                    + " or .keras."
                            : "it is a directory: give the model's file.");
        }
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

    /**
     * Opens a model, or weights alone.
     *
     * @throws ModelFileException if it is no Keras file that can be read
     */
    static KerasArchive open(ByteBuffer bytes, ReadLimits limits) {
        String head = head(bytes);
        if (head.startsWith(HDF5)) {
            Hdf5File file = Hdf5File.open(bytes);
            return GuardedReading.of(
                    "the HDF5 root",
                    () -> isNumbered(file)
                            ? new NumberedArchive(
                                    Hdf5File.open(BrainFloats.readable(bytes)), Optional.empty(), Optional.empty())
                            : new NamedArchive(file));
        }
        if (head.startsWith(ZIP)) {
            return zipped(KerasZip.open(bytes, limits), limits);
        }
        throw new ModelFileException(
                head.isEmpty()
                        ? "it is empty: copy or download it again."
                        : looksLike(head) + ", expected a Keras model (.keras, .h5).");
    }

    /**
     * Reads what a model is: of a whole model, or of the JSON of {@code model.to_json()}.
     *
     * @throws ModelFileException if it is neither
     */
    static Architecture architecture(ByteBuffer bytes, ReadLimits limits) {
        if (isJson(head(bytes)) && bytes.limit() <= limits.configBytes()) {
            return Architecture.of(text(bytes.duplicate()), limits);
        }
        try (KerasArchive archive = open(bytes, limits)) {
            return Architecture.of(archive);
        }
    }

    private static boolean isJson(String head) {
        return head.stripLeading().startsWith("{");
    }

    private static boolean isNumbered(Hdf5File file) {
        return file.text(NamedArchive.CONFIG).isEmpty()
                && !Hdf5File.has(file.root(), NamedArchive.WEIGHTS)
                && Hdf5File.has(file.root(), NumberedArchive.LAYERS)
                && Hdf5File.texts(file.root(), "layer_names").isEmpty();
    }

    private static KerasArchive zipped(KerasZip zip, ReadLimits limits) {
        String config = zip.entry("config.json", limits.configBytes())
                .map(FileFormat::text)
                .orElseThrow(() -> new ModelFileException(
                        "it is a zip archive without config.json, expected a Keras model (.keras, .h5)."));
        ByteBuffer weights = zip.entry("model.weights.h5", limits.entryBytes())
                .orElseThrow(() -> new ModelFileException("it is a zip archive without model.weights.h5: save the model"
                        + " with model.save(...), not sharded and not quantized."));
        if (!head(weights).startsWith(HDF5)) {
            throw new ModelFileException("its model.weights.h5 is no HDF5 file: save the model again.");
        }
        return new NumberedArchive(
                Hdf5File.open(BrainFloats.mayBeIn(config) ? BrainFloats.readable(weights) : weights),
                Optional.of(config),
                zip.entry("metadata.json", LARGEST_METADATA)
                        .map(FileFormat::text)
                        .map(text -> ModelJson.parse(text, limits)
                                .path("keras_version")
                                .asText())
                        .filter(version -> !version.isEmpty()));
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static String head(ByteBuffer bytes) {
        byte[] head = new byte[Math.min(HEAD, bytes.limit())];
        bytes.get(0, head);
        return new String(head, StandardCharsets.ISO_8859_1);
    }

    private static String looksLike(String head) {
        if (head.startsWith(PREPARED)) {
            return "it is a prepared model: open it with ClassActivationMapper.open";
        }
        if (head.startsWith(GIT_LFS)) {
            return "it is a pointer of Git LFS: fetch the file itself with 'git lfs pull'";
        }
        if (head.stripLeading().startsWith("<")) {
            return "it looks like a web page: the download failed, get it again";
        }
        if (isJson(head)) {
            return "it looks like JSON: a configuration needs its weights, see KerasReader.withWeights";
        }
        return "it is of another format";
    }
}
