package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaDevAttrComputeCapabilityMajor;
import static org.bytedeco.cuda.global.cudart.cudaDevAttrComputeCapabilityMinor;
import static org.bytedeco.cuda.global.cudart.cudaDeviceGetAttribute;
import static org.bytedeco.cuda.global.cudart.cudaDriverGetVersion;
import static org.bytedeco.cuda.global.cudart.cudaErrorInsufficientDriver;
import static org.bytedeco.cuda.global.cudart.cudaErrorNoDevice;
import static org.bytedeco.cuda.global.cudart.cudaGetDeviceCount;
import static org.bytedeco.cuda.global.cudart.cudaGetErrorString;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.javacpp.Loader;
import org.cam4j.engine.EngineUnavailableException;

/** Loads NVIDIA's libraries and finds the GPU, or says in one clause why there is none. */
final class Libraries {

    /** Turing: the oldest that CUDA 13 and cuDNN 9 support. */
    private static final int OLDEST = 75;

    /** What Linux's loader says. */
    private static final Pattern MISSING = Pattern.compile("([^\\s:/]+): cannot open shared object file");

    private static final Pattern UNDEFINED = Pattern.compile("undefined symbol: (\\w+)");

    private Libraries() {}

    /** Loads the libraries and returns the GPU's compute capability, such as 90. */
    static int load(int device) throws EngineUnavailableException {
        load(cudart.class, named("CUDA's runtime", "libcudart.so.13", "cudart64_13.dll") + " and the driver");
        int capability = capability(device);
        load(cublas.class, named("cuBLAS", "libcublas.so.13", "cublas64_13.dll"));
        load(cudnn.class, named("cuDNN", "libcudnn.so.9", "cudnn64_9.dll"));
        return capability;
    }

    /** A library as this system knows it. */
    static String named(String name, String linux, String windows) {
        return name + " (" + (Loader.getPlatform().startsWith("windows") ? windows : linux) + ")";
    }

    static void load(Class<?> library, String what) throws EngineUnavailableException {
        try {
            Loader.load(library);
        } catch (LinkageError e) {
            throw new EngineUnavailableException(what + " cannot be loaded (" + reason(e) + ")", e);
        }
    }

    /** What the system's loader misses, if it says so: JavaCPP's own message names the presets' libraries alone. */
    static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher missing = MISSING.matcher(String.valueOf(cause.getMessage()));
            if (missing.find()) {
                return missing.group(1) + " is missing";
            }
            Matcher undefined = UNDEFINED.matcher(String.valueOf(cause.getMessage()));
            if (undefined.find()) {
                return undefined.group(1) + " is missing in it";
            }
        }
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    private static int capability(int device) throws EngineUnavailableException {
        int[] value = new int[1];
        int status = cudaGetDeviceCount(value);
        if (status == cudaErrorInsufficientDriver) {
            cudaDriverGetVersion(value);
            throw new EngineUnavailableException(
                    value[0] == 0
                            ? "there is no NVIDIA driver"
                            : "the NVIDIA driver is for CUDA " + version(value[0]) + ", too old for CUDA 13");
        }
        if (status == cudaErrorNoDevice || (status == 0 && value[0] == 0)) {
            throw new EngineUnavailableException("there is no NVIDIA GPU");
        }
        if (status != 0) {
            throw new EngineUnavailableException(
                    "the NVIDIA driver says: " + cudaGetErrorString(status).getString());
        }
        if (device >= value[0]) {
            throw new EngineUnavailableException("there is no GPU " + device + ", only " + value[0] + " from 0");
        }
        int capability = 10 * attribute(device, cudaDevAttrComputeCapabilityMajor)
                + attribute(device, cudaDevAttrComputeCapabilityMinor);
        if (capability < OLDEST) {
            throw new EngineUnavailableException("the GPU has compute capability " + capability / 10.0
                    + ", older than the " + OLDEST / 10.0 + " that CUDA 13 needs");
        }
        return capability;
    }

    /** CUDA writes 13020 for 13.2. */
    private static String version(int number) {
        return number / 1000 + "." + number % 1000 / 10;
    }

    private static int attribute(int device, int which) {
        int[] value = new int[1];
        Status.cuda(cudaDeviceGetAttribute(value, which, device), "asking the GPU");
        return value[0];
    }
}
