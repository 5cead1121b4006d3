package org.cam4j.keras.file;

import java.io.IOException;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;

/** Adds the file's name to messages about the file. */
public final class Blame {

    private Blame() {}

    /** Reads from a file; may fail with an I/O error. */
    @FunctionalInterface
    public interface Reading<T> {
        T get() throws IOException;
    }

    /**
     * Runs a reading of one file.
     *
     * @param file the file's name in messages
     * @throws ModelFileException if the file is missing or damaged
     * @throws UnsupportedModelException if the file's model cannot be built
     */
    public static <T> T on(String file, Reading<T> reading) {
        try {
            return reading.get();
        } catch (ModelFileException e) {
            throw new ModelFileException(file + ": " + e.getMessage(), e);
        } catch (UnsupportedModelException e) {
            throw new UnsupportedModelException(file + ": " + e.getMessage(), e.obstacles(), e);
        } catch (ArithmeticException e) {
            throw new ModelFileException(
                    file + ": sizes in its configuration are too large to compute with. It is damaged:"
                            + " save the model again.",
                    e);
        } catch (IOException e) {
            throw new ModelFileException(file + " cannot be read: " + e, e);
        }
    }
}
