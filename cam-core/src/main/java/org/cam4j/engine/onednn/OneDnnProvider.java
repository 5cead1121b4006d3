package org.cam4j.engine.onednn;

import java.util.Optional;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineProvider;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Packing;
import org.cam4j.engine.Precision;
import org.cam4j.plan.InferencePlan;
import org.cam4j.process.NativeCache;

/** Starts {@link OneDnnEngine}. */
public final class OneDnnProvider implements EngineProvider {

    @Override
    public String name() {
        return "oneDNN";
    }

    @Override
    public int rank() {
        return 200;
    }

    @Override
    public Engine start(InferencePlan plan, EngineSettings settings, Optional<Packing> packing)
            throws EngineUnavailableException {
        requireOwnCache();
        return OneDnnEngine.start(plan, settings, packing);
    }

    @Override
    public boolean computesIn(Precision precision) {
        return true;
    }

    @Override
    public String fit(EngineSettings settings) throws EngineUnavailableException {
        requireOwnCache();
        return OneDnnEngine.fit(settings.precision());
    }

    private static void requireOwnCache() throws EngineUnavailableException {
        Optional<String> problem = NativeCache.problem();
        if (problem.isPresent()) {
            throw new EngineUnavailableException(problem.get());
        }
    }
}
