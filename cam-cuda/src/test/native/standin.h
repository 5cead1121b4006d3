// A stand-in for CUDA's driver and runtime, cuBLAS, cuDNN and NVRTC on the CPU: the calls that cam-cuda makes, with every address
// checked, so that all but speed can be tested without a GPU. Work on a stream is done as late as CUDA may do it: when someone waits for
// the stream. So what reads or overwrites memory without waiting shows.
#pragma once
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace standin {

typedef std::function<void()> Work;

struct Stream {
    int device, number;
    std::deque<Work> waiting;
    // While it is captured into a graph.
    bool capturing = false, isBroken = false;
    int mode = 0;
    std::thread::id by;
    std::vector<Work> captured;
};

// Held while work runs: the GPUs do one thing after the other.
extern std::recursive_mutex device;

// The status that all calls return once the GPU is lost, or 0.
extern int lost;

// The calling thread's GPU.
int currentDevice();
// Whether the thread has a context, which driver calls need and calls of the runtime make.
bool hasContext();
void enter();
void choose(int number);

// The stream, or the calling thread's GPU's default one.
Stream* onStream(void* stream);
Stream* made(int device);
void forget(Stream* stream);
std::vector<Stream*> allStreams();

// Puts work on a stream, or into the graph that the stream is being captured into.
void enqueue(void* stream, Work work);
// Does all work that waits on a stream, or on all streams.
void run(Stream* stream);
void runAll();

// What calls that may be unsafe during a capture return: 900 if there is a capture that they break.
int unsafeCall();

// Memory of the GPUs, and page-locked memory.
int allocate(void** address, size_t size);
int release(void* address);
size_t bytesOfDevice();
size_t freeBytes();
void lock(void* address, size_t size);
void unlock(void* address);
// Whether the range lies in page-locked memory.
bool isLocked(const void* address, size_t size);
// The GPU in whose memory an address lies, or -1.
int owner(const void* address);

// Ends the process unless the range lies within one allocation on the GPU.
void requireOnDevice(const void* address, size_t size, const char* what);
// The same, on the stream's GPU, from an address that is a multiple of so many bytes on.
void requireOn(void* stream, const void* address, size_t size, const char* what, size_t alignment = 16);
// Ends the process if something was written behind an allocation.
void requireMargins();

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
void launch(Kernel* kernel, Dim grid, Dim block, void** arguments);
}
