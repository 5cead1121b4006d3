package org.cam4j.engine.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import org.cam4j.engine.EngineUnavailableException;

/** ONNX Runtime's native library, loaded once: quiet, and without its telemetry. */
final class RuntimeLibrary {

    private static OrtEnvironment loaded;

    private RuntimeLibrary() {}

    /**
     * Unpacks and loads the library on the first call.
     *
     * @return ONNX Runtime's environment, of which a process has one
     * @throws EngineUnavailableException if there is none for this platform, or it cannot be loaded
     */
    static synchronized OrtEnvironment load() throws EngineUnavailableException {
        if (loaded == null) {
            try {
                OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
                environment.setTelemetry(false);
                loaded = environment;
            } catch (LinkageError | OrtException e) {
                throw missing(e);
            }
        }
        return loaded;
    }

    private static EngineUnavailableException missing(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return new EngineUnavailableException(
                "ONNX Runtime cannot be loaded on " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch") + " (" + cause.getMessage() + ")",
                failure);
    }
}
