package org.cam4j.keras;

import java.util.function.Supplier;
import org.cam4j.exception.ModelFileException;

/** Calls the HDF5 library, which stumbles over damage in many ways, and says in one way what happened. */
final class GuardedReading {

    private GuardedReading() {}

    /**
     * Runs one reading.
     *
     * @param what what is read, for the message
     * @param reading the reading
     * @return what it gives
     * @throws ModelFileException whatever goes wrong
     */
    static <T> T of(String what, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (ModelFileException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new ModelFileException(
                    what + " cannot be read, " + rootMessage(e) + ". The file is damaged: copy or save it again.", e);
        } catch (StackOverflowError e) {
            throw new ModelFileException(
                    what + " cannot be read, the file's structure leads back to itself. It is damaged or hostile.", e);
        } catch (OutOfMemoryError e) {
            // A damaged size may ask for any amount in one allocation, which fails without harm to the rest.
            throw new ModelFileException(
                    what + " needs more memory than the "
                            + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MB that this JVM has. If the file is sound, raise -Xmx.",
                    e);
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
