package org.cam4j.engine.cuda;

import java.util.Optional;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineProvider;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Packing;
import org.cam4j.plan.InferencePlan;

/** Starts {@link CudaEngine} with the {@link CudaSettings} of the system properties. */
public final class CudaProvider implements EngineProvider {

    @Override
    public String name() {
        return "CUDA";
    }

    @Override
    public int rank() {
        return 300;
    }

    @Override
    public boolean outranksPacking() {
        return true;
    }

    @Override
    public Engine start(InferencePlan plan, EngineSettings settings, Optional<Packing> packing)
            throws EngineUnavailableException {
        return CudaEngine.start(plan, CudaSettings.ofSystemProperties(), packing);
    }
}
