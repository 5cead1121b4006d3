package org.cam4j.engine;

import java.util.Optional;
import org.cam4j.plan.InferencePlan;

/**
 * Starts one kind of engine. Found by {@link java.util.ServiceLoader}: a module that brings an engine names its provider in
 * {@code META-INF/services/org.cam4j.engine.EngineProvider}. Has a public constructor without parameters that loads nothing.
 */
public interface EngineProvider {

    /**
     * What settings call the engine.
     *
     * @return a short name such as {@code oneDNN}; upper and lower case are the same
     */
    String name();

    /**
     * How early the engine is tried where no name is given.
     *
     * @return larger before smaller: 0 for an engine that runs everywhere, 100 and more for engines on processors, 300 and more for
     *     GPUs that are there
     */
    int rank();

    /**
     * Starts the engine. Loads its native library, if it has one, and says before how threads and environment are to be.
     *
     * @param plan what to run; checked by {@link Engines}
     * @param settings threads
     * @param packing weights that were packed before, by whichever engine; to be used where they fit, and left alone otherwise. Their
     *     memory stays for as long as the engine runs
     * @return a running engine
     * @throws EngineUnavailableException if the engine cannot run here, or not this plan; another one may
     */
    Engine start(InferencePlan plan, EngineSettings settings, Optional<Packing> packing)
            throws EngineUnavailableException;

    /**
     * What packed weights must say to be used by this engine here.
     *
     * @return as in {@link Packing#fits()}
     * @throws EngineUnavailableException if the engine cannot run here, or packs no weights
     */
    default String fit() throws EngineUnavailableException {
        throw new EngineUnavailableException("it packs no weights");
    }
}
