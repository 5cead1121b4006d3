package org.cam4j.engine.cuda;

/** A call of NVIDIA's libraries failed. Applications get a {@link org.cam4j.exception.BackendException} with its message. */
final class GpuFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean isOutOfMemory;

    /**
     * Creates the exception.
     *
     * @param message what was done and what the library says
     * @param isOutOfMemory whether less memory would do
     */
    GpuFailure(String message, boolean isOutOfMemory) {
        super(message);
        this.isOutOfMemory = isOutOfMemory;
    }

    boolean isOutOfMemory() {
        return isOutOfMemory;
    }
}
