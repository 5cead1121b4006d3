package org.cam4j.process;

import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the time that waiting OpenMP threads spin, which keeps a core busy.
 *
 * <p>By default, threads of GNU's OpenMP spin for 3 ms or more on every wait, which takes the core from other programs on a busy machine.
 * Without spinning, each of the hundreds of kernels, microseconds apart, costs a wake-up on an idle machine. 10,000 spins, about 0.5 ms,
 * cover these gaps. The policy "active" is for applications with more OpenMP threads than cores: OpenMP then spins 1,000 times, and
 * without this policy 100 times, which is too short.
 */
public final class OpenMpSpin {

    private static final Logger LOG = LoggerFactory.getLogger(OpenMpSpin.class);

    private static final String SPINS = "10000";

    private static boolean limited;

    private OpenMpSpin() {}

    /**
     * Limits the spinning, unless the process's environment sets it. Call this before ND4J or oneDNN is loaded: OpenMP reads its
     * environment once, when the first library that uses it is loaded.
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
            // Ignored: only speed is affected.
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
