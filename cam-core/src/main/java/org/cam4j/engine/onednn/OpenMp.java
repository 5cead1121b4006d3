package org.cam4j.engine.onednn;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells OpenMP, which runs oneDNN's loops, how many threads the calling thread may use.
 *
 * <p>oneDNN has no such call, JavaCPP has no binding of OpenMP, and Java 17 has no stable way to call C. JavaCPP can however call
 * any C function with one argument, to free memory, and {@code omp_set_num_threads(int)} is such a function. Where that is not
 * possible, all calls use as many threads as OpenMP likes.
 */
final class OpenMp {

    private static final Logger LOG = LoggerFactory.getLogger(OpenMp.class);

    private static final Optional<OpenMp> INSTANCE = find();

    private final long function;
    private final Object caller;
    private final Method call;

    private OpenMp(long function, Object caller, Method call) {
        this.function = function;
        this.caller = caller;
        this.call = call;
    }

    /** Whether the number of threads can be set; oneDNN must have been loaded before. */
    static boolean canSetThreads() {
        return INSTANCE.isPresent();
    }

    /** Sets the number of threads that native calls of the calling thread use from now on. */
    static void setThreads(int threads) {
        OpenMp openMp = INSTANCE.orElseThrow();
        try {
            openMp.call.invoke(openMp.caller, (long) threads, openMp.function);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("OpenMP refused to use " + threads + " threads", e);
        }
    }

    private static Optional<OpenMp> find() {
        try {
            // oneDNN's own copy, found by its name because it is loaded already; now visible to the next line.
            Loader.loadGlobal("libgomp.so.1");
            Pointer function = Loader.addressof("omp_set_num_threads");
            if (function == null || function.isNull()) {
                return unavailable("omp_set_num_threads is not there", null);
            }
            Class<?> type = Class.forName("org.bytedeco.javacpp.Pointer$NativeDeallocator");
            Constructor<?> constructor = type.getDeclaredConstructor(Pointer.class, long.class, long.class);
            constructor.setAccessible(true);
            Method call = type.getDeclaredMethod("deallocate", long.class, long.class);
            call.setAccessible(true);
            Object caller = constructor.newInstance(new BytePointer((Pointer) null), 0L, 0L);
            return Optional.of(new OpenMp(function.address(), caller, call));
        } catch (ReflectiveOperationException | RuntimeException | UnsatisfiedLinkError e) {
            return unavailable(e.toString(), e);
        }
    }

    private static Optional<OpenMp> unavailable(String reason, Throwable cause) {
        LOG.info("oneDNN's number of threads cannot be set ({}): every run uses all that OpenMP likes", reason);
        LOG.debug("Why", cause);
        return Optional.empty();
    }
}
