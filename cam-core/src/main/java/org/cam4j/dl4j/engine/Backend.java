package org.cam4j.dl4j.engine;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cam4j.exception.BackendException;
import org.cam4j.process.NativeCache;
import org.cam4j.process.OpenMpSpin;
import org.cam4j.process.QuietLibraries;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds which backend ND4J will use and whether it can run. Checked before ND4J is loaded, which otherwise fails inside a kernel or with
 * a missing library.
 */
public final class Backend {

    private static final Logger LOG = LoggerFactory.getLogger(Backend.class);

    private static final String CPU_INSTEAD =
            " To use the CPU, take nd4j-native instead of nd4j-cuda. docs/cuda.md lists GPUs, drivers and libraries.";

    private static Optional<Backend> found = Optional.empty();

    private static boolean isLoaded;

    private final boolean gpu;
    private final String remark;
    private final Optional<String> problem;

    private Backend(boolean gpu, String remark, Optional<String> problem) {
        this.gpu = gpu;
        this.remark = remark;
        this.problem = problem;
    }

    /**
     * Returns this machine's backend. The first call checks classpath, driver and GPUs, and logs warnings.
     *
     * @return the backend that ND4J will use
     */
    public static synchronized Backend here() {
        if (found.isEmpty()) {
            QuietLibraries.begin();
            Backend backend = NativeCache.problem().map(Backend::unusable).orElseGet(() -> of(BackendFacts.here()));
            if (!backend.remark.isEmpty()) {
                LOG.warn(backend.remark);
            }
            found = Optional.of(backend);
        }
        return found.get();
    }

    /** Decides the backend: ND4J tries CUDA first and uses the CPU only if it finds no GPU. */
    static Backend of(BackendFacts facts) {
        if (!facts.cuda()) {
            return facts.cpu()
                    ? new Backend(false, "", Optional.empty())
                    : unusable("no ND4J backend is on the classpath: add org.cam4j:cam-natives-linux-x86_64 or another"
                            + " platform's, org.nd4j:nd4j-native with the classifier of the platform, or org.nd4j:nd4j-cuda-11.6"
                            + " for a GPU.");
        }
        if (facts.devices().isEmpty()) {
            String reason = "nd4j-cuda is on the classpath, but no GPU can be used: "
                    + facts.failure().orElse("the driver shows none") + ".";
            return facts.cpu()
                    ? new Backend(false, reason + " ND4J runs on the CPU, with nd4j-native.", Optional.empty())
                    : unusable(reason + " It needs an NVIDIA driver of 450.80 or newer and CUDA 11's libraries."
                            + CPU_INSTEAD);
        }
        List<CudaDevice> foreign =
                facts.devices().stream().filter(device -> !device.hasCode()).toList();
        if (!foreign.isEmpty()) {
            return unusable("nd4j-cuda-11.6 has no code for "
                    + foreign.stream().map(CudaDevice::toString).collect(Collectors.joining(", "))
                    + ", only for compute capability 3.7 and 5.0 to 8.9."
                    + (foreign.size() < facts.devices().size()
                            ? " Hide it with CUDA_VISIBLE_DEVICES, since ND4J uses all GPUs that it sees."
                            : "")
                    + (facts.cpu()
                            ? " To use the CPU, set the environment variable BACKEND_PRIORITY_CPU=101."
                            : CPU_INSTEAD));
        }
        String both = facts.cpu()
                ? "nd4j-native and nd4j-cuda are both on the classpath: ND4J uses "
                        + facts.devices().get(0)
                        + ". Leave one of them away, or set the environment variable BACKEND_PRIORITY_CPU=101 to use the CPU."
                : "";
        return new Backend(true, both, Optional.empty());
    }

    private static Backend unusable(String problem) {
        return new Backend(false, "", Optional.of(problem));
    }

    /**
     * Throws if the backend cannot run, otherwise prepares the process for it and loads ND4J. Call this before ND4J is loaded.
     *
     * @throws BackendException if the backend cannot run; the message says what to do
     */
    public void requireUsable() {
        problem.ifPresent(message -> {
            throw new BackendException(message);
        });
        loadOnce();
    }

    private static synchronized void loadOnce() {
        if (!isLoaded) {
            NativeCache.load(() -> {
                OpenMpSpin.limit();
                Nd4j.getBackend();
            });
            isLoaded = true;
        }
    }

    /**
     * Whether the backend is a GPU.
     *
     * @return true with CUDA and a GPU that the CUDA backend supports
     */
    public boolean isGpu() {
        return gpu;
    }

    /** Returns the text of a warning; empty if there is none. */
    String remark() {
        return remark;
    }
}
