package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cublas.CUBLAS_DEFAULT_MATH;
import static org.bytedeco.cuda.global.cublas.CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION;
import static org.bytedeco.cuda.global.cublas.cublasCreate_v2;
import static org.bytedeco.cuda.global.cublas.cublasDestroy_v2;
import static org.bytedeco.cuda.global.cublas.cublasLtCreate;
import static org.bytedeco.cuda.global.cublas.cublasLtDestroy;
import static org.bytedeco.cuda.global.cublas.cublasSetMathMode;
import static org.bytedeco.cuda.global.cublas.cublasSetStream_v2;
import static org.bytedeco.cuda.global.cublas.cublasSetWorkspace_v2;
import static org.bytedeco.cuda.global.cudart.cuDeviceGetName;
import static org.bytedeco.cuda.global.cudart.cudaFree;
import static org.bytedeco.cuda.global.cudart.cudaMemGetInfo;
import static org.bytedeco.cuda.global.cudart.cudaSetDevice;
import static org.bytedeco.cuda.global.cudart.cudaStreamSynchronize;
import static org.bytedeco.cuda.global.cudnn.cudnnCreate;
import static org.bytedeco.cuda.global.cudnn.cudnnDestroy;
import static org.bytedeco.cuda.global.cudnn.cudnnGetVersion;
import static org.bytedeco.cuda.global.cudnn.cudnnSetStream;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.cuda.cublas.cublasContext;
import org.bytedeco.cuda.cublas.cublasLtContext;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.cudnn.cudnnContext;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.cam4j.engine.EngineUnavailableException;

/**
 * A GPU with NVIDIA's libraries, shared by all engines of one precision. The libraries' handles are for one thread at a time: a caller that binds them to a stream holds the
 * lock on this object until its work is enqueued.
 */
final class Device implements AutoCloseable {

    /** What NVIDIA recommends for cuBLAS on compute capability 9.0, in bytes. */
    static final long CUBLAS_WORKSPACE = 32L << 20;

    /** The GPUs in use, which all engines of a precision share. Guarded by itself. */
    private static final Map<Key, Device> OPEN = new HashMap<>();

    /** Why GPUs no longer run anything of this process, by number. Guarded by {@link #OPEN}. */
    private static final Map<Integer, String> LOST = new HashMap<>();

    private record Key(int ordinal, Precision precision) {}

    private final int ordinal;
    private final Precision precision;
    private final SharedWeights weights = new SharedWeights();
    /** Engines; guarded by {@link #OPEN}. */
    private int users = 1;

    private final String name;
    private final Kernels kernels;
    private final cudnnContext dnn = new cudnnContext();
    private final cublasContext blas = new cublasContext();
    private final cublasLtContext blasLt = new cublasLtContext();

    private Device(int ordinal, Precision precision, int capability) throws EngineUnavailableException {
        this.ordinal = ordinal;
        this.precision = precision;
        use();
        Status.cuda(cudaFree(new Pointer()), "starting the GPU");
        this.name = model() + " (" + precision + ", cuDNN " + version(cudnnGetVersion()) + ")";
        this.kernels = KernelCode.loaded(ordinal, precision, capability);
        Status.cudnn(cudnnCreate(dnn), "starting cuDNN");
        Status.cublas(cublasCreate_v2(blas), "starting cuBLAS");
        Status.cublas(cublasLtCreate(blasLt), "starting cuBLAS");
        // Halves hold no partial sums: above 65,504 they would be infinite, and rounded everywhere.
        int mode = precision.storesFloats() ? CUBLAS_DEFAULT_MATH : CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION;
        Status.cublas(cublasSetMathMode(blas, mode), "starting cuBLAS");
    }

    /** Loads the libraries and starts the GPU, unless another engine has done so; the caller closes it. */
    static Device open(int ordinal, Precision precision) throws EngineUnavailableException {
        synchronized (OPEN) {
            if (LOST.containsKey(ordinal)) {
                throw new EngineUnavailableException(
                        "the GPU is lost to this process (" + LOST.get(ordinal) + "): restart it to use the GPU again");
            }
            Key key = new Key(ordinal, precision);
            Device known = OPEN.get(key);
            if (known != null) {
                known.users++;
                return known;
            }
            try {
                Device made = started(ordinal, precision);
                OPEN.put(key, made);
                return made;
            } catch (GpuFailure e) {
                throw new EngineUnavailableException(e.getMessage(), e);
            }
        }
    }

    private static Device started(int ordinal, Precision precision) throws EngineUnavailableException {
        int capability = Libraries.load(ordinal);
        if (precision == Precision.BF16 && capability < 80) {
            throw new EngineUnavailableException(
                    "the GPU has compute capability " + capability / 10.0 + ", and BF16 needs 8.0");
        }
        return new Device(ordinal, precision, capability);
    }

    /**
     * Whether the GPU still answers after a failure. If not, no engine of this process can use it any more: CUDA keeps such errors until
     * the process ends.
     */
    boolean answers(String failure) {
        // Not the whole GPU: waiting for it breaks what other threads capture, and fails.
        if (cudaSetDevice(ordinal) == 0 && cudaStreamSynchronize(DeviceMemory.NO_STREAM) == 0) {
            return true;
        }
        synchronized (OPEN) {
            LOST.putIfAbsent(ordinal, failure);
        }
        return false;
    }

    private String model() {
        // Not by cudaGetDeviceProperties: its structure grows from one version to the next.
        byte[] text = new byte[256];
        Status.driver(cuDeviceGetName(text, text.length, ordinal), "asking the GPU");
        String all = new String(text, StandardCharsets.UTF_8);
        int end = all.indexOf(0);
        return (end < 0 ? all : all.substring(0, end)).trim();
    }

    /** cuDNN writes 91402 for 9.14.2. */
    private static String version(long number) {
        return number / 10_000 + "." + number % 10_000 / 100 + "." + number % 100;
    }

    /** Makes the GPU the calling thread's. */
    void use() {
        use(ordinal);
    }

    /**
     * Makes a GPU the calling thread's. Called where memory is allocated and before kernels are launched, rather than once for a call of the
     * engine: a virtual thread goes on in another thread after it has waited, and that one may have chosen another GPU, or none.
     */
    static void use(int gpu) {
        Status.cuda(cudaSetDevice(gpu), "choosing GPU " + gpu);
    }

    /** Lets the libraries work on a stream, in memory that no other stream uses meanwhile. */
    void bind(CUstream_st stream, long blasWorkspace) {
        if (!Thread.holdsLock(this)) {
            throw new IllegalStateException("the libraries' handles are for one thread at a time");
        }
        use();
        Status.cudnn(cudnnSetStream(dnn, stream), "binding cuDNN");
        Status.cublas(cublasSetStream_v2(blas, stream), "binding cuBLAS");
        // With memory of its own cuBLAS chooses the same kernels whatever other streams do.
        Status.cublas(cublasSetWorkspace_v2(blas, DeviceMemory.at(blasWorkspace), CUBLAS_WORKSPACE), "binding cuBLAS");
    }

    int ordinal() {
        return ordinal;
    }

    Precision precision() {
        return precision;
    }

    String name() {
        return name;
    }

    cudnnContext dnn() {
        return dnn;
    }

    cublasContext blas() {
        return blas;
    }

    cublasLtContext blasLt() {
        return blasLt;
    }

    SharedWeights weights() {
        return weights;
    }

    Kernels kernels() {
        return kernels;
    }

    /** Bytes of the GPU that are free. */
    static long freeBytes() {
        return memory()[0];
    }

    /** Bytes of the GPU. */
    static long allBytes() {
        return memory()[1];
    }

    private static long[] memory() {
        try (SizeTPointer free = new SizeTPointer(1);
                SizeTPointer all = new SizeTPointer(1)) {
            Status.cuda(cudaMemGetInfo(free, all), "asking for free memory");
            return new long[] {free.get(), all.get()};
        }
    }

    @Override
    public void close() {
        synchronized (OPEN) {
            users--;
            if (users > 0) {
                return;
            }
            OPEN.remove(new Key(ordinal, precision));
        }
        cudaSetDevice(ordinal);
        cublasLtDestroy(blasLt);
        cublasDestroy_v2(blas);
        cudnnDestroy(dnn);
        kernels.close();
    }
}
