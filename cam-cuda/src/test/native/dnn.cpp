// cuDNN.
#include "standin.h"
using namespace standin;

namespace {
struct Handle {
    void* stream = nullptr;
    int device = currentDevice();
};
struct Tensor {
    int n, c, h, w, type, format;
};
struct Filter {
    int k, c, h, w, type, format;
};
struct Convolution {
    int top, left, strideY, strideX, dilationY, dilationX, groups = 1, math = 0;
};
struct Guess {
    int algorithm, status;
    float time;
    size_t memory;
    int determinism, math, reserved[3];
};
const size_t WORKSPACE = 100000;

Type typeOf(int dnn) {
    if (dnn == 0) return FLOAT;
    if (dnn == 2) return HALF;
    if (dnn == 9) return BFLOAT16;
    fail("%s of type %zu", "an image", dnn);
}

size_t at(const Tensor& t, int n, int c, int y, int x) {
    return t.format ? (((size_t) n * t.h + y) * t.w + x) * t.c + c : (((size_t) n * t.c + c) * t.h + y) * t.w + x;
}
size_t at(const Filter& f, int k, int c, int y, int x) {
    return f.format ? (((size_t) k * f.h + y) * f.w + x) * f.c + c : (((size_t) k * f.c + c) * f.h + y) * f.w + x;
}
size_t size(const Tensor& t) { return (size_t) t.n * t.c * t.h * t.w; }

struct Epilogue {
    const void* residual = nullptr;
    const void* bias = nullptr;
    bool rectifies = false;
};

float sum(const Tensor& X, const Filter& F, const Convolution& C, const std::vector<float>& x, const std::vector<float>& w, int n,
        int k, int y, int column) {
    float total = 0;
    int first = k / (F.k / C.groups) * F.c;
    for (int v = 0; v < F.h; v++) {
        int inY = y * C.strideY - C.top + v * C.dilationY;
        if (inY < 0 || inY >= X.h) continue;
        for (int u = 0; u < F.w; u++) {
            int inX = column * C.strideX - C.left + u * C.dilationX;
            if (inX < 0 || inX >= X.w) continue;
            for (int c = 0; c < F.c; c++) total += x[at(X, n, first + c, inY, inX)] * w[at(F, k, c, v, u)];
        }
    }
    return total;
}

int convolve(void* handle, const void* describedX, const void* x, const void* describedW, const void* w, const void* described,
        int algorithm, void* workspace, size_t workspaceSize, const void* describedY, void* y, Epilogue after) {
    Tensor X = *(Tensor*) describedX, Y = *(Tensor*) describedY;
    Filter F = *(Filter*) describedW;
    Convolution C = *(Convolution*) described;
    int height = (X.h + 2 * C.top - ((F.h - 1) * C.dilationY + 1)) / C.strideY + 1;
    int width = (X.w + 2 * C.left - ((F.w - 1) * C.dilationX + 1)) / C.strideX + 1;
    if (X.n != Y.n || height != Y.h || width != Y.w || F.k != Y.c || F.c * C.groups != X.c) fail("%s do not fit", "a convolution's sizes");
    if (algorithm == 1 && workspaceSize < WORKSPACE) return 3;
    Type type = typeOf(X.type);
    void* stream = ((Handle*) handle)->stream;
    if (((Handle*) handle)->device != currentDevice()) fail("%s is of another GPU than its caller", "a handle of cuDNN");
    Work check = [=] {
        requireOn(stream, workspace, workspaceSize, "cuDNN's workspace");
        requireOn(stream, x, bytes(type) * size(X), "a convolution's input");
        requireOn(stream, w, bytes(type) * F.k * F.c * F.h * F.w, "a convolution's weights");
        requireOn(stream, y, bytes(type) * size(Y), "a convolution's result");
        if (after.bias) requireOn(stream, after.bias, bytes(type) * F.k, "a convolution's bias");
        if (after.residual) requireOn(stream, after.residual, bytes(type) * size(Y), "a convolution's residual");
    };
    check();
    enqueue(stream, [=] {
        check();
        if (workspaceSize) memset(workspace, 0x7f, workspaceSize);
        std::vector<float> image = floats(x, size(X), type), weights = floats(w, (size_t) F.k * F.c * F.h * F.w, type);
        for (int n = 0; n < Y.n; n++)
            for (int row = 0; row < Y.h; row++)
                for (int column = 0; column < Y.w; column++)
                    for (int k = 0; k < F.k; k++) {
                        float total = sum(X, F, C, image, weights, n, k, row, column);
                        size_t place = at(Y, n, k, row, column);
                        if (after.bias) total += get(after.bias, k, type);
                        if (after.residual) total += get(after.residual, place, type);
                        if (after.rectifies && !(total > 0)) total = 0;
                        put(y, place, type, total);
                    }
    });
    return 0;
}
}

extern "C" {
const char* cudnnGetErrorString(int) { return "an error"; }
size_t cudnnGetVersion() { return 91900; }
int cudnnCreate(void** handle) { *handle = new Handle(); return 0; }
int cudnnDestroy(void* handle) { delete (Handle*) handle; return 0; }
int cudnnSetStream(void* handle, void* stream) { ((Handle*) handle)->stream = stream; return 0; }
int cudnnCreateTensorDescriptor(void** made) { *made = new Tensor(); return 0; }
int cudnnCreateFilterDescriptor(void** made) { *made = new Filter(); return 0; }
int cudnnCreateConvolutionDescriptor(void** made) { *made = new Convolution(); return 0; }
int cudnnCreateActivationDescriptor(void** made) { *made = new int(); return 0; }
int cudnnDestroyTensorDescriptor(void* made) { delete (Tensor*) made; return 0; }
int cudnnDestroyFilterDescriptor(void* made) { delete (Filter*) made; return 0; }
int cudnnDestroyConvolutionDescriptor(void* made) { delete (Convolution*) made; return 0; }
int cudnnDestroyActivationDescriptor(void* made) { delete (int*) made; return 0; }
int cudnnSetTensor4dDescriptor(void* tensor, int format, int type, int n, int c, int h, int w) {
    *(Tensor*) tensor = {n, c, h, w, type, format};
    return format > 1 ? 3000 : 0;
}
int cudnnSetFilter4dDescriptor(void* filter, int type, int format, int k, int c, int h, int w) {
    *(Filter*) filter = {k, c, h, w, type, format};
    return format > 1 ? 3000 : 0;
}
int cudnnSetConvolution2dDescriptor(void* made, int top, int left, int sy, int sx, int dy, int dx, int mode, int type) {
    if (mode != 1 || type != 0) fail("%s is none that cam-cuda makes", "a convolution");
    *(Convolution*) made = {top, left, sy, sx, dy, dx};
    return 0;
}
int cudnnSetConvolutionGroupCount(void* made, int groups) { ((Convolution*) made)->groups = groups; return 0; }
int cudnnSetConvolutionMathType(void* made, int math) { ((Convolution*) made)->math = math; return 0; }
int cudnnSetActivationDescriptor(void* made, int mode, int propagates, double) {
    if (propagates) fail("%s is none that the fused convolution knows", "an activation");
    *(int*) made = mode;
    return 0;
}
// One that is not there, one that needs memory, one that the fused call does not know; none for groups in rows.
int cudnnGetConvolutionForwardAlgorithm_v7(void*, void* x, void*, void* made, void*, int, int* count, Guess* found) {
    if (((Convolution*) made)->groups > 1 && ((Tensor*) x)->format == 1) return 3000;
    found[0] = {6, 3000, -1, 0, 1, 0};
    found[1] = {1, 0, 1, WORKSPACE, 1, ((Convolution*) made)->math};
    found[2] = {0, 0, 2, 0, 1, 3};
    *count = 3;
    return 0;
}
int cudnnConvolutionForward(void* handle, const void* alpha, const void* dx, const void* x, const void* dw, const void* w,
        const void* made, int algorithm, void* workspace, size_t size, const void* beta, const void* dy, void* y) {
    if (*(float*) alpha != 1 || *(float*) beta != 0) fail("%s is none that cam-cuda makes", "a convolution");
    return convolve(handle, dx, x, dw, w, made, algorithm, workspace, size, dy, y, {});
}
int cudnnConvolutionBiasActivationForward(void* handle, const void*, const void* dx, const void* x, const void* dw, const void* w,
        const void* made, int algorithm, void* workspace, size_t size, const void* scale, const void* dz, const void* z,
        const void* db, const void* bias, const void* activation, const void* dy, void* y) {
    int mode = *(int*) activation;
    if (mode == 5 && algorithm != 1) return 3000;
    if ((mode != 1 && mode != 5) || ((Tensor*) db)->c != ((Filter*) dw)->k || memcmp(dz, dy, sizeof(Tensor)))
        fail("%s is none that cam-cuda makes", "a fused convolution");
    bool adds = *(float*) scale != 0;
    return convolve(handle, dx, x, dw, w, made, algorithm, workspace, size, dy, y, {adds ? z : nullptr, bias, mode == 1});
}
}
