package org.cam4j.keras.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.cam4j.exception.ModelFileException;
import org.cam4j.keras.hdf5.Hdf5Signature;

/** The first bytes of a model's file. Needs no library. */
public final class KerasBeginning {

    private KerasBeginning() {}

    /**
     * Refuses a file that begins as none of Keras' does: HDF5, a zip archive, JSON.
     *
     * @throws ModelFileException if it is missing or of another format
     * @throws IOException if reading fails
     */
    public static void require(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            return;
        }
        ByteBuffer bytes = map(file);
        if (Hdf5Signature.begin(bytes).isEmpty() && !KerasZip.begins(bytes) && !ForeignFormat.isJson(bytes)) {
            throw new ModelFileException(ForeignFormat.of(
                    bytes, Optional.ofNullable(file.getFileName()).map(Path::toString)));
        }
    }

    /** Maps a file into memory. */
    static ByteBuffer map(Path file) throws IOException {
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
}
