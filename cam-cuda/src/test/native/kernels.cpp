// The engine's own kernels, compiled for the CPU: once for each TYPE, see build.sh.
#include <cmath>
#include <cstring>
#include <type_traits>
#include <utility>
#include "standin.h"

#define STANDIN 1
#define __device__
#define __global__
#define __forceinline__ inline
#define __shared__ static

namespace standin {
extern Dim blockIdx, threadIdx, blockDim, gridDim;
void waitForBlock();
float shuffled(float value, int mask);
}

namespace {
using namespace standin;

inline float __shfl_xor_sync(unsigned, float value, int mask) { return shuffled(value, mask); }
inline void __syncthreads() { waitForBlock(); }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __uint_as_float(unsigned bits) { float x; std::memcpy(&x, &bits, 4); return x; }
inline unsigned __float_as_uint(float x) { unsigned bits; std::memcpy(&bits, &x, 4); return bits; }

#if TYPE == 1
inline float up(unsigned short bits) { return fromHalf(bits); }
inline void down(float x, unsigned short& y) { y = toHalf(x); }
#endif

#define index kernelIndex
#include "kernels_plain.cu"
#undef index

template <typename... A> struct Types {};
template <auto F, typename... A, size_t... I> void call(void** arguments, Types<A...>, std::index_sequence<I...>) {
    F(*(A*) arguments[I]...);
}
template <auto F> struct Wrapped;
template <typename... A, void (*F)(A...)> struct Wrapped<F> {
    static void launch(void** arguments) { call<F>(arguments, Types<A...>(), std::index_sequence_for<A...>()); }
    static constexpr int count = sizeof...(A);
};

struct Registration {
    Registration() {
        auto& all = kernels((Type) TYPE);
#define ONE(name, waits) all[#name] = Kernel{&Wrapped<name>::launch, Wrapped<name>::count, waits};
#define PACKS(name) ONE(name##1, false) ONE(name##4, false)
        PACKS(affine) PACKS(join) PACKS(combine) PACKS(place) PACKS(pool) PACKS(depthwise) PACKS(prelu) PACKS(resize)
        ONE(direct, false) ONE(activationGradient, false) ONE(poolGradient, false) ONE(permute, false) ONE(upsample, false) ONE(sampleBytes, false) ONE(channelMeans, false) ONE(sumsByMeans, false) ONE(narrow, false) ONE(widen, false)
        ONE(dense, true) ONE(reduceToFloat, true) ONE(reduceToT, true) ONE(reduceFloatToT, true)
        ONE(reducePlanes, true) ONE(normalize, true) ONE(softmax, true) ONE(turn, true) ONE(argmax, true)
        ONE(cam, true) ONE(camPlanes, true) ONE(channelSums, true) ONE(areFinite, true)
    }
} registration;
}
