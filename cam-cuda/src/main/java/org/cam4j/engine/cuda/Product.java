package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cublas.CUBLAS_COMPUTE_32F;
import static org.bytedeco.cuda.global.cublas.CUBLAS_COMPUTE_32F_FAST_TF32;
import static org.bytedeco.cuda.global.cublas.CUBLAS_GEMM_DEFAULT;
import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_N;
import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_T;
import static org.bytedeco.cuda.global.cublas.cublasGemmEx;
import static org.bytedeco.cuda.global.cublas.cublasGemmStridedBatchedEx;
import static org.bytedeco.cuda.global.cudart.CUDA_R_16BF;
import static org.bytedeco.cuda.global.cudart.CUDA_R_16F;
import static org.bytedeco.cuda.global.cudart.CUDA_R_32F;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.cam4j.plan.operation.MatMul;

/** Matrix products of cuBLAS, which counts columns first: our rows are its columns. */
final class Product {

    static final FloatPointer ONE = new FloatPointer(1f);
    static final FloatPointer ZERO = new FloatPointer(0f);

    private final Device device;
    private final int type;
    private final int compute;

    Product(Device device) {
        this.device = device;
        this.type = type(device.precision());
        this.compute = compute(device.precision());
    }

    static int type(Precision precision) {
        return switch (precision) {
            case EXACT, TF32 -> CUDA_R_32F;
            case FP16 -> CUDA_R_16F;
            case BF16 -> CUDA_R_16BF;
        };
    }

    static int compute(Precision precision) {
        return precision == Precision.TF32 ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
    }

    /** y [cells][outputs] = x [cells][inputs] · weights [outputs][inputs] transposed. */
    Call ofRows(Operands at, int cells, int inputs, int outputs) {
        Pointer weights = DeviceMemory.at(at.weights());
        Pointer x = DeviceMemory.at(at.x());
        Pointer y = DeviceMemory.at(at.y());
        return stream -> Status.cublas(
                cublasGemmEx(
                        device.blas(),
                        CUBLAS_OP_T,
                        CUBLAS_OP_N,
                        outputs,
                        cells,
                        inputs,
                        ONE,
                        weights,
                        type,
                        inputs,
                        x,
                        type,
                        inputs,
                        ZERO,
                        y,
                        type,
                        outputs,
                        compute,
                        CUBLAS_GEMM_DEFAULT),
                "a matrix product");
    }

    /** y [n][outputs][cells] = weights [outputs][inputs] · x [n][inputs][cells]. */
    Call ofPlanes(Operands at, int images, int cells, int inputs, int outputs) {
        Batches factors = new Batches(
                new Factor(at.x(), CUBLAS_OP_N, cells, (long) inputs * cells),
                new Factor(at.weights(), CUBLAS_OP_N, inputs, 0),
                images);
        return batched(factors, cells, outputs, inputs, at.y());
    }

    /** y [..][m][n] = x [..][m][k] · other [..][k][n] or [..][n][k] transposed, for each image. */
    Call of(MatMul operation, int images, Tensor y, Tensor x, Tensor other) {
        int rows = x.shape().width();
        int joined = x.shape().channels();
        int columns = y.shape().channels();
        boolean transposes = operation.transposesSecond();
        Batches factors = new Batches(
                new Factor(
                        other.address(),
                        transposes ? CUBLAS_OP_T : CUBLAS_OP_N,
                        transposes ? joined : columns,
                        (long) joined * columns),
                new Factor(x.address(), CUBLAS_OP_N, joined, (long) rows * joined),
                images * x.shape().height());
        return batched(factors, /* rows= */ columns, /* columns= */ rows, joined, y.address());
    }

    /**
     * A factor of many products.
     *
     * @param pitch entries from one of cuBLAS's columns to the next
     * @param stride entries from one product's factor to the next one's
     */
    private record Factor(long address, int operation, int pitch, long stride) {}

    private record Batches(Factor left, Factor right, int count) {}

    private Call batched(Batches factors, int rows, int columns, int joined, long result) {
        Factor left = factors.left;
        Factor right = factors.right;
        Pointer a = DeviceMemory.at(left.address);
        Pointer b = DeviceMemory.at(right.address);
        Pointer c = DeviceMemory.at(result);
        return stream -> Status.cublas(
                cublasGemmStridedBatchedEx(
                        device.blas(),
                        left.operation,
                        right.operation,
                        rows,
                        columns,
                        joined,
                        ONE,
                        a,
                        type,
                        left.pitch,
                        left.stride,
                        b,
                        type,
                        right.pitch,
                        right.stride,
                        ZERO,
                        c,
                        type,
                        rows,
                        (long) rows * columns,
                        factors.count,
                        compute,
                        CUBLAS_GEMM_DEFAULT),
                "a matrix product");
    }
}
