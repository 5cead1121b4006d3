package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_INVALID_IMAGE;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_INVALID_PTX;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_JIT_COMPILATION_DISABLED;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_JIT_COMPILER_NOT_FOUND;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_NO_BINARY_FOR_GPU;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_UNSUPPORTED_PTX_VERSION;
import static org.bytedeco.cuda.global.cudart.cuLaunchKernel;
import static org.bytedeco.cuda.global.cudart.cuModuleGetFunction;
import static org.bytedeco.cuda.global.cudart.cuModuleLoadData;
import static org.bytedeco.cuda.global.cudart.cuModuleUnload;

import java.lang.ref.Reference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** The engine's own kernels, loaded on the GPU. */
final class Kernels implements AutoCloseable {

    private static final int THREADS = 256;
    private static final int WARP = 32;

    /** What the driver says of code that is for other GPUs, or that a newer driver could compile. */
    private static final Set<Integer> OF_OTHERS = Set.of(
            CUDA_ERROR_INVALID_IMAGE,
            CUDA_ERROR_NO_BINARY_FOR_GPU,
            CUDA_ERROR_INVALID_PTX,
            CUDA_ERROR_JIT_COMPILER_NOT_FOUND,
            CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
            CUDA_ERROR_JIT_COMPILATION_DISABLED);

    private final int gpu;
    private final CUmod_st module;
    private final Map<String, CUfunc_st> functions = new HashMap<>();

    private Kernels(int gpu, CUmod_st module) {
        this.gpu = gpu;
        this.module = module;
    }

    /** Loads code; empty if it is not for this GPU and its driver. */
    static Optional<Kernels> of(int gpu, BytePointer code) {
        Device.use(gpu);
        CUmod_st module = new CUmod_st();
        int status = cuModuleLoadData(module, code);
        if (OF_OTHERS.contains(status)) {
            return Optional.empty();
        }
        Status.driver(status, "loading the kernels");
        return Optional.of(new Kernels(gpu, module));
    }

    /**
     * A kernel that has a thread for each of {@code count} items.
     *
     * @param arguments addresses as {@link Long}, numbers as {@link Integer} or {@link Float}, in the kernel's order
     */
    Call each(String name, long count, Object... arguments) {
        requireInt(count, name);
        return blocks(name, (int) ((count + THREADS - 1) / THREADS), 1, 1, THREADS, 1, arguments);
    }

    /** A kernel of warps: {@code count} of them in the first dimension. */
    Call warps(String name, long count, int rows, Object... arguments) {
        requireInt(count, name);
        int perBlock = THREADS / WARP;
        return blocks(name, (int) ((count + perBlock - 1) / perBlock), rows, 1, THREADS, 1, arguments);
    }

    /** A kernel of blocks. */
    Call blocks(String name, int gridX, int gridY, int gridZ, int blockX, int blockY, Object... arguments) {
        return new KernelCall(name, function(name), gridX, gridY, gridZ, blockX, blockY, arguments);
    }

    private static void requireInt(long count, String name) {
        if (count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(name + " of " + count + " items: the batch is too large");
        }
    }

    private synchronized CUfunc_st function(String name) {
        return functions.computeIfAbsent(name, key -> {
            Device.use(gpu);
            CUfunc_st function = new CUfunc_st();
            Status.driver(cuModuleGetFunction(function, module, key), "loading the kernel " + key);
            return function;
        });
    }

    @Override
    public void close() {
        cuModuleUnload(module);
    }

    /** A launch whose arguments lie in native memory, so that it costs one call. */
    private static final class KernelCall implements Call {

        private final String name;
        private final CUfunc_st function;
        private final int[] grid;
        private final int blockX;
        private final int blockY;
        /** Kept reachable: the addresses point into it. */
        private final LongPointer values;

        private final PointerPointer<Pointer> addresses;

        KernelCall(
                String name,
                CUfunc_st function,
                int gridX,
                int gridY,
                int gridZ,
                int blockX,
                int blockY,
                Object... arguments) {
            this.name = name;
            this.function = function;
            this.grid = new int[] {gridX, gridY, gridZ};
            this.blockX = blockX;
            this.blockY = blockY;
            this.values = new LongPointer(arguments.length);
            this.addresses = new PointerPointer<>(arguments.length);
            for (int i = 0; i < arguments.length; i++) {
                values.put(i, bits(arguments[i]));
                addresses.put(i, values.getPointer(i));
            }
        }

        /** The low bytes are the argument: all hosts of CUDA are little-endian. */
        private static long bits(Object argument) {
            if (argument instanceof Long address) {
                return address;
            }
            if (argument instanceof Float number) {
                return Float.floatToRawIntBits(number) & 0xffffffffL;
            }
            return (Integer) argument & 0xffffffffL;
        }

        @Override
        public void on(CUstream_st stream) {
            try {
                Status.driver(
                        cuLaunchKernel(
                                function, grid[0], grid[1], grid[2], blockX, blockY, 1, 0, stream, addresses, null),
                        "launching the kernel " + name);
            } finally {
                // Frees the arguments, to which the addresses point, not before the driver has read them.
                Reference.reachabilityFence(this);
            }
        }
    }
}
