package org.cam4j.keras.hdf5;

import io.jhdf.object.datatype.OpaqueDataType;
import java.util.Arrays;
import java.util.function.Supplier;
import org.cam4j.exception.ModelFileException;

/** Runs calls of the HDF5 library, and converts its many kinds of failure on damaged files to one exception. */
public final class GuardedReading {

    private GuardedReading() {}

    /**
     * Runs one reading.
     *
     * @param what the object that is read, for the message
     * @param reading the call
     * @return the call's result
     * @throws ModelFileException if the call fails in any way
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
            // A damaged size may ask for any amount in one allocation; such a failure leaves the heap usable.
            throw new ModelFileException(
                    what + " needs more memory than the "
                            + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MB that this JVM has. If the file is sound, raise -Xmx.",
                    e);
        }
    }

    /** Whether jHDF failed on opaque bytes without a description, as which NumPy's bfloat16 is stored. */
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
