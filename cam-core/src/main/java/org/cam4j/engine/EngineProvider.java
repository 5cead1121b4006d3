package org.cam4j.engine;

import java.util.Optional;
import org.cam4j.plan.InferencePlan;

/**
 * Starts one kind of engine.
 *
 * <p>Found by {@link java.util.ServiceLoader}: a module with an engine names its provider in
 * {@code META-INF/services/org.cam4j.engine.EngineProvider}. A provider has a public constructor without parameters that loads no
 * native library.
 */
public interface EngineProvider {

    /**
     * Returns the engine's name in settings.
     *
     * @return a short name such as {@code oneDNN}; not case-sensitive
     */
    String name();

    /**
     * Returns the engine's rank: if settings name no engine, higher ranks are tried first.
     *
     * @return 0 for an engine that runs everywhere, 100 or more for engines on processors, 300 or more for engines on GPUs that are
     *     present
     */
    int rank();

    /**
     * Starts the engine. Configures threads and environment first, then loads the native library, if there is one.
     *
     * @param plan what to run; checked by {@link Engines}
     * @param settings threads, and a precision in which the engine {@linkplain #computesIn computes}
     * @param packing weights packed earlier, possibly by another engine; used if they fit, otherwise ignored. Their memory must stay
     *     valid as long as the engine runs
     * @return a running engine
     * @throws EngineUnavailableException if the engine cannot run on this machine or cannot run this plan; another one may
     */
    Engine start(InferencePlan plan, EngineSettings settings, Optional<Packing> packing)
            throws EngineUnavailableException;

    /**
     * Whether the engine can compute in a precision, at least on some processors. Defaults to {@link Precision#FLOAT32} alone.
     *
     * @param precision the precision that an application asked for
     * @return false if {@link #start} must not be called with it
     */
    default boolean computesIn(Precision precision) {
        return precision == Precision.FLOAT32;
    }

    /**
     * Whether the engine is tried in its rank even where weights were packed for another one: an engine that is faster all the same.
     *
     * @return false by default: an engine whose packed weights fit goes first
     */
    default boolean outranksPacking() {
        return false;
    }

    /**
     * Returns the key that packed weights must carry to be used by this engine on this machine.
     *
     * @param settings with the precision of the weights
     * @return as in {@link Packing#fits()}
     * @throws EngineUnavailableException if the engine cannot run on this machine, or packs no weights
     */
    default String fit(EngineSettings settings) throws EngineUnavailableException {
        throw new EngineUnavailableException("it packs no weights");
    }
}
