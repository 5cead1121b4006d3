package org.cam4j.engine.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long OpenMP's threads keep a core busy while they wait for more to do.
 *
 * <p>GNU's OpenMP lets them turn for milliseconds whenever they wait, which takes the core from everyone else on a busy machine.
 * Not to turn at all costs a quiet machine a wake-up for each of the hundreds of kernels that follow each other within
 * microseconds. Two thousand turns, some tens of microseconds, bridge those.
 */
public final class WaitingTime {

    private static final Logger LOG = LoggerFactory.getLogger(WaitingTime.class);

    private static final String SETTING = "GOMP_SPINCOUNT=2000";

    /** The environment that C code sees, once it is ours; never freed. */
    private static final List<Pointer> KEPT = new ArrayList<>();

    private WaitingTime() {}

    /**
     * Limits it, unless the environment of the process says something about it. OpenMP reads its environment once, when the first
     * library that uses it is loaded, ND4J's or oneDNN's: call this before.
     */
    public static synchronized void limit() {
        if (!KEPT.isEmpty() || isSet("GOMP_SPINCOUNT") || isSet("OMP_WAIT_POLICY")) {
            return;
        }
        try {
            Loader.load(Pointer.class);
            Pointer environment = Loader.addressof("environ");
            if (environment == null || environment.isNull()) {
                LOG.debug("This platform has no environment that can be added to");
                return;
            }
            append(environment);
        } catch (RuntimeException | LinkageError e) {
            // It is only about speed under load.
            LOG.debug("OpenMP's waiting time stays what it is", e);
        }
    }

    private static boolean isSet(String name) {
        return System.getenv(name) != null;
    }

    /** Java has no setenv: a longer copy of C's list of variables takes the place of the list. */
    private static void append(Pointer environment) {
        PointerPointer<PointerPointer<?>> variable = new PointerPointer<>(environment);
        PointerPointer<?> present = new PointerPointer<>(variable.get(0));
        int count = 0;
        while (present.get(count) != null) {
            count++;
        }
        BytePointer setting = new BytePointer(SETTING);
        PointerPointer<Pointer> longer = new PointerPointer<>(count + 2L);
        for (int i = 0; i < count; i++) {
            longer.put(i, present.get(i));
        }
        longer.put(count, setting);
        longer.put(count + 1L, (Pointer) null);
        KEPT.add(setting);
        KEPT.add(longer);
        variable.put(0, longer);
    }
}
