package org.cam4j.engine.cuda;

import java.util.Map;
import java.util.Optional;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Packing;
import org.cam4j.exception.BackendException;
import org.cam4j.plan.InferencePlan;

/**
 * What an engine starts with: a GPU, and an execution for one image that has been compiled. Freed by the engine.
 *
 * @param device the GPU
 * @param executions of the plan
 */
record EngineStart(Device device, Executions executions) {

    /** How engines are called. */
    static String name(Device device) {
        return "CUDA on " + device.name();
    }

    /**
     * Loads NVIDIA's libraries and compiles a plan for one image.
     *
     * @throws EngineUnavailableException if there is no GPU, driver or library, too little memory, or a step that cannot be run
     * @throws IllegalArgumentException if the packing is damaged
     */
    static EngineStart of(InferencePlan plan, CudaSettings settings, Layout layout, Optional<Packing> packing)
            throws EngineUnavailableException {
        StepCompiler.check(plan);
        try {
            return on(Device.open(settings.device(), settings.precision()), plan, settings, layout, packing);
        } catch (LinkageError e) {
            throw new EngineUnavailableException(
                    "its libraries do not fit each other (" + e
                            + "); nd4j-cuda cannot be on the same classpath, which brings another CUDA",
                    e);
        }
    }

    private static EngineStart on(
            Device device, InferencePlan plan, CudaSettings settings, Layout layout, Optional<Packing> packing)
            throws EngineUnavailableException {
        Executions executions = null;
        try {
            device.use();
            Map<String, Choice> stored = packing.filter(found -> found.fits().equals(name(device)))
                    .map(found -> StoredChoices.decode(found.description()))
                    .orElse(Map.of());
            executions = new Executions(device, plan, settings, layout, stored);
            executions.give(executions.take(1));
            return new EngineStart(device, executions);
        } catch (GpuFailure | BackendException e) {
            throw new EngineUnavailableException(
                    e instanceof GpuFailure failure && failure.isOutOfMemory()
                            ? device.name() + " has too little free memory for the network: " + e.getMessage()
                            : e.getMessage(),
                    closed(executions, device, e));
        } catch (RuntimeException | Error e) {
            closed(executions, device, e);
            throw e;
        }
    }

    /** Frees what was made before a failure. */
    private static Throwable closed(Executions executions, Device device, Throwable failure) {
        if (executions != null) {
            executions.close();
        }
        device.close();
        return failure;
    }
}
