package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cublas.CUBLASLT_EPILOGUE_BIAS;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_EPILOGUE_RELU_BIAS;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_BIAS_POINTER;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_EPILOGUE;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_TRANSA;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE;
import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_T;
import static org.bytedeco.cuda.global.cublas.cublasLtMatmul;
import static org.bytedeco.cuda.global.cublas.cublasLtMatmulAlgoGetHeuristic;
import static org.bytedeco.cuda.global.cublas.cublasLtMatmulDescCreate;
import static org.bytedeco.cuda.global.cublas.cublasLtMatmulDescDestroy;
import static org.bytedeco.cuda.global.cublas.cublasLtMatmulDescSetAttribute;
import static org.bytedeco.cuda.global.cublas.cublasLtMatmulPreferenceCreate;
import static org.bytedeco.cuda.global.cublas.cublasLtMatmulPreferenceDestroy;
import static org.bytedeco.cuda.global.cublas.cublasLtMatmulPreferenceSetAttribute;
import static org.bytedeco.cuda.global.cublas.cublasLtMatrixLayoutCreate;
import static org.bytedeco.cuda.global.cublas.cublasLtMatrixLayoutDestroy;
import static org.bytedeco.cuda.global.cudart.CUDA_R_32F;

import org.bytedeco.cuda.cublas.cublasLtMatmulDescOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulHeuristicResult_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulPreferenceOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatrixLayoutOpaque_t;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * y [cells][outputs] = activation(x [cells][inputs] · weights [outputs][inputs] transposed + bias + residual) in one call of cuBLASLt,
 * with the identity or ReLU.
 */
final class FusedProduct implements Call, Owned {

    private final Device device;
    private final Workspace workspace;
    private final Pointer weights;
    private final Pointer x;
    private final Pointer y;
    private final Pointer added;
    private final boolean adds;
    private final cublasLtMatmulDescOpaque_t operation;
    private final cublasLtMatrixLayoutOpaque_t ofWeights;
    private final cublasLtMatrixLayoutOpaque_t ofX;
    private final cublasLtMatrixLayoutOpaque_t ofY;
    private final cublasLtMatmulHeuristicResult_t found = new cublasLtMatmulHeuristicResult_t(1);

    FusedProduct(
            Device device, Operands at, int cells, int inputs, int outputs, boolean rectifies, Workspace workspace) {
        this.device = device;
        this.workspace = workspace;
        this.weights = DeviceMemory.at(at.weights());
        this.x = DeviceMemory.at(at.x());
        this.y = DeviceMemory.at(at.y());
        this.adds = at.residual() != 0;
        this.added = adds ? DeviceMemory.at(at.residual()) : y;
        this.operation = operation(device.precision());
        int type = Product.type(device.precision());
        this.ofWeights = matrix(type, inputs, outputs);
        this.ofX = matrix(type, inputs, cells);
        this.ofY = matrix(type, outputs, cells);
        try {
            set(CUBLASLT_MATMUL_DESC_TRANSA, CUBLAS_OP_T);
            set(CUBLASLT_MATMUL_DESC_EPILOGUE, rectifies ? CUBLASLT_EPILOGUE_RELU_BIAS : CUBLASLT_EPILOGUE_BIAS);
            try (LongPointer bias = new LongPointer(1)) {
                bias.put(at.storedBias());
                Status.cublas(
                        cublasLtMatmulDescSetAttribute(operation, CUBLASLT_MATMUL_DESC_BIAS_POINTER, bias, Long.BYTES),
                        "describing a matrix product");
            }
            choose();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
        workspace.require(found.workspaceSize());
    }

    private static cublasLtMatmulDescOpaque_t operation(Precision precision) {
        try (PointerPointer<Pointer> made = new PointerPointer<>(1)) {
            Status.cublas(
                    cublasLtMatmulDescCreate(made, Product.compute(precision), CUDA_R_32F),
                    "describing a matrix product");
            return new cublasLtMatmulDescOpaque_t(made.get());
        }
    }

    private static cublasLtMatrixLayoutOpaque_t matrix(int type, long rows, long columns) {
        try (PointerPointer<Pointer> made = new PointerPointer<>(1)) {
            Status.cublas(cublasLtMatrixLayoutCreate(made, type, rows, columns, rows), "describing a matrix");
            return new cublasLtMatrixLayoutOpaque_t(made.get());
        }
    }

    private void set(int attribute, int number) {
        try (IntPointer value = new IntPointer(1)) {
            value.put(number);
            Status.cublas(
                    cublasLtMatmulDescSetAttribute(operation, attribute, value, Integer.BYTES),
                    "describing a matrix product");
        }
    }

    /** Takes cuBLASLt's first guess, which is the same on every start. */
    private void choose() {
        try (PointerPointer<Pointer> made = new PointerPointer<>(1);
                LongPointer bytes = new LongPointer(1)) {
            Status.cublas(cublasLtMatmulPreferenceCreate(made), "choosing a matrix product");
            cublasLtMatmulPreferenceOpaque_t preference = new cublasLtMatmulPreferenceOpaque_t(made.get());
            bytes.put(Device.CUBLAS_WORKSPACE);
            int[] count = new int[1];
            int status = cublasLtMatmulPreferenceSetAttribute(
                    preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, bytes, Long.BYTES);
            if (status == 0 && !device.precision().storesFloats()) {
                status = addingFloats(preference);
            }
            if (status == 0) {
                status = cublasLtMatmulAlgoGetHeuristic(
                        device.blasLt(), operation, ofWeights, ofX, ofY, ofY, preference, 1, found, count);
            }
            cublasLtMatmulPreferenceDestroy(preference);
            Status.cublas(status, "choosing a matrix product");
            if (count[0] == 0 || found.state() != 0) {
                throw new GpuFailure("cuBLASLt knows no such matrix product", false);
            }
        }
    }

    /** Leaves out ways that add partial sums as halves. */
    private static int addingFloats(cublasLtMatmulPreferenceOpaque_t preference) {
        try (IntPointer schemes = new IntPointer(1)) {
            schemes.put(CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE);
            return cublasLtMatmulPreferenceSetAttribute(
                    preference, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, schemes, Integer.BYTES);
        }
    }

    @Override
    public void on(org.bytedeco.cuda.cudart.CUstream_st stream) {
        Status.cublas(
                cublasLtMatmul(
                        device.blasLt(),
                        operation,
                        Product.ONE,
                        weights,
                        ofWeights,
                        x,
                        ofX,
                        adds ? Product.ONE : Product.ZERO,
                        added,
                        ofY,
                        y,
                        ofY,
                        found.algo(),
                        DeviceMemory.at(workspace.address()),
                        found.workspaceSize(),
                        stream),
                "a matrix product");
    }

    @Override
    public void close() {
        cublasLtMatmulDescDestroy(operation);
        cublasLtMatrixLayoutDestroy(ofWeights);
        cublasLtMatrixLayoutDestroy(ofX);
        cublasLtMatrixLayoutDestroy(ofY);
    }
}
