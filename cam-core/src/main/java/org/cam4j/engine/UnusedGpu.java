package org.cam4j.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** An NVIDIA GPU of this machine that no engine on the classpath runs on. */
public final class UnusedGpu {

    /** The rank from which engines run on GPUs. */
    private static final int GPU_RANK = 300;

    /** What NVIDIA's drivers for Linux and Windows leave where programs can use a GPU. */
    private static final List<String> TRACES = List.of("dev/nvidia0", "Windows/System32/nvcuda.dll");

    private UnusedGpu() {}

    /**
     * Says what to add, without loading any native library.
     *
     * @return one sentence; empty if there is no NVIDIA GPU, or an engine for it is on the classpath, whether it runs or not
     */
    public static Optional<String> hint() {
        return hint(Path.of("/").toAbsolutePath(), hasEngine());
    }

    static Optional<String> hint(Path root, boolean hasEngine) {
        boolean isThere = TRACES.stream().anyMatch(trace -> Files.exists(root.resolve(trace)));
        return isThere && !hasEngine
                ? Optional.of("this machine has an NVIDIA GPU, and no engine here runs on it: add the module "
                        + Engines.module("cuda").orElseThrow()
                        + " and CUDA 13's libraries, as docs/cuda.md says, or name another engine.")
                : Optional.empty();
    }

    private static boolean hasEngine() {
        ClassLoader loader = EngineProvider.class.getClassLoader();
        // With nd4j-cuda ND4J's engine runs on the GPU.
        return loader.getResource("org/nd4j/linalg/jcublas/JCublasBackend.class") != null
                || ServiceLoader.load(EngineProvider.class, loader).stream()
                        .anyMatch(provider -> provider.get().rank() >= GPU_RANK);
    }
}
