package org.cam4j.dl4j.engine;

/**
 * A GPU.
 *
 * @param name as the driver reports it
 * @param major major version of the compute capability
 * @param minor minor version of the compute capability
 */
record CudaDevice(String name, int major, int minor) {

    /**
     * Whether {@code nd4j-cuda-11.6} of 1.0.0-M2.1 has machine code for the GPU. The library has code for capability 3.7, 5.0, 5.2, 6.0,
     * 6.1, 7.0, 7.5, 8.0 and 8.6; later GPUs of the same major version run it too. It has no PTX, so other GPUs cannot run it.
     */
    boolean hasCode() {
        return major == 3 ? minor >= 7 : major >= 5 && major <= 8;
    }

    @Override
    public String toString() {
        return name + " (compute capability " + major + "." + minor + ")";
    }
}
