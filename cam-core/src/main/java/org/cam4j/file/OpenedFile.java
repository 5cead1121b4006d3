package org.cam4j.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.function.Supplier;
import org.cam4j.exception.ModelFileException;

/**
 * A model's file as it was when it was opened. Weights are read from it as long as a mapper lives, so that writing over it would mix two
 * models.
 *
 * <p>A file that was removed, or replaced by another one under its name, keeps its bytes for those who opened it before.
 *
 * @param file where it was
 * @param key identifies the file itself; null where the system knows no such thing
 * @param size bytes
 * @param modified when it was last written
 */
public record OpenedFile(Path file, Object key, long size, FileTime modified) {

    /**
     * Returns a file as it is now.
     *
     * @param file an existing file
     * @return what identifies the file and its content
     * @throws IOException if the file cannot be read
     */
    public static OpenedFile of(Path file) throws IOException {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        return new OpenedFile(file, found.fileKey(), found.size(), found.lastModifiedTime());
    }

    /**
     * Reads from the file, mapped when it was opened. Asks before reading, since a shortened file has no such pages, and after it, since the
     * file may be written over meanwhile.
     *
     * @param reading reads from the mapped file
     * @param <T> what is read
     * @return what was read
     * @throws ModelFileException if the file was changed in place after it was opened
     */
    public <T> T read(Supplier<T> reading) {
        requireUnchanged();
        T read = reading.get();
        requireUnchanged();
        return read;
    }

    private void requireUnchanged() {
        OpenedFile now;
        try {
            now = of(file);
        } catch (IOException e) {
            return;
        }
        if (Objects.equals(key, now.key) && !equals(now)) {
            throw new ModelFileException(
                    "model '" + file + "' was written over after it was opened: its weights are read while it is"
                            + " used. Open it again, and write new models to a file of their own, renamed at the end.");
        }
    }
}
