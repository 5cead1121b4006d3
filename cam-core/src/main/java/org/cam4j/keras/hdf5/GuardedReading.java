package org.cam4j.keras.hdf5;

import io.jhdf.object.datatype.OpaqueDataType;
import java.util.Arrays;
import java.util.function.Supplier;
import org.cam4j.exception.ModelFileException;

/** Calls the HDF5 library, which stumbles over damage in many ways, and says in one way what happened. */
public final class GuardedReading {

    private GuardedReading() {}

    /**
     * Runs one reading.
     *
     * @param what what is read, for the message
     * @param reading the reading
     * @return what it gives
     * @throws ModelFileException whatever goes wrong
     */
    public static <T> T of(String what, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (ModelFileException e) {
            throw e;
        } catch (RuntimeException e) {
            if (isOpaque(e)) {
                throw new ModelFileException(
                        what
                                + " are of a type that HDF5 does not know, as bfloat16: in Keras, save the model as .keras,"
                                + " or with float32 weights.",
                        e);
            }
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

    /** NumPy's bfloat16 becomes two opaque bytes without a description, over which jHDF stumbles. */
    private static boolean isOpaque(RuntimeException failure) {
        return Arrays.stream(root(failure).getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(OpaqueDataType.class.getName()));
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = root(failure);
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
