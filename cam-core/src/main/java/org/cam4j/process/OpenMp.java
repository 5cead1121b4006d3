package org.cam4j.process;

import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the number of threads that OpenMP, which runs oneDNN's loops, uses for the calling thread. If it cannot be set, OpenMP's own
 * default applies.
 */
public final class OpenMp {

    private static final Logger LOG = LoggerFactory.getLogger(OpenMp.class);

    private static final Optional<CFunction> SET_THREADS = find();

    // After the line above, which makes the function visible.
    private static final Optional<CFunction> PARALLEL = CFunction.find("GOMP_parallel");
    private static final Optional<Pointer> FREE = CFunction.address("free");

    private OpenMp() {}

    /** Tells whether the number of threads can be set; oneDNN must have been loaded before. */
    public static boolean canSetThreads() {
        return SET_THREADS.isPresent();
    }

    /** Sets the number of threads that native calls of the calling thread use from now on. */
    public static void setThreads(int threads) {
        SET_THREADS.orElseThrow().call(threads, 0, 0, 0);
    }

    /**
     * Starts OpenMP's helper threads of the calling thread; they inherit its allowed processors.
     *
     * @return true if the helpers were started
     */
    static boolean startThreads(int threads) {
        if (PARALLEL.isEmpty() || FREE.isEmpty()) {
            return false;
        }
        // Each thread calls free(NULL), which does nothing.
        PARALLEL.get().call(FREE.get().address(), 0, threads, 0);
        return true;
    }

    private static Optional<CFunction> find() {
        try {
            // oneDNN's copy of OpenMP: found by its name because it is already loaded; visible from the next line on.
            Loader.loadGlobal("libgomp.so.1");
            Optional<CFunction> function = CFunction.find("omp_set_num_threads");
            if (function.isEmpty()) {
                LOG.info("OpenMP has no omp_set_num_threads here: every run uses as many threads as it likes");
            }
            return function;
        } catch (RuntimeException | LinkageError e) {
            LOG.info(
                    "oneDNN's number of threads cannot be set ({}): every run uses all that OpenMP likes",
                    e.toString());
            LOG.debug("Why", e);
            return Optional.empty();
        }
    }
}
