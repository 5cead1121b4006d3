package org.cam4j.keras;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cam4j.exception.ModelFileException;

/** Tells by its first bytes what a file is, and opens it if it is a Keras model. */
final class FileFormat {

    private static final String HDF5 = "\u0089HDF\r\n\u001a\n";
    private static final String ZIP = "PK\u0003\u0004";
    private static final String GIT_LFS = "version https://git-lfs";
    private static final int HEAD = 64;

    private FileFormat() {}

    /**
     * Opens a model.
     *
     * @throws ModelFileException if it is no Keras file that can be read
     * @throws IOException if it cannot be read at all
     */
    static KerasArchive open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new ModelFileException(
                    Files.exists(file.resolve("saved_model.pb"))
                            ? "it is a directory in TensorFlow's SavedModel format: load it in Keras and save it as .h5."
                            : "it is a directory: give the model's file.");
        }
        if (!Files.exists(file)) {
            throw new ModelFileException("there is no such file: check the path.");
        }
        if (!Files.isRegularFile(file)) {
            throw new ModelFileException("it is no regular file: give the model's file.");
        }
        String head = head(file);
        if (head.startsWith(HDF5)) {
            return Hdf5Archive.open(file);
        }
        throw new ModelFileException(
                head.isEmpty()
                        ? "it is empty: copy or download it again."
                        : looksLike(head) + ", expected a Keras model in HDF5 format (.h5).");
    }

    private static String head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
        }
    }

    private static String looksLike(String head) {
        if (head.startsWith(ZIP)) {
            return "it is a zip archive, as a .keras file is: save the model in Keras as .h5";
        }
        if (head.startsWith(GIT_LFS)) {
            return "it is a pointer of Git LFS: fetch the file itself with 'git lfs pull'";
        }
        if (head.stripLeading().startsWith("<")) {
            return "it looks like a web page: the download failed, get it again";
        }
        if (head.stripLeading().startsWith("{")) {
            return "it looks like JSON: a configuration alone has no weights";
        }
        return "it is of another format";
    }
}
