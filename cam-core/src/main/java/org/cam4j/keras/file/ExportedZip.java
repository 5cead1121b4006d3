package org.cam4j.keras.file;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A zip archive as Teachable Machine exports a model for Keras, {@code converted_keras.zip}: {@code keras_model.h5} and {@code labels.txt},
 * in the archive or in one folder of it.
 */
final class ExportedZip {

    private static final String MODEL = "keras_model.h5";
    private static final String LABELS = "labels.txt";
    private static final int LARGEST_LABELS = 16 << 20;

    private final KerasZip zip;
    private final String folder;

    private ExportedZip(KerasZip zip, String folder) {
        this.zip = zip;
        this.folder = folder;
    }

    /** Returns an archive as an export; empty if it lacks one of the two files, or has several folders with them. */
    static Optional<ExportedZip> of(KerasZip zip) {
        List<String> folders = zip.names().stream()
                // macOS packs a shadow of each file beside it.
                .filter(name -> name.endsWith(MODEL) && !name.startsWith("__MACOSX"))
                .map(name -> name.substring(0, name.length() - MODEL.length()))
                .filter(folder -> (folder.isEmpty() || folder.endsWith("/")) && zip.has(folder + LABELS))
                .toList();
        return folders.size() == 1 ? Optional.of(new ExportedZip(zip, folders.get(0))) : Optional.empty();
    }

    /** Returns the model's HDF5 file, a view or a copy. */
    ByteBuffer model(FileLimits limits) {
        return zip.entry(folder + MODEL, limits.entryBytes()).orElseThrow();
    }

    /** Returns the file of labels. */
    byte[] labels() {
        ByteBuffer content = zip.entry(folder + LABELS, LARGEST_LABELS).orElseThrow();
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }
}
