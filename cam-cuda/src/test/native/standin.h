// A stand-in for CUDA's driver and runtime, cuBLAS, cuDNN and NVRTC on the CPU: the calls that cam-cuda makes, with every address
// checked, so that all but speed can be tested without a GPU. Work on a stream is done when it is enqueued, or kept while the stream
// is captured.
#pragma once
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace standin {

struct Stream {
    bool capturing = false;
    std::vector<std::function<void()>> calls;
};

// Held while work runs: the GPU does one thing after the other.
extern std::recursive_mutex device;

// Does the work on a stream, or appends it to the graph that the stream is being captured into.
void enqueue(void* stream, std::function<void()> work);

// Ends the process unless the range lies within one allocation on the GPU.
void requireOnDevice(const void* address, size_t size, const char* what);

[[noreturn]] void fail(const char* format, const char* what, size_t number = 0);

// Numbers as the libraries name their types.
enum Type { FLOAT, HALF, BFLOAT16 };
size_t bytes(Type type);
std::vector<float> floats(const void* address, size_t count, Type type);
float get(const void* address, size_t index, Type type);
void put(void* address, size_t index, Type type, float value);

float fromHalf(unsigned short bits);
unsigned short toHalf(float number);
float fromBfloat16(unsigned short bits);
unsigned short toBfloat16(float number);

// One of the engine's own kernels.
struct Dim {
    int x, y, z;
};
struct Kernel {
    void (*launch)(void** arguments);
    int arguments;
    // Whether threads of a block or warp wait for each other.
    bool waits;
};
std::map<std::string, Kernel>& kernels(Type type);
}
