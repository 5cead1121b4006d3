package org.cam4j.process;

import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long OpenMP's threads keep a core busy while they wait for more to do.
 *
 * <p>GNU's OpenMP lets them turn for three milliseconds or more whenever they wait, which takes the core from everyone else on a
 * busy machine. Not to turn at all costs a quiet machine a wake-up for each of the hundreds of kernels that follow each other
 * within microseconds. Ten thousand turns, half a millisecond, bridge those. The policy "active" is for applications where more
 * threads use OpenMP than there are cores: there it is a thousand turns, and otherwise a hundred, which is too short.
 */
public final class OpenMpSpin {

    private static final Logger LOG = LoggerFactory.getLogger(OpenMpSpin.class);

    private static final String SPINS = "10000";

    private static boolean limited;

    private OpenMpSpin() {}

    /**
     * Limits it, unless the environment of the process says something about it. OpenMP reads its environment once, when the first
     * library that uses it is loaded, ND4J's or oneDNN's: call this before.
     */
    public static synchronized void limit() {
        if (limited || isSet("GOMP_SPINCOUNT") || isSet("OMP_WAIT_POLICY")) {
            return;
        }
        limited = true;
        try {
            Optional<CFunction> setenv = CFunction.find("setenv");
            if (setenv.isPresent()) {
                set(setenv.get(), "GOMP_SPINCOUNT", SPINS);
                set(setenv.get(), "OMP_WAIT_POLICY", "active");
            }
        } catch (RuntimeException | LinkageError e) {
            // It is only about speed.
            LOG.debug("OpenMP's waiting time stays what it is", e);
        }
    }

    private static boolean isSet(String name) {
        return System.getenv(name) != null;
    }

    private static void set(CFunction setenv, String name, String value) {
        try (BytePointer cName = new BytePointer(name);
                BytePointer cValue = new BytePointer(value)) {
            setenv.call(cName.address(), cValue.address(), 1, 0);
        }
    }
}
