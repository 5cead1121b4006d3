// The engine's own kernels, compiled once for each type of stored numbers: TYPE is 0 for float, 1 for IEEE half, 2 for bfloat16.
// All arithmetic is float. Values lie in runs of consecutive numbers: [n][cells][channels] ("rows") or [n][channels][cells]
// ("planes"). A thread handles V consecutive numbers, a pack: 4 if all lengths allow it, otherwise 1.
#if TYPE == 0
typedef float T;
#else
typedef unsigned short T;
#endif

#define LOWEST __uint_as_float(0xff800000u)

__device__ __forceinline__ float up(float x) { return x; }
__device__ __forceinline__ void down(float x, float& y) { y = x; }

#if TYPE == 1 && !defined(STANDIN)
__device__ __forceinline__ float up(unsigned short x) {
    float y;
    asm("cvt.f32.f16 %0, %1;" : "=f"(y) : "h"(x));
    return y;
}
__device__ __forceinline__ void down(float x, unsigned short& y) { asm("cvt.rn.f16.f32 %0, %1;" : "=h"(y) : "f"(x)); }
#endif

#if TYPE == 2
__device__ __forceinline__ float up(unsigned short x) { return __uint_as_float((unsigned) x << 16); }
// To the nearest, ties to even; NaN stays NaN.
__device__ __forceinline__ void down(float x, unsigned short& y) {
    unsigned bits = __float_as_uint(x);
    y = x != x ? 0x7fc0 : (unsigned short) ((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
#endif

template <typename S, int V> struct alignas(sizeof(S) * V) Pack { S a[V]; };

template <int V, typename S> __device__ __forceinline__ void load(const S* p, float (&r)[V]) {
    Pack<S, V> pack = *reinterpret_cast<const Pack<S, V>*>(p);
#pragma unroll
    for (int i = 0; i < V; i++) r[i] = up(pack.a[i]);
}

template <int V, typename S> __device__ __forceinline__ void store(S* p, const float (&r)[V]) {
    Pack<S, V> pack;
#pragma unroll
    for (int i = 0; i < V; i++) down(r[i], pack.a[i]);
    *reinterpret_cast<Pack<S, V>*>(p) = pack;
}

__device__ __forceinline__ float ramp(float x) { return x < 0 ? 0 : x > 1 ? 1 : x; }

__device__ __forceinline__ float softplus(float x) { return fmaxf(x, 0) + log1pf(expf(-fabsf(x))); }

// The order of Activation.Function. NaN gives NaN.
__device__ __forceinline__ float activate(float x, int function, float a, float b) {
    switch (function) {
        case 1: return x > 0 ? x : a == 0 ? (x <= 0 ? 0 : x) : a * x;
        case 2: return x < a ? a : x > b ? b : x;
        case 3: return x > 0 ? x : a * expm1f(x);
        case 4: return x > 0 ? b * x : b * a * expm1f(x);
        case 5: return 1 / (1 + expf(-x));
        case 6: return tanhf(x);
        case 7: return x / (1 + expf(-a * x));
        case 8: return ramp(a * x + b);
        case 9: return x * ramp(a * x + b);
        case 10: return softplus(x);
        case 11: return 0.5f * x * (1 + erff(x * 0.70710678118654752f));
        case 12: return 0.5f * x * (1 + tanhf(0.79788456080286536f * (x + 0.044715f * x * x * x)));
        case 13: return x * tanhf(softplus(x));
        case 14: return x / (1 + fabsf(x));
        case 15: return expf(x);
        case 16: return x <= a ? 0 : x;
        case 17: return powf(x, a);
        default: return x;
    }
}

__device__ __forceinline__ float sigmoid(float z) { return 1 / (1 + expf(-z)); }

__device__ __forceinline__ float sigmoidSlope(float z) { return sigmoid(z) * (1 - sigmoid(z)); }

__device__ __forceinline__ bool isOnRamp(float x) { return x > 0 && x < 1; }

// The derivative of activate at z. At kinks the slope below them.
__device__ __forceinline__ float slope(float z, int function, float a, float b) {
    switch (function) {
        case 1: return z > 0 ? 1 : a;
        case 2: return z > a && z < b ? 1 : 0;
        case 3: return z > 0 ? 1 : a * expf(z);
        case 4: return b * (z > 0 ? 1 : a * expf(z));
        case 5: return sigmoidSlope(z);
        case 6: { float t = tanhf(z); return 1 - t * t; }
        case 7: return sigmoid(a * z) + a * z * sigmoidSlope(a * z);
        case 8: return isOnRamp(a * z + b) ? a : 0;
        case 9: return ramp(a * z + b) + (isOnRamp(a * z + b) ? a * z : 0);
        case 10: return sigmoid(z);
        case 11: return 0.5f * (1 + erff(z * 0.70710678118654752f)) + z * expf(-0.5f * z * z) * 0.39894228040143268f;
        case 12: {
            float t = tanhf(0.79788456080286536f * (z + 0.044715f * z * z * z));
            return 0.5f * (1 + t) + 0.5f * z * (1 - t * t) * 0.79788456080286536f * (1 + 0.134145f * z * z);
        }
        case 13: { float t = tanhf(softplus(z)); return t + z * (1 - t * t) * sigmoid(z); }
        case 14: return 1 / ((1 + fabsf(z)) * (1 + fabsf(z)));
        case 15: return expf(z);
        case 16: return z > a ? 1 : 0;
        case 17: return a * powf(z, a - 1);
        default: return 1;
    }
}

// (activate(z) - activate(0)) / z without cancellation for small z; the slope for z = 0.
__device__ __forceinline__ float held(float z, int function, float a, float b) {
    if (z == 0) return slope(z, function, a, b);
    switch (function) {
        case 2: return z > a && z < b && 0 > a && 0 < b ? 1 : (activate(z, 2, a, b) - activate(0, 2, a, b)) / z;
        case 5: return 0.5f * tanhf(0.5f * z) / z;
        case 8: return isOnRamp(a * z + b) && isOnRamp(b) ? a : (ramp(a * z + b) - ramp(b)) / z;
        case 10: return fabsf(z) < 1 ? log1pf(0.5f * expm1f(z)) / z : (softplus(z) - 0.69314718055994531f) / z;
        case 15: return expm1f(z) / z;
        case 17: return a == 0 ? 0 : powf(z, a) / z;
        default: return activate(z, function, a, b) / z;
    }
}

__device__ __forceinline__ int index() { return blockIdx.x * blockDim.x + threadIdx.x; }

// Where pack i of a value lies whose runs of so many packs begin every pitch packs: a part of a concatenation has larger pitches than runs.
__device__ __forceinline__ size_t placeOf(int i, int run, int pitch) { return (size_t) (i / run) * pitch + i % run; }

// Numbers of each channel's parameter for a pack: V neighbours in rows, one for all in planes (inner > 0: packs of a plane).
template <int V> __device__ __forceinline__ void parameters(const float* p, int i, int inner, int channels, float (&r)[V]) {
    if (inner > 0) {
        float one = p[i / inner % channels];
        for (int k = 0; k < V; k++) r[k] = one;
    } else {
        load<V>(p + i % (channels / V) * V, r);
    }
}

// y = activation(scale·x + shift + residual); scale, shift and residual may be missing. Runs of x begin every xPitch packs, runs
// of y every yPitch packs: with pitches this copies parts of a concatenation or slice too.
template <int V> __device__ void affine(
        T* y, const T* x, const float* scale, const float* shift, const T* residual, int count, int run, int xPitch,
        int yPitch, int inner, int channels, int function, float a, float b) {
    int i = index();
    if (i >= count) return;
    float r[V];
    load<V>(x + placeOf(i, run, xPitch) * V, r);
    if (scale) {
        float s[V];
        parameters<V>(scale, i, inner, channels, s);
        for (int k = 0; k < V; k++) r[k] *= s[k];
    }
    if (shift) {
        float s[V];
        parameters<V>(shift, i, inner, channels, s);
        for (int k = 0; k < V; k++) r[k] += s[k];
    }
    if (residual) {
        float s[V];
        load<V>(residual + (size_t) i * V, s);
        for (int k = 0; k < V; k++) r[k] += s[k];
    }
    for (int k = 0; k < V; k++) r[k] = activate(r[k], function, a, b);
    store<V>(y + placeOf(i, run, yPitch) * V, r);
}

// Parts of a concatenation to their places in the runs of y, which begin every yPitch packs. Of the parts' numbers of a run, one after the
// other, those before end0 are of the first part, and so on; they go behind the first to0 packs of the run of y.
template <int V> __device__ void join(
        T* y, int yPitch, int length, int count, const T* x0, int pitch0, int end0, int to0, const T* x1, int pitch1,
        int end1, int to1, const T* x2, int pitch2, int end2, int to2, const T* x3, int pitch3, int end3, int to3) {
    int i = index();
    if (i >= count) return;
    int run = i / length;
    int at = i % length;
    const T* x = x0;
    int pitch = pitch0;
    int start = 0;
    int to = to0;
    if (at >= end0) { x = x1; pitch = pitch1; start = end0; to = to1; }
    if (at >= end1) { x = x2; pitch = pitch2; start = end1; to = to2; }
    if (at >= end2) { x = x3; pitch = pitch3; start = end2; to = to3; }
    float r[V];
    load<V>(x + ((size_t) run * pitch + at - start) * V, r);
    store<V>(y + ((size_t) run * yPitch + to + at - start) * V, r);
}

// kind: ADD, SUBTRACT, MULTIPLY, MAXIMUM, MINIMUM; mode: 0 same size, 1 a number for each channel of an image, 2 for each cell.
template <int V> __device__ void combine(
        T* y, const T* x, const T* other, int count, int run, int yPitch, int perImage, int inner, int channels, int mode,
        int kind, int function, float a, float b) {
    int i = index();
    if (i >= count) return;
    size_t at = (size_t) i * V;
    int image = i / perImage;
    float r[V];
    float s[V];
    load<V>(x + at, r);
    if (mode == 0) {
        load<V>(other + at, s);
    } else if (mode == 1 && inner == 0) {
        load<V>(other + (size_t) image * channels + i % (channels / V) * V, s);
    } else if (mode == 2 && inner > 0) {
        load<V>(other + ((size_t) image * inner + i % inner) * V, s);
    } else {
        float one = up(other[mode == 1 ? (size_t) image * channels + i / inner % channels : (size_t) i / (channels / V)]);
        for (int k = 0; k < V; k++) s[k] = one;
    }
    for (int k = 0; k < V; k++) {
        float p = r[k];
        float q = s[k];
        if (kind == 0) p = p + q;
        else if (kind == 1) p = p - q;
        else if (kind == 2) p = p * q;
        else if (p != p || q != q) p = p + q;
        else p = kind == 3 ? (p > q ? p : q) : (p < q ? p : q);
        r[k] = activate(p, function, a, b);
    }
    store<V>(y + placeOf(i, run, yPitch) * V, r);
}

// Pads (top, left positive), crops (negative) or spreads (steps) images; planes are images of one channel.
template <int V> __device__ void place(
        T* y, const T* x, int h, int w, int H, int W, int groups, int top, int left, int stepY, int stepX, int count) {
    int i = index();
    if (i >= count) return;
    int cell = i / groups;
    int column = cell % W - left;
    int row = cell / W % H - top;
    int image = cell / W / H;
    float r[V] = {};
    if (row >= 0 && column >= 0 && row % stepY == 0 && column % stepX == 0 && row / stepY < h && column / stepX < w) {
        size_t from = ((size_t) image * h + row / stepY) * w + column / stepX;
        load<V>(x + (from * groups + i % groups) * V, r);
    }
    store<V>(y + (size_t) i * V, r);
}

// kind: MAXIMUM, AVERAGE; cells outside the image do not count. Planes are images of one channel.
template <int V> __device__ void pool(
        T* y, const T* x, int h, int w, int H, int W, int groups, int kh, int kw, int sy, int sx, int top, int left,
        int kind, int count, int run, int yPitch) {
    int i = index();
    if (i >= count) return;
    int cell = i / groups;
    int column = cell % W * sx - left;
    int row = cell / W % H * sy - top;
    int image = cell / W / H;
    int y0 = row < 0 ? 0 : row;
    int x0 = column < 0 ? 0 : column;
    int y1 = row + kh > h ? h : row + kh;
    int x1 = column + kw > w ? w : column + kw;
    float r[V];
    for (int k = 0; k < V; k++) r[k] = kind == 0 ? LOWEST : 0;
    for (int v = y0; v < y1; v++) {
        for (int u = x0; u < x1; u++) {
            float s[V];
            load<V>(x + ((((size_t) image * h + v) * w + u) * groups + i % groups) * V, s);
            for (int k = 0; k < V; k++) r[k] = kind == 0 ? (s[k] <= r[k] ? r[k] : s[k]) : r[k] + s[k];
        }
    }
    if (kind == 1) {
        float cells = (float) ((y1 - y0) * (x1 - x0));
        for (int k = 0; k < V; k++) r[k] /= cells;
    }
    store<V>(y + placeOf(i, run, yPitch) * V, r);
}

// The way back through an activation: the gradient times the derivative at z, or times the held factor.
extern "C" __global__ void activationGradient(
        T* y, const T* gradient, const T* z, int count, int holds, int function, float a, float b) {
    int i = index();
    if (i >= count) return;
    float g = up(gradient[i]);
    float x = up(z[i]);
    if (g != 0) g *= holds ? held(x, function, a, b) : slope(x, function, a, b);
    down(g, y[i]);
}

// The way back through a pooling: each cell of y adds up what its windows give it. The average's gradient is divided among the
// window's cells, the maximum's goes to the first of the largest.
extern "C" __global__ void poolGradient(
        T* y, const T* gradient, const T* pooled, int h, int w, int H, int W, int groups, int kh, int kw, int sy, int sx,
        int top, int left, int kind, int count) {
    int i = index();
    if (i >= count) return;
    int c = i % groups;
    int cell = i / groups;
    int column = cell % w;
    int row = cell / w % h;
    int image = cell / w / h;
    float sum = 0;
    // Windows from the first whose last row reaches this one.
    int firstY = row + top - kh + 1;
    int firstX = column + left - kw + 1;
    for (int v = firstY <= 0 ? 0 : (firstY + sy - 1) / sy; v < H && v * sy - top <= row; v++) {
        for (int u = firstX <= 0 ? 0 : (firstX + sx - 1) / sx; u < W && u * sx - left <= column; u++) {
            int y0 = v * sy - top < 0 ? 0 : v * sy - top;
            int x0 = u * sx - left < 0 ? 0 : u * sx - left;
            int y1 = v * sy - top + kh > h ? h : v * sy - top + kh;
            int x1 = u * sx - left + kw > w ? w : u * sx - left + kw;
            float g = up(gradient[(((size_t) image * H + v) * W + u) * groups + c]);
            if (kind == 1) {
                sum += g / ((y1 - y0) * (x1 - x0));
                continue;
            }
            int largest = y0 * w + x0;
            float most = up(pooled[((size_t) image * h * w + largest) * groups + c]);
            for (int p = y0; p < y1; p++) {
                for (int q = x0; q < x1; q++) {
                    float other = up(pooled[((size_t) image * h * w + p * w + q) * groups + c]);
                    if (other > most) {
                        most = other;
                        largest = p * w + q;
                    }
                }
            }
            if (largest == row * w + column) sum += g;
        }
    }
    down(sum, y[i]);
}

// Each channel by itself; weights [kh][kw][outputs]. With a multiplier, output channel o reads input channel o / multiplier
// (V = 1).
template <int V> __device__ void depthwise(
        T* y, const T* x, const float* weights, const float* bias, const T* residual, int h, int w, int H, int W,
        int groups, int kh, int kw, int sy, int sx, int dy, int dx, int top, int left, int multiplier, int count, int yPitch,
        int function, float a, float b) {
    int i = index();
    if (i >= count) return;
    int c = i % groups;
    int cell = i / groups;
    int column = cell % W * sx - left;
    int row = cell / W % H * sy - top;
    int image = cell / W / H;
    int from = c / multiplier;
    int inputs = groups / multiplier;
    float r[V];
    load<V>(bias + c * V, r);
    for (int v = 0; v < kh; v++) {
        int inY = row + v * dy;
        if (inY < 0 || inY >= h) continue;
        for (int u = 0; u < kw; u++) {
            int inX = column + u * dx;
            if (inX < 0 || inX >= w) continue;
            float s[V];
            float t[V];
            load<V>(x + ((((size_t) image * h + inY) * w + inX) * inputs + from) * V, s);
            load<V>(weights + ((size_t) (v * kw + u) * groups + c) * V, t);
            for (int k = 0; k < V; k++) r[k] += s[k] * t[k];
        }
    }
    if (residual) {
        float s[V];
        load<V>(residual + (size_t) i * V, s);
        for (int k = 0; k < V; k++) r[k] += s[k];
    }
    for (int k = 0; k < V; k++) r[k] = activate(r[k], function, a, b);
    store<V>(y + ((size_t) cell * yPitch + c) * V, r);
}

// Any convolution of rows, slowly: one number a thread; weights [outputs][kh][kw][inputs / groups].
extern "C" __global__ void direct(
        T* y, const T* x, const T* weights, const float* bias, const T* residual, int h, int w, int H, int W,
        int inputs, int outputs, int perGroup, int kh, int kw, int sy, int sx, int dy, int dx, int top, int left,
        int count, int function, float a, float b) {
    int i = index();
    if (i >= count) return;
    int o = i % outputs;
    int cell = i / outputs;
    int column = cell % W * sx - left;
    int row = cell / W % H * sy - top;
    int image = cell / W / H;
    int first = o / (outputs / (inputs / perGroup)) * perGroup;
    float sum = bias[o];
    for (int v = 0; v < kh; v++) {
        int inY = row + v * dy;
        if (inY < 0 || inY >= h) continue;
        for (int u = 0; u < kw; u++) {
            int inX = column + u * dx;
            if (inX < 0 || inX >= w) continue;
            const T* source = x + (((size_t) image * h + inY) * w + inX) * inputs + first;
            const T* kernel = weights + ((size_t) (o * kh + v) * kw + u) * perGroup;
            for (int k = 0; k < perGroup; k++) sum += up(source[k]) * up(kernel[k]);
        }
    }
    if (residual) sum += up(residual[i]);
    down(activate(sum, function, a, b), y[i]);
}

__device__ __forceinline__ float warpSum(float x) {
    for (int step = 16; step > 0; step /= 2) x += __shfl_xor_sync(0xffffffffu, x, step);
    return x;
}

__device__ __forceinline__ float warpMaximum(float x) {
    for (int step = 16; step > 0; step /= 2) {
        float other = __shfl_xor_sync(0xffffffffu, x, step);
        x = other <= x ? x : other;
    }
    return x;
}

// A dense layer on few cells: a warp makes one output of up to 8 cells; weights [outputs][inputs].
extern "C" __global__ void dense(
        T* y, const T* x, const T* weights, const float* bias, int inputs, int outputs, int cells, int function, float a,
        float b) {
    int lane = threadIdx.x % 32;
    int o = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
    int first = blockIdx.y * 8;
    if (o >= outputs) return;
    int some = cells - first < 8 ? cells - first : 8;
    float sum[8] = {};
    for (int k = lane; k < inputs; k += 32) {
        float weight = up(weights[(size_t) o * inputs + k]);
#pragma unroll
        for (int n = 0; n < 8; n++) {
            if (n < some) sum[n] += weight * up(x[(size_t) (first + n) * inputs + k]);
        }
    }
#pragma unroll
    for (int n = 0; n < 8; n++) {
        if (n < some) {
            float total = warpSum(sum[n]) + bias[o];
            if (lane == 0) down(activate(total, function, a, b), y[(size_t) (first + n) * outputs + o]);
        }
    }
}

// Blocks of 32 x 8: 32 channels of a chunk of cells in rows; y [n][chunks][channels]. kind: MAXIMUM, AVERAGE (a sum times factor).
template <typename D, typename S> __device__ void reduceCells(
        D* y, const S* x, int cells, int channels, int cellsEach, int kind, float factor) {
    __shared__ float part[8][32];
    int c = blockIdx.x * 32 + threadIdx.x;
    int start = blockIdx.y * cellsEach;
    int end = start + cellsEach < cells ? start + cellsEach : cells;
    float r = kind == 0 ? LOWEST : 0;
    if (c < channels) {
        for (int cell = start + threadIdx.y; cell < end; cell += 8) {
            float s = up(x[((size_t) blockIdx.z * cells + cell) * channels + c]);
            r = kind == 0 ? (s <= r ? r : s) : r + s;
        }
    }
    part[threadIdx.y][threadIdx.x] = r;
    __syncthreads();
    if (threadIdx.y == 0 && c < channels) {
        for (int k = 1; k < 8; k++) {
            float s = part[k][threadIdx.x];
            r = kind == 0 ? (s <= r ? r : s) : r + s;
        }
        down(r * factor, y[((size_t) blockIdx.z * gridDim.y + blockIdx.y) * channels + c]);
    }
}

extern "C" __global__ void reduceToFloat(float* y, const T* x, int cells, int channels, int each, int kind, float factor) {
    reduceCells<float, T>(y, x, cells, channels, each, kind, factor);
}
extern "C" __global__ void reduceToT(T* y, const T* x, int cells, int channels, int each, int kind, float factor) {
    reduceCells<T, T>(y, x, cells, channels, each, kind, factor);
}
extern "C" __global__ void reduceFloatToT(T* y, const float* x, int cells, int channels, int each, int kind, float factor) {
    reduceCells<T, float>(y, x, cells, channels, each, kind, factor);
}

// Global pooling of planes: a warp for each.
extern "C" __global__ void reducePlanes(T* y, const T* x, int cells, int planes, int kind, float factor) {
    int lane = threadIdx.x % 32;
    int plane = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
    if (plane >= planes) return;
    const T* source = x + (size_t) plane * cells;
    float r = kind == 0 ? LOWEST : 0;
    for (int cell = lane; cell < cells; cell += 32) {
        float s = up(source[cell]);
        r = kind == 0 ? (s <= r ? r : s) : r + s;
    }
    r = kind == 0 ? warpMaximum(r) : warpSum(r);
    if (lane == 0) down(r * factor, y[plane]);
}

// Layer normalisation of each cell by a warp.
extern "C" __global__ void normalize(
        T* y, const T* x, const float* scale, const float* shift, int channels, int cells, float epsilon) {
    int lane = threadIdx.x % 32;
    int cell = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
    if (cell >= cells) return;
    const T* source = x + (size_t) cell * channels;
    float sum = 0;
    for (int c = lane; c < channels; c += 32) sum += up(source[c]);
    float mean = warpSum(sum) / channels;
    sum = 0;
    for (int c = lane; c < channels; c += 32) {
        float d = up(source[c]) - mean;
        sum += d * d;
    }
    float deviation = sqrtf(warpSum(sum) / channels + epsilon);
    for (int c = lane; c < channels; c += 32) {
        down(scale[c] * (up(source[c]) - mean) / deviation + shift[c], y[(size_t) cell * channels + c]);
    }
}

// Softmax over the channels of each cell by a warp.
extern "C" __global__ void softmax(T* y, const T* x, int channels, int cells) {
    int lane = threadIdx.x % 32;
    int cell = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
    if (cell >= cells) return;
    const T* source = x + (size_t) cell * channels;
    float top = LOWEST;
    for (int c = lane; c < channels; c += 32) {
        float s = up(source[c]);
        top = s <= top ? top : s;
    }
    top = warpMaximum(top);
    float sum = 0;
    for (int c = lane; c < channels; c += 32) sum += expf(up(source[c]) - top);
    sum = warpSum(sum);
    for (int c = lane; c < channels; c += 32) down(expf(up(source[c]) - top) / sum, y[(size_t) cell * channels + c]);
}

// slopes: one for each channel (inner as in affine), or one for each number of an image in rows (channels is then their count).
template <int V> __device__ void prelu(T* y, const T* x, const float* slopes, int inner, int channels, int count) {
    int i = index();
    if (i >= count) return;
    float r[V];
    float s[V];
    load<V>(x + (size_t) i * V, r);
    parameters<V>(slopes, i, inner, channels, s);
    for (int k = 0; k < V; k++) r[k] = r[k] > 0 ? r[k] : s[k] * r[k];
    store<V>(y + (size_t) i * V, r);
}

// y [a][b][c][d] of each image reads x by the steps of its axes.
extern "C" __global__ void permute(
        T* y, const T* x, int a, int b, int c, int d, int stepA, int stepB, int stepC, int stepD, int count) {
    int i = index();
    if (i >= count) return;
    int image = i / d / c / b / a;
    size_t from = (size_t) image * a * b * c * d + (size_t) (i / d / c / b % a) * stepA + (size_t) (i / d / c % b) * stepB
            + (size_t) (i / d % c) * stepC + (size_t) (i % d) * stepD;
    y[i] = x[from];
}

// [n][rows][columns] to [n][columns][rows], by tiles of 32 x 32 in blocks of 32 x 8; across tiles lie side by side.
extern "C" __global__ void turn(T* y, const T* x, int rows, int columns, int across) {
    __shared__ T tile[32][33];
    int firstColumn = blockIdx.x % across * 32;
    int firstRow = blockIdx.x / across * 32;
    int column = firstColumn + threadIdx.x;
    size_t start = (size_t) blockIdx.y * rows * columns;
    for (int k = threadIdx.y; k < 32; k += 8) {
        int row = firstRow + k;
        if (row < rows && column < columns) tile[k][threadIdx.x] = x[start + (size_t) row * columns + column];
    }
    __syncthreads();
    int row = firstRow + threadIdx.x;
    for (int k = threadIdx.y; k < 32; k += 8) {
        int to = firstColumn + k;
        if (to < columns && row < rows) y[start + (size_t) to * rows + row] = tile[threadIdx.x][k];
    }
}

// Two cells, and how far a result lies between them.
struct Between {
    int low, high;
    float weight;
};

__device__ __forceinline__ Between between(int target, int size, int cells) {
    double cell = (target + 0.5) * cells / size - 0.5;
    cell = cell < 0 ? 0 : cell > cells - 1 ? cells - 1 : cell;
    Between b;
    b.low = (int) cell;
    b.high = b.low + 1 < cells ? b.low + 1 : cells - 1;
    b.weight = (float) (cell - b.low);
    return b;
}

// Without contraction to a fused multiply-add: the same bits as Java's.
__device__ __forceinline__ float mix(float p, float q, float weight) {
    return __fadd_rn(p, __fmul_rn(__fadd_rn(q, -p), weight));
}

// As Resize.nearest, in float.
__device__ __forceinline__ int nearest(int target, int size, int cells) {
    int from = (int) __fmul_rn(target + 0.5f, (float) cells / size);
    return from < cells ? from : cells - 1;
}

// Planes are images of one channel.
template <int V> __device__ void resize(
        T* y, const T* x, int h, int w, int H, int W, int groups, int bilinear, int count, int run, int yPitch) {
    int i = index();
    if (i >= count) return;
    int cell = i / groups;
    int column = cell % W;
    int row = cell / W % H;
    const T* image = x + (size_t) (cell / W / H) * h * w * groups * V;
    int c = i % groups;
    float r[V];
    if (bilinear) {
        Between v = between(row, H, h);
        Between u = between(column, W, w);
        float s[V], t[V], p[V], q[V];
        load<V>(image + ((size_t) (v.low * w + u.low) * groups + c) * V, s);
        load<V>(image + ((size_t) (v.low * w + u.high) * groups + c) * V, t);
        load<V>(image + ((size_t) (v.high * w + u.low) * groups + c) * V, p);
        load<V>(image + ((size_t) (v.high * w + u.high) * groups + c) * V, q);
        for (int k = 0; k < V; k++) {
            r[k] = mix(mix(s[k], t[k], u.weight), mix(p[k], q[k], u.weight), v.weight);
        }
    } else {
        load<V>(image + ((size_t) (nearest(row, H, h) * w + nearest(column, W, w)) * groups + c) * V, r);
    }
    store<V>(y + placeOf(i, run, yPitch) * V, r);
}

// One block of 256 for each image; the first of equal ones.
extern "C" __global__ void argmax(int* chosen, const T* logits, int classes) {
    __shared__ float best[256];
    __shared__ int place[256];
    int t = threadIdx.x;
    const T* row = logits + (size_t) blockIdx.x * classes;
    float top = LOWEST;
    int at = 0;
    for (int c = t; c < classes; c += 256) {
        float s = up(row[c]);
        if (s > top) {
            top = s;
            at = c;
        }
    }
    best[t] = top;
    place[t] = at;
    __syncthreads();
    for (int step = 128; step > 0; step /= 2) {
        if (t < step && (best[t + step] > best[t] || (best[t + step] == best[t] && place[t + step] < place[t]))) {
            best[t] = best[t + step];
            place[t] = place[t + step];
        }
        __syncthreads();
    }
    if (t == 0) chosen[blockIdx.x] = place[0];
}

// M(cell) = Σ_k W(k, class) · A(cell, k) of rows, a warp for each cell; weights [classes][channels].
extern "C" __global__ void cam(
        float* map, const T* features, const float* weights, const int* chosen, int cells, int channels, int count) {
    int lane = threadIdx.x % 32;
    int i = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
    if (i >= count) return;
    const float* row = weights + (size_t) chosen[i / cells] * channels;
    float sum = 0;
    for (int k = lane; k < channels; k += 32) sum += row[k] * up(features[(size_t) i * channels + k]);
    sum = warpSum(sum);
    if (lane == 0) map[i] = sum;
}

// The same of planes: blocks of 32 x 8, a thread adds up every eighth channel of a cell.
extern "C" __global__ void camPlanes(
        float* map, const T* features, const float* weights, const int* chosen, int cells, int channels) {
    __shared__ float part[8][32];
    int image = blockIdx.z;
    int cell = blockIdx.x * 32 + threadIdx.x;
    const float* row = weights + (size_t) chosen[image] * channels;
    const T* source = features + (size_t) image * channels * cells;
    float sum = 0;
    if (cell < cells) {
        for (int k = threadIdx.y; k < channels; k += 8) sum += row[k] * up(source[(size_t) k * cells + cell]);
    }
    part[threadIdx.y][threadIdx.x] = sum;
    __syncthreads();
    if (threadIdx.y == 0 && cell < cells) {
        for (int k = 1; k < 8; k++) sum += part[k][threadIdx.x];
        map[(size_t) image * cells + cell] = sum;
    }
}

// S(image, r, cell) = Σ_k W(chosen[r], k) · X(image, cell, k) of floats in rows; weights [..][channels]. Four threads for each sum, of
// every fourth channel, and the first one adds the channels behind the last four: the same bits as Java's.
extern "C" __global__ void channelSums(
        float* y, const float* x, const float* weights, const int* chosen, int cells, int channels, int rows, int count) {
    int lane = threadIdx.x % 4;
    int i = index() / 4;
    // All threads of a warp exchange sums.
    int at = i < count ? i : count - 1;
    const float* row = weights + (size_t) chosen[at / cells % rows] * channels;
    const float* source = x + ((size_t) (at / cells / rows) * cells + at % cells) * channels;
    float sum = 0;
    int k = 0;
    // Loads many numbers before it adds them up: there are too few threads to wait for each of them.
#pragma unroll 8
    for (; k + 3 < channels; k += 4) sum = __fadd_rn(sum, __fmul_rn(source[k + lane], row[k + lane]));
    if (lane == 0) {
        for (; k < channels; k++) sum = __fadd_rn(sum, __fmul_rn(source[k], row[k]));
    }
    sum = __fadd_rn(sum, __shfl_xor_sync(0xffffffffu, sum, 1));
    sum = __fadd_rn(sum, __shfl_xor_sync(0xffffffffu, sum, 2));
    if (lane == 0 && i < count) y[i] = sum;
}

// Whether the numbers that a thread of 256 reads are finite, V at a time.
template <int V> __device__ __forceinline__ int finiteParts(const float* source, int size) {
    int all = 1;
#pragma unroll 4
    for (int i = threadIdx.x * V; i < size; i += 256 * V) {
        float r[V];
        load<V>(source + i, r);
        // Infinite numbers and NaN have all bits of the exponent.
        for (int k = 0; k < V; k++) all &= (__float_as_uint(r[k]) & 0x7f800000u) != 0x7f800000u;
    }
    return all;
}

// One block of 256 for each image: 1 if all of its numbers are finite.
extern "C" __global__ void areFinite(int* finite, const float* x, int size) {
    __shared__ int part[256];
    const float* source = x + (size_t) blockIdx.x * size;
    part[threadIdx.x] = size % 4 == 0 ? finiteParts<4>(source, size) : finiteParts<1>(source, size);
    __syncthreads();
    for (int step = 128; step > 0; step /= 2) {
        if (threadIdx.x < step) part[threadIdx.x] &= part[threadIdx.x + step];
        __syncthreads();
    }
    if (threadIdx.x == 0) finite[blockIdx.x] = part[0];
}

extern "C" __global__ void upsample(float* y, const float* map, int h, int w, int H, int W, int count) {
    int i = index();
    if (i >= count) return;
    const float* from = map + (size_t) (i / W / H) * h * w;
    Between v = between(i / W % H, H, h);
    Between u = between(i % W, W, w);
    float above = mix(from[v.low * w + u.low], from[v.low * w + u.high], u.weight);
    float below = mix(from[v.high * w + u.low], from[v.high * w + u.high], u.weight);
    y[i] = mix(above, below, v.weight);
}

// Images of bytes as floats: each lies in a place that begins with the sampled part (its first row and column, rows, columns), the bytes
// of a row, the channels' scales and offsets, and for each row, then for each column, the lower bytes, the upper ones and their weights.
// The same bits as Java's.
extern "C" __global__ void sampleBytes(
        float* y, const unsigned char* places, int place, int h, int w, int channels, int count) {
    int i = index();
    if (i >= count) return;
    const int* head = (const int*) (places + (size_t) (i / channels / w / h) * place);
    const int* scales = head + 5;
    const int* rows = scales + 2 * channels;
    const int* columns = rows + 3 * h;
    const unsigned char* pixels = (const unsigned char*) (columns + 3 * w);
    int c = i % channels;
    int v = i / channels / w % h - head[0];
    int u = i / channels % w - head[1];
    float pixel = 0;
    if (v >= 0 && v < head[2] && u >= 0 && u < head[3]) {
        const unsigned char* above = pixels + (size_t) rows[v] * head[4] + c;
        const unsigned char* below = pixels + (size_t) rows[h + v] * head[4] + c;
        int left = columns[u] * channels;
        int right = columns[w + u] * channels;
        float weight = __uint_as_float(columns[2 * w + u]);
        pixel = mix(mix(above[left], above[right], weight), mix(below[left], below[right], weight),
                    __uint_as_float(rows[2 * h + v]));
    }
    y[i] = __fadd_rn(__fmul_rn(pixel, __uint_as_float(scales[c])), __uint_as_float(scales[channels + c]));
}

// The mean of each channel of each image, added up in double over the cells in order: the same bits as Java's.
extern "C" __global__ void channelMeans(float* means, const float* x, int cells, int channels, int count) {
    int i = index();
    if (i >= count) return;
    const float* source = x + (size_t) (i / channels) * cells * channels + i % channels;
    double sum = 0;
#pragma unroll 16
    for (int cell = 0; cell < cells; cell++) sum += source[(size_t) cell * channels];
    means[i] = (float) (sum * channels / (cells * channels));
}

// Sums of the channels of each cell, weighted by an image's means, in double and in order: the same bits as Java's, contracted or not, as
// products of floats are exact in double.
extern "C" __global__ void sumsByMeans(float* y, const float* x, const float* means, int cells, int channels, int count) {
    int i = index();
    if (i >= count) return;
    const float* source = x + (size_t) i * channels;
    const float* weights = means + (size_t) (i / cells) * channels;
    double sum = 0;
#pragma unroll 16
    for (int k = 0; k < channels; k++) sum += (double) weights[k] * source[k];
    y[i] = (float) sum;
}

extern "C" __global__ void narrow(T* y, const float* x, int count) {
    int i = index();
    if (i < count) down(x[i], y[i]);
}

extern "C" __global__ void widen(float* y, const T* x, int count) {
    int i = index();
    if (i < count) y[i] = up(x[i]);
}

#define BOTH(name, parameters, arguments)                                            \
    extern "C" __global__ void name##1 parameters { name<1> arguments; }              \
    extern "C" __global__ void name##4 parameters { name<4> arguments; }

BOTH(affine,
     (T* y, const T* x, const float* scale, const float* shift, const T* residual, int count, int run, int xPitch,
      int yPitch, int inner, int channels, int function, float a, float b),
     (y, x, scale, shift, residual, count, run, xPitch, yPitch, inner, channels, function, a, b))
BOTH(join,
     (T* y, int yPitch, int length, int count, const T* x0, int pitch0, int end0, int to0, const T* x1, int pitch1,
      int end1, int to1, const T* x2, int pitch2, int end2, int to2, const T* x3, int pitch3, int end3, int to3),
     (y, yPitch, length, count, x0, pitch0, end0, to0, x1, pitch1, end1, to1, x2, pitch2, end2, to2, x3, pitch3, end3, to3))
BOTH(combine,
     (T* y, const T* x, const T* other, int count, int run, int yPitch, int perImage, int inner, int channels, int mode,
      int kind, int function, float a, float b),
     (y, x, other, count, run, yPitch, perImage, inner, channels, mode, kind, function, a, b))
BOTH(place,
     (T* y, const T* x, int h, int w, int H, int W, int groups, int top, int left, int stepY, int stepX, int count),
     (y, x, h, w, H, W, groups, top, left, stepY, stepX, count))
BOTH(pool,
     (T* y, const T* x, int h, int w, int H, int W, int groups, int kh, int kw, int sy, int sx, int top, int left,
      int kind, int count, int run, int yPitch),
     (y, x, h, w, H, W, groups, kh, kw, sy, sx, top, left, kind, count, run, yPitch))
BOTH(depthwise,
     (T* y, const T* x, const float* weights, const float* bias, const T* residual, int h, int w, int H, int W,
      int groups, int kh, int kw, int sy, int sx, int dy, int dx, int top, int left, int multiplier, int count, int yPitch,
      int function, float a, float b),
     (y, x, weights, bias, residual, h, w, H, W, groups, kh, kw, sy, sx, dy, dx, top, left, multiplier, count, yPitch,
      function, a, b))
BOTH(prelu, (T* y, const T* x, const float* slopes, int inner, int channels, int count),
     (y, x, slopes, inner, channels, count))
BOTH(resize,
     (T* y, const T* x, int h, int w, int H, int W, int groups, int bilinear, int count, int run, int yPitch),
     (y, x, h, w, H, W, groups, bilinear, count, run, yPitch))

// Names the type of stored numbers in the machine code.
#if TYPE == 1
extern "C" __global__ void storesHalf() {}
#elif TYPE == 2
extern "C" __global__ void storesBfloat16() {}
#endif
