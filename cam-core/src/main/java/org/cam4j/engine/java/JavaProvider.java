package org.cam4j.engine.java;

import java.util.Optional;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineProvider;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Packing;
import org.cam4j.plan.InferencePlan;

/** Starts {@link JavaEngine} if no faster engine runs. */
public final class JavaProvider implements EngineProvider {

    @Override
    public String name() {
        return "Java";
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public Engine start(InferencePlan plan, EngineSettings settings, Optional<Packing> packing)
            throws EngineUnavailableException {
        return new JavaEngine(plan, settings.threads());
    }
}
