package org.cam4j.door;

import java.nio.file.Path;

/**
 * Opens model files of one format. A module names its door in {@code META-INF/services/org.cam4j.door.ModelDoor}; the class is public
 * and has a constructor without parameters.
 */
public interface ModelDoor {

    /**
     * Tells whether a file is of this format, by its first bytes and its name.
     *
     * @param file may be missing
     * @return true if {@link #open} should read or refuse it
     */
    boolean opens(Path file);

    /**
     * Opens a file.
     *
     * @param file the model
     * @return the model, not planned yet
     * @throws org.cam4j.exception.ModelFileException if the file is missing or damaged
     * @throws org.cam4j.exception.UnsupportedModelException if it is no classifier of one image
     */
    OpenedModel open(Path file);

    /**
     * Tells whether a model in memory is of this format, by its first bytes.
     *
     * @param model the bytes of a file
     * @return true if {@link #open(byte[])} should read or refuse it; false by default
     */
    default boolean opens(byte[] model) {
        return false;
    }

    /**
     * Opens a model in memory.
     *
     * @param model the bytes of a file, for which {@link #opens(byte[])} is true; not copied, not modified
     * @return the model, not planned yet
     * @throws org.cam4j.exception.ModelFileException if it is damaged
     * @throws org.cam4j.exception.UnsupportedModelException if it is no classifier of one image
     */
    default OpenedModel open(byte[] model) {
        throw new UnsupportedOperationException(getClass().getName() + " opens files alone");
    }
}
