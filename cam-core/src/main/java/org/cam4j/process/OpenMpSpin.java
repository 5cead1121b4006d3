package org.cam4j.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
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
        if (isTooLate()) {
            LOG.warn(
                    "ND4J, or another library with OpenMP, was used before cam4j: small networks take up to three times as long, because"
                            + " threads go to sleep between kernels. Open the first model before, or start Java with the environment variables"
                            + " GOMP_SPINCOUNT={} and OMP_WAIT_POLICY=active.",
                    SPINS);
            return;
        }
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

    /** Whether OpenMP is loaded already; only Linux tells. */
    private static boolean isTooLate() {
        try (Stream<String> loaded = Files.lines(Path.of("/proc/self/maps"))) {
            return loaded.anyMatch(line -> line.contains("/libgomp"));
        } catch (IOException | UncheckedIOException e) {
            return false;
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
