package org.cam4j.dl4j.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.cuda.cudart.cudaDeviceProp;
import org.bytedeco.cuda.global.cudart;
import org.cam4j.exception.BackendException;

/**
 * What decides whether ND4J will run, found out before ND4J is loaded.
 *
 * @param cpu whether {@code nd4j-native} is on the classpath
 * @param cuda whether {@code nd4j-cuda} is, and not put behind it by BACKEND_PRIORITY_CPU
 * @param failure what the CUDA runtime says if it cannot be used
 * @param devices the GPUs that it shows
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

    /** As ND4J reads it: a GPU has 100 unless something is said. */
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
