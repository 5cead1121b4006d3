package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cublas.CUBLAS_STATUS_ALLOC_FAILED;
import static org.bytedeco.cuda.global.cublas.cublasGetStatusString;
import static org.bytedeco.cuda.global.cudart.cuGetErrorName;
import static org.bytedeco.cuda.global.cudart.cudaErrorMemoryAllocation;
import static org.bytedeco.cuda.global.cudart.cudaGetErrorString;
import static org.bytedeco.cuda.global.cudart.cudaGetLastError;
import static org.bytedeco.cuda.global.cudnn.CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED;
import static org.bytedeco.cuda.global.cudnn.CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED;
import static org.bytedeco.cuda.global.cudnn.cudnnGetErrorString;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetErrorString;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** Turns what NVIDIA's libraries return into exceptions. */
final class Status {

    private Status() {}

    static void cuda(int status, String what) {
        if (status != 0) {
            // Clears it: otherwise the next call would report it again.
            cudaGetLastError();
            throw failure(
                    what, "CUDA", status, cudaGetErrorString(status).getString(), status == cudaErrorMemoryAllocation);
        }
    }

    static void driver(int status, String what) {
        if (status != 0) {
            try (PointerPointer<BytePointer> name = new PointerPointer<>(1)) {
                cuGetErrorName(status, name);
                BytePointer text = name.get(BytePointer.class, 0);
                String words = text == null ? "" : text.getString();
                throw failure(what, "CUDA's driver", status, words, status == cudaErrorMemoryAllocation);
            }
        }
    }

    static void cudnn(int status, String what) {
        if (status != 0) {
            String words = cudnnGetErrorString(status).getString();
            boolean isOutOfMemory = status == CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED
                    || status == CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED;
            throw failure(what, "cuDNN", status, words, isOutOfMemory);
        }
    }

    static void cublas(int status, String what) {
        if (status != 0) {
            String words = cublasGetStatusString(status).getString();
            throw failure(what, "cuBLAS", status, words, status == CUBLAS_STATUS_ALLOC_FAILED);
        }
    }

    static void nvrtc(int status, String what) {
        if (status != 0) {
            throw failure(what, "NVRTC", status, nvrtcGetErrorString(status).getString(), false);
        }
    }

    private static GpuFailure failure(String what, String library, int status, String words, boolean isOutOfMemory) {
        return new GpuFailure(what + " failed: " + library + " says " + words + " (" + status + ")", isOutOfMemory);
    }
}
