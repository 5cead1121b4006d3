package org.cam4j.dl4j.engine;

import java.util.Optional;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineProvider;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Packing;
import org.cam4j.exception.BackendException;
import org.cam4j.plan.InferencePlan;

/** Starts {@link Nd4jEngine}: tried first if its backend is a GPU, otherwise after engines made for processors. */
public final class Nd4jProvider implements EngineProvider {

    @Override
    public String name() {
        return "ND4J";
    }

    @Override
    public int rank() {
        return Backend.here().isGpu() ? 300 : 100;
    }

    @Override
    public Engine start(InferencePlan plan, EngineSettings settings, Optional<Packing> packing)
            throws EngineUnavailableException {
        try {
            Backend.here().requireUsable();
            return new Nd4jEngine(plan);
        } catch (BackendException e) {
            throw new EngineUnavailableException(e.getMessage(), e);
        } catch (LinkageError e) {
            throw new EngineUnavailableException("it is not on the classpath (" + e + "): add org.nd4j:nd4j-native", e);
        }
    }
}
