package org.cam4j.dl4j.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.cuda.cudart.cudaDeviceProp;
import org.bytedeco.cuda.global.cudart;
import org.cam4j.exception.BackendException;

/**
 * The facts that decide whether ND4J will run, collected before ND4J is loaded.
 *
 * @param cpu whether {@code nd4j-native} is on the classpath
 * @param cuda whether {@code nd4j-cuda} is on the classpath, and BACKEND_PRIORITY_CPU does not prefer the CPU
 * @param failure the CUDA runtime's error if it cannot be used
 * @param devices the GPUs that the CUDA runtime lists
 */
record BackendFacts(boolean cpu, boolean cuda, Optional<String> failure, List<CudaDevice> devices) {

    static BackendFacts here() {
        boolean cpu = isThere("org.nd4j.linalg.cpu.nativecpu.CpuBackend");
        boolean cuda = isThere("org.nd4j.linalg.jcublas.JCublasBackend") && !(cpu && cpuIsPreferred());
        if (!cuda) {
            return new BackendFacts(cpu, false, Optional.empty(), List.of());
        }
        try {
            return new BackendFacts(cpu, true, Optional.empty(), visibleDevices());
        } catch (LinkageError | RuntimeException e) {
            return new BackendFacts(cpu, true, Optional.of(String.valueOf(e.getMessage())), List.of());
        }
    }

    /** Compares priorities as ND4J does: a GPU has 100 unless its variable is set. */
    private static boolean cpuIsPreferred() {
        return priority("BACKEND_PRIORITY_CPU", 0) > priority("BACKEND_PRIORITY_GPU", 100);
    }

    private static int priority(String variable, int otherwise) {
        String value = System.getenv(variable);
        try {
            return value == null || value.isEmpty() ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new BackendException(
                    "the environment variable " + variable + " is '" + value + "', expected a number");
        }
    }

    private static boolean isThere(String name) {
        try {
            Class.forName(name, false, BackendFacts.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static List<CudaDevice> visibleDevices() {
        int[] value = new int[1];
        int error = cudart.cudaGetDeviceCount(value);
        if (error != 0) {
            throw new IllegalStateException("CUDA error " + error + ", "
                    + cudart.cudaGetErrorString(error).getString());
        }
        List<CudaDevice> devices = new ArrayList<>();
        for (int i = 0; i < value[0]; i++) {
            try (cudaDeviceProp properties = new cudaDeviceProp()) {
                cudart.cudaGetDeviceProperties(properties, i);
                devices.add(new CudaDevice(properties.name().getString(), properties.major(), properties.minor()));
            }
        }
        return devices;
    }
}
