// cuBLAS and cuBLASLt.
#include "standin.h"
using namespace standin;

static Type typeOf(int cuda) {
    if (cuda == 0) return FLOAT;
    if (cuda == 2) return HALF;
    if (cuda == 14) return BFLOAT16;
    fail("%s of type %zu", "a matrix", cuda);
}

namespace {
struct Matrix {
    const void* address;
    int operation, pitch;
    long long stride;
};

// The last number that a product reads or writes of a matrix with these columns.
size_t extent(long long rows, long long columns, long long pitch, long long stride, int count) {
    return (size_t) ((columns - 1) * pitch + rows + (count - 1) * stride);
}

struct Epilogue {
    const void* bias = nullptr;
    bool rectifies = false;
    const void* added = nullptr;
    long long addedPitch = 0;
};

struct Space {
    void* address = nullptr;
    size_t size = 0;
};

// c = op(a) · op(b), columns first.
void multiply(void* stream, int rows, int columns, int joined, Matrix a, Matrix b, void* c, int pitch, long long stride,
        int count, Type type, Epilogue after, size_t alignment, size_t alignmentC, Space workspace = {},
        bool addsBackwards = false) {
    int ofA = a.operation ? joined : rows, ofB = b.operation ? columns : joined;
    if (a.pitch < ofA || b.pitch < ofB || pitch < rows) fail("%s is smaller than the matrix", "a pitch");
    Work check = [=] {
        size_t sizeA = bytes(type) * extent(ofA, a.operation ? rows : joined, a.pitch, a.stride, count);
        size_t sizeB = bytes(type) * extent(ofB, b.operation ? joined : columns, b.pitch, b.stride, count);
        requireOn(stream, a.address, sizeA, "a product's left factor", alignment);
        requireOn(stream, b.address, sizeB, "a product's right factor", alignment);
        requireOn(stream, c, bytes(type) * extent(rows, columns, pitch, stride, count), "a product", alignmentC);
        if (workspace.size) requireOn(stream, workspace.address, workspace.size, "a product's workspace", 256);
        if (after.added) {
            requireOn(stream, after.added, bytes(type) * extent(rows, columns, after.addedPitch, 0, 1), "a product's residual", bytes(type));
        }
        if (after.bias) requireOn(stream, after.bias, bytes(type) * rows, "a product's bias");
    };
    check();
    enqueue(stream, [=] {
        check();
        if (workspace.size) memset(workspace.address, 0x7f, workspace.size);
        for (int n = 0; n < count; n++) {
            for (int j = 0; j < columns; j++) {
                for (int i = 0; i < rows; i++) {
                    float sum = 0;
                    for (int step = 0; step < joined; step++) {
                        int k = addsBackwards ? joined - 1 - step : step;
                        size_t atA = n * a.stride + (a.operation ? (size_t) i * a.pitch + k : (size_t) k * a.pitch + i);
                        size_t atB = n * b.stride + (b.operation ? (size_t) k * b.pitch + j : (size_t) j * b.pitch + k);
                        sum += get(a.address, atA, type) * get(b.address, atB, type);
                    }
                    size_t at = n * stride + (size_t) j * pitch + i;
                    if (after.bias) sum += get(after.bias, i, type);
                    if (after.added) sum += get(after.added, (size_t) j * after.addedPitch + i, type);
                    if (after.rectifies && sum < 0) sum = 0;
                    put(c, at, type, sum);
                }
            }
        }
    });
}

struct Blas {
    void* stream = nullptr;
    int device = currentDevice();
};

void* streamOf(void* handle) {
    if (((Blas*) handle)->device != currentDevice()) fail("%s is of another GPU than its caller", "a handle of cuBLAS");
    return ((Blas*) handle)->stream;
}

// What cuBLASLt's choices rely on unless they are told otherwise.
const int ALIGNMENT = 256;

// Its algorithms: the first writes packs of 16 bytes; the second writes any number, and adds in another order.
const unsigned long long PACKS = 42, ANY = 43;

// cuBLASLt's descriptions.
struct Operation {
    int left = 0, epilogue = 1;
    const void* bias = nullptr;
};
struct MatrixLayout {
    Type type;
    unsigned long long rows, columns;
    long long pitch;
    // What the last choice was told of it, and that choice.
    int alignment = 0;
    unsigned long long algorithm = 0;
};
struct Preference {
    int alignmentC = ALIGNMENT, alignmentD = ALIGNMENT;
};
struct Guess {
    unsigned long long algorithm[8];
    size_t workspace;
    int state;
    float waves;
    int reserved[4];
};
}

extern "C" {
const char* cublasGetStatusString(int) { return "an error"; }
int cublasCreate_v2(void** handle) { *handle = new Blas(); return 0; }
int cublasDestroy_v2(void* handle) { delete (Blas*) handle; return 0; }
int cublasSetMathMode(void*, int) { return 0; }
int cublasSetStream_v2(void* handle, void* stream) { ((Blas*) handle)->stream = stream; return 0; }
int cublasSetWorkspace_v2(void* handle, void* address, size_t size) {
    requireOn(streamOf(handle), address, size, "cuBLAS's workspace", 256);
    return 0;
}

int cublasGemmStridedBatchedEx(void* handle, int opA, int opB, int m, int n, int k, const void* alpha, const void* a, int typeA,
        int lda, long long strideA, const void* b, int typeB, int ldb, long long strideB, const void* beta, void* c, int typeC,
        int ldc, long long strideC, int count, int, int) {
    if (*(float*) alpha != 1 || *(float*) beta != 0 || typeA != typeB || typeA != typeC) fail("%s is none that cam-cuda makes", "a product");
    multiply(streamOf(handle), m, n, k, {a, opA, lda, strideA}, {b, opB, ldb, strideB}, c, ldc, strideC, count, typeOf(typeA), {},
            bytes(typeOf(typeA)), bytes(typeOf(typeA)));
    return 0;
}
int cublasGemmEx(void* handle, int opA, int opB, int m, int n, int k, const void* alpha, const void* a, int typeA, int lda,
        const void* b, int typeB, int ldb, const void* beta, void* c, int typeC, int ldc, int compute, int algorithm) {
    return cublasGemmStridedBatchedEx(handle, opA, opB, m, n, k, alpha, a, typeA, lda, 0, b, typeB, ldb, 0, beta, c, typeC, ldc, 0,
            1, compute, algorithm);
}

int cublasLtCreate(void** handle) { *handle = new Blas(); return 0; }
int cublasLtDestroy(void* handle) { delete (Blas*) handle; return 0; }
int cublasLtMatmulDescCreate(void** made, int, int scale) {
    if (scale != 0) fail("%s are not floats", "a product's factors");
    *made = new Operation();
    return 0;
}
int cublasLtMatmulDescDestroy(void* operation) { delete (Operation*) operation; return 0; }
int cublasLtMatmulDescSetAttribute(void* operation, int attribute, const void* value, size_t size) {
    Operation* on = (Operation*) operation;
    if (attribute == 3 && size == 4) on->left = *(const int*) value;
    else if (attribute == 7 && size == 4) on->epilogue = *(const int*) value;
    else if (attribute == 8 && size == 8) on->bias = *(void* const*) value;
    else return 7;
    return 0;
}
int cublasLtMatrixLayoutCreate(void** made, int type, unsigned long long rows, unsigned long long columns, long long pitch) {
    *made = new MatrixLayout{typeOf(type), rows, columns, pitch};
    return 0;
}
int cublasLtMatrixLayoutDestroy(void* layout) { delete (MatrixLayout*) layout; return 0; }
int cublasLtMatmulPreferenceCreate(void** made) { *made = new Preference(); return 0; }
int cublasLtMatmulPreferenceDestroy(void* preference) { delete (Preference*) preference; return 0; }
int cublasLtMatmulPreferenceSetAttribute(void* preference, int attribute, const void* value, size_t size) {
    Preference* of = (Preference*) preference;
    if (attribute == 7 && size == 4) of->alignmentC = *(const int*) value;
    else if (attribute == 8 && size == 4) of->alignmentD = *(const int*) value;
    else if (!(attribute == 1 && size == 8) && !(attribute == 3 && size == 4)) return 7;
    return 0;
}
int cublasLtMatmulAlgoGetHeuristic(void*, void*, void*, void*, void* layoutC, void* layoutD, void* preference, int most, Guess* found,
        int* count) {
    Preference* told = (Preference*) preference;
    MatrixLayout *C = (MatrixLayout*) layoutC, *D = (MatrixLayout*) layoutD;
    if (most != 1 || D->pitch < (long long) D->rows) fail("%s is none that cam-cuda makes", "a choice");
    if (C == D && told->alignmentC != told->alignmentD) fail("%s has two alignments", "a matrix");
    bool isInPacks = told->alignmentD % 16 == 0 && (D->pitch == (long long) D->rows || D->pitch * bytes(D->type) % 16 == 0);
    C->alignment = told->alignmentC;
    D->alignment = told->alignmentD;
    D->algorithm = isInPacks ? PACKS : ANY;
    *found = Guess{{D->algorithm}, 4096, 0, 1, {}};
    *count = 1;
    return 0;
}
int cublasLtMatmul(void* handle, void* operation, const void* alpha, const void* a, void* layoutA, const void* b, void* layoutB,
        const void* beta, const void* c, void* layoutC, void* d, void* layoutD, const void* algorithm, void* workspace,
        size_t workspaceSize, void* stream) {
    Operation on = *(Operation*) operation;
    MatrixLayout A = *(MatrixLayout*) layoutA, B = *(MatrixLayout*) layoutB, C = *(MatrixLayout*) layoutC, D = *(MatrixLayout*) layoutD;
    bool adds = *(float*) beta != 0;
    if (*(float*) alpha != 1 || !D.alignment || *(const unsigned long long*) algorithm != D.algorithm || !on.left
            || (on.epilogue != 4 && on.epilogue != 6) || A.rows != B.rows || A.columns != D.rows || B.columns != D.columns
            || C.rows != D.rows || C.columns != D.columns || C.type != D.type || (c == d && layoutC != layoutD)) {
        fail("%s is none that cam-cuda makes", "a fused product");
    }
    streamOf(handle);
    if (adds) requireOn(stream, c, bytes(D.type), "a product's residual", C.alignment);
    multiply(stream, D.rows, D.columns, A.rows, {a, 1, (int) A.pitch, 0}, {b, 0, (int) B.pitch, 0}, d, D.pitch, 0, 1, D.type,
            {on.bias, on.epilogue == 6, adds ? c : nullptr, C.pitch}, ALIGNMENT, D.alignment, {workspace, workspaceSize},
            D.algorithm == ANY);
    return 0;
}
}
