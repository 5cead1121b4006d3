package org.cam4j.dl4j.engine;

/**
 * A GPU.
 *
 * @param name as its driver gives it
 * @param major compute capability before the point
 * @param minor compute capability behind it
 */
record CudaDevice(String name, int major, int minor) {

    /**
     * Whether {@code nd4j-cuda-11.6} of 1.0.0-M2.1 has machine code for it: that of capability 3.7, 5.0, 5.2, 6.0, 6.1, 7.0, 7.5,
     * 8.0 and 8.6, each of which later ones of the same generation run too. It has no PTX, so other generations run nothing.
     */
    boolean hasCode() {
        return major == 3 ? minor >= 7 : major >= 5 && major <= 8;
    }

    @Override
    public String toString() {
        return name + " (compute capability " + major + "." + minor + ")";
    }
}
