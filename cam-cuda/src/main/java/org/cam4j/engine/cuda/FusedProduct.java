package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cublas.CUBLASLT_EPILOGUE_BIAS;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_EPILOGUE_RELU_BIAS;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_BIAS_POINTER;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_EPILOGUE;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_TRANSA;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE;
import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_T;
import static org.bytedeco.cuda.global.cublas.CUBLAS_STATUS_NOT_SUPPORTED;
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

    /** Of cuBLASLt's description of an algorithm. */
    private static final int WORDS = 8;

    private final Device device;
    private final Workspace workspace;
    private final Pointer weights;
    private final Pointer x;
    private final boolean adds;
    private final int type;
    private final int outputs;
    private final int cells;
    private final cublasLtMatmulDescOpaque_t operation;
    private final cublasLtMatrixLayoutOpaque_t ofWeights;
    private final cublasLtMatrixLayoutOpaque_t ofX;
    private final cublasLtMatrixLayoutOpaque_t packed;
    private final cublasLtMatmulHeuristicResult_t found = new cublasLtMatmulHeuristicResult_t(1);
    private Pointer y;
    private Pointer added;
    private cublasLtMatrixLayoutOpaque_t ofY;

    FusedProduct(
            Device device, Operands at, int cells, int inputs, int outputs, boolean rectifies, Workspace workspace) {
        this.device = device;
        this.workspace = workspace;
        this.weights = DeviceMemory.at(at.weights());
        this.x = DeviceMemory.at(at.x());
        this.y = DeviceMemory.at(at.y());
        this.adds = at.residual() != 0;
        this.added = adds ? DeviceMemory.at(at.residual()) : y;
        this.type = Product.type(device.precision());
        this.operation = operation(device.precision());
        this.outputs = outputs;
        this.cells = cells;
        this.ofWeights = matrix(inputs, outputs, inputs);
        this.ofX = matrix(inputs, cells, inputs);
        this.packed = matrix(outputs, cells, outputs);
        this.ofY = packed;
        try {
            set(CUBLASLT_MATMUL_DESC_TRANSA, CUBLAS_OP_T);
            set(CUBLASLT_MATMUL_DESC_EPILOGUE, rectifies ? CUBLASLT_EPILOGUE_RELU_BIAS : CUBLASLT_EPILOGUE_BIAS);
            try (LongPointer bias = new LongPointer(1)) {
                bias.put(at.storedBias());
                Status.cublas(
                        cublasLtMatmulDescSetAttribute(operation, CUBLASLT_MATMUL_DESC_BIAS_POINTER, bias, Long.BYTES),
                        "describing a matrix product");
            }
            if (!choose(found, ofY, DeviceMemory.ALIGNMENT)) {
                throw new GpuFailure("cuBLASLt knows no such matrix product", false);
            }
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

    private cublasLtMatrixLayoutOpaque_t matrix(long rows, long columns, long pitch) {
        try (PointerPointer<Pointer> made = new PointerPointer<>(1)) {
            Status.cublas(cublasLtMatrixLayoutCreate(made, type, rows, columns, pitch), "describing a matrix");
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

    /**
     * Writes to other memory from now on, where rows begin every {@code pitch} numbers, if cuBLASLt computes that in the same way, to the
     * same bits.
     *
     * @return false if it does not, and nothing has changed
     */
    boolean writesTo(long address, int pitch) {
        cublasLtMatrixLayoutOpaque_t pitched = matrix(outputs, cells, pitch);
        boolean isSame = false;
        try (cublasLtMatmulHeuristicResult_t other = new cublasLtMatmulHeuristicResult_t(1)) {
            long alignment = Math.min(DeviceMemory.ALIGNMENT, Long.lowestOneBit(address));
            isSame = choose(other, pitched, alignment) && isFound(other);
        } finally {
            if (!isSame) {
                cublasLtMatrixLayoutDestroy(pitched);
            }
        }
        if (isSame) {
            ofY = pitched;
            y = DeviceMemory.at(address);
            added = adds ? added : y;
        }
        return isSame;
    }

    private boolean isFound(cublasLtMatmulHeuristicResult_t other) {
        boolean isSame = other.workspaceSize() == found.workspaceSize();
        for (int i = 0; i < WORDS; i++) {
            isSame &= other.algo().data(i) == found.algo().data(i);
        }
        return isSame;
    }

    /**
     * Takes cuBLASLt's first guess, which is the same on every start.
     *
     * @param ofResult the layout of y, and of what is added unless that is a residual
     * @param alignment of the result, in bytes
     * @return false if it knows no way
     */
    private boolean choose(
            cublasLtMatmulHeuristicResult_t guess, cublasLtMatrixLayoutOpaque_t ofResult, long alignment) {
        try (PointerPointer<Pointer> made = new PointerPointer<>(1);
                LongPointer bytes = new LongPointer(1)) {
            Status.cublas(cublasLtMatmulPreferenceCreate(made), "choosing a matrix product");
            cublasLtMatmulPreferenceOpaque_t preference = new cublasLtMatmulPreferenceOpaque_t(made.get());
            bytes.put(Device.CUBLAS_WORKSPACE);
            int[] count = new int[1];
            int status = cublasLtMatmulPreferenceSetAttribute(
                    preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, bytes, Long.BYTES);
            if (status == 0 && !device.precision().storesFloats()) {
                // Leaves out ways that add partial sums as halves.
                status = set(
                        preference, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE);
            }
            // Otherwise what cuBLASLt takes for granted.
            boolean isLess = alignment < DeviceMemory.ALIGNMENT;
            if (status == 0 && isLess) {
                status = set(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, (int) alignment);
            }
            if (status == 0 && isLess && !adds) {
                status = set(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, (int) alignment);
            }
            if (status == 0) {
                status = cublasLtMatmulAlgoGetHeuristic(
                        device.blasLt(),
                        operation,
                        ofWeights,
                        ofX,
                        adds ? packed : ofResult,
                        ofResult,
                        preference,
                        1,
                        guess,
                        count);
            }
            cublasLtMatmulPreferenceDestroy(preference);
            if (status == CUBLAS_STATUS_NOT_SUPPORTED) {
                return false;
            }
            Status.cublas(status, "choosing a matrix product");
            return count[0] > 0 && guess.state() == 0;
        }
    }

    private static int set(cublasLtMatmulPreferenceOpaque_t preference, int attribute, int number) {
        try (IntPointer value = new IntPointer(1)) {
            value.put(number);
            return cublasLtMatmulPreferenceSetAttribute(preference, attribute, value, Integer.BYTES);
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
                        adds ? packed : ofY,
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
        cublasLtMatrixLayoutDestroy(packed);
        if (!ofY.equals(packed)) {
            cublasLtMatrixLayoutDestroy(ofY);
        }
    }
}
