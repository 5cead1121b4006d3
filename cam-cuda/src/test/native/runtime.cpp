// CUDA's runtime and driver.
#include <chrono>
#include <ucontext.h>
#include "standin.h"

namespace standin {

std::recursive_mutex device;
static Stream defaultStream;

void enqueue(void* stream, std::function<void()> work) {
    Stream* on = stream ? (Stream*) stream : &defaultStream;
    if (on->capturing) {
        on->calls.push_back(work);
    } else {
        std::lock_guard<std::recursive_mutex> lock(device);
        work();
    }
}

void fail(const char* format, const char* what, size_t number) {
    fprintf(stderr, "CUDA stand-in: ");
    fprintf(stderr, format, what, number);
    fprintf(stderr, "\n");
    fflush(stderr);
    abort();
}

// Behind each allocation lies a margin whose bytes must not change, or AddressSanitizer's.
#ifdef __SANITIZE_ADDRESS__
static const size_t MARGIN = 0;
#else
static const size_t MARGIN = 256;
#endif
static const unsigned char UNTOUCHED = 0xA5;
static std::map<char*, size_t> allocations;
static size_t used = 0;

static const size_t FILLED = 1 << 20;

// CAM4J_STANDIN_SHORT: bytes by which small allocations are too short, so that kernels read and write beyond them.
static size_t missing(size_t size) {
    const char* text = getenv("CAM4J_STANDIN_SHORT");
    size_t bytes = text ? strtoull(text, nullptr, 10) : 0;
    return size < FILLED && size > bytes ? bytes : 0;
}

static size_t most() {
    const char* text = getenv("CAM4J_STANDIN_BYTES");
    return text ? strtoull(text, nullptr, 10) : 8ull << 30;
}

void requireOnDevice(const void* address, size_t size, const char* what) {
    if (size == 0) return;
    std::lock_guard<std::recursive_mutex> lock(device);
    auto next = allocations.upper_bound((char*) address);
    if (next == allocations.begin()) fail("%s: %zu bytes outside of the GPU's memory", what, size);
    auto at = std::prev(next);
    if ((char*) address + size > at->first + at->second) fail("%s: %zu bytes beyond an allocation", what, size);
}

static void requireMargins() {
    for (auto& [start, size] : allocations)
        for (size_t i = 0; i < MARGIN; i++)
            if ((unsigned char) start[size + i] != UNTOUCHED) fail("%s wrote behind an allocation of %zu bytes", "a kernel", size);
}

// ---- kernels: one thread after the other; where threads wait for each other, each has a stack of its own.

Dim blockIdx, threadIdx, blockDim, gridDim;

static const int STACK = 1 << 16;
struct Thread {
    ucontext_t context;
    bool done;
    Dim place;
    float shared;
    std::vector<char> stack;
};
static ucontext_t scheduler;
static std::vector<Thread*> threads;
static int current;
static std::function<void()> body;

static void run() {
    body();
    threads[current]->done = true;
    swapcontext(&threads[current]->context, &scheduler);
}

void waitForBlock() { swapcontext(&threads[current]->context, &scheduler); }

float shuffled(float value, int mask) {
    threads[current]->shared = value;
    waitForBlock();
    float result = threads[(current & ~31) | ((current & 31) ^ mask)]->shared;
    waitForBlock();
    return result;
}

static void runBlock(int count, Dim block) {
    while ((int) threads.size() < count) {
        threads.push_back(new Thread());
        threads.back()->stack.resize(STACK);
    }
    for (int t = 0; t < count; t++) {
        Thread* thread = threads[t];
        getcontext(&thread->context);
        thread->context.uc_stack.ss_sp = thread->stack.data();
        thread->context.uc_stack.ss_size = STACK;
        thread->context.uc_link = nullptr;
        makecontext(&thread->context, run, 0);
        thread->done = false;
        thread->place = {t % block.x, t / block.x, 0};
    }
    for (bool any = true; any;) {
        any = false;
        for (int t = 0; t < count; t++) {
            if (threads[t]->done) continue;
            any = true;
            current = t;
            threadIdx = threads[t]->place;
            swapcontext(&scheduler, &threads[t]->context);
        }
    }
}

static void launch(Kernel* kernel, Dim grid, Dim block, void** arguments) {
    gridDim = grid;
    blockDim = block;
    int count = block.x * block.y;
    body = [=] { kernel->launch(arguments); };
    for (int z = 0; z < grid.z; z++) {
        for (int y = 0; y < grid.y; y++) {
            for (int x = 0; x < grid.x; x++) {
                blockIdx = {x, y, z};
                if (kernel->waits) {
                    runBlock(count, block);
                    continue;
                }
                for (int t = 0; t < count; t++) {
                    threadIdx = {t % block.x, t / block.x, 0};
                    kernel->launch(arguments);
                }
            }
        }
    }
    requireMargins();
}

std::map<std::string, Kernel>& kernels(Type type) {
    static std::map<std::string, Kernel> all[3];
    return all[type];
}

struct Graph {
    std::vector<std::function<void()>> calls;
};

// CAM4J_STANDIN_FAILURE=LAUNCHES:STATUS:STAYS lets a graph's launch fail after so many; if STAYS is 1, all calls fail from then on, as
// on a GPU that is lost.
static int lost = 0;
static int failure() {
    static int launches = 0;
    const char* text = getenv("CAM4J_STANDIN_FAILURE");
    int after, status, stays;
    if (!text || sscanf(text, "%d:%d:%d", &after, &status, &stays) != 3 || launches++ != after) return 0;
    if (stays) lost = status;
    return status;
}
}

using namespace standin;

static void checkCopy(void* to, const void* from, size_t size, int kind) {
    if (kind == 1) requireOnDevice(to, size, "a copy to the GPU");
    else if (kind == 2) requireOnDevice(from, size, "a copy from the GPU");
    else if (kind == 3) requireOnDevice(to, size, "a copy on the GPU"), requireOnDevice(from, size, "a copy on the GPU");
    else fail("%s of kind %zu", "a copy", kind);
}

// CAM4J_STANDIN_COPIES: a file to which the bytes of each copy are written, after "up", "down" or "within".
static void copy(void* to, const void* from, size_t size, int kind) {
    memcpy(to, from, size);
    static FILE* log = getenv("CAM4J_STANDIN_COPIES") ? fopen(getenv("CAM4J_STANDIN_COPIES"), "a") : nullptr;
    if (!log) return;
    fprintf(log, "%s %zu\n", kind == 1 ? "up" : kind == 2 ? "down" : "within", size);
    fflush(log);
}

extern "C" {
const char* cudaGetErrorString(int status) { return status == 2 ? "out of memory" : status ? "an error" : "no error"; }
int cudaGetLastError() { return 0; }
int cuGetErrorName(int, const char** name) { *name = "CUDA_ERROR_OF_THE_STANDIN"; return 0; }
int cudaGetDeviceCount(int* count) {
    const char* status = getenv("CAM4J_STANDIN_STATUS");
    *count = 1;
    return status ? atoi(status) : 0;
}
int cudaSetDevice(int) { return lost; }
int cudaDeviceSynchronize() { return lost; }
int cudaDeviceGetAttribute(int* value, int attribute, int) {
    const char* capability = getenv("CAM4J_STANDIN_CAPABILITY");
    int number = capability ? atoi(capability) : 90;
    *value = attribute == 75 ? number / 10 : attribute == 76 ? number % 10 : 1;
    return 0;
}
int cuDeviceGetName(char* name, int size, int) { snprintf(name, size, "CUDA stand-in"); return 0; }
int cudaRuntimeGetVersion(int* version) { *version = 13000; return 0; }
int cudaDriverGetVersion(int* version) {
    const char* driver = getenv("CAM4J_STANDIN_DRIVER");
    *version = driver ? atoi(driver) : 12040;
    return 0;
}
int cudaMemGetInfo(size_t* free, size_t* total) { *total = most(); *free = *total - used; return 0; }
int cudaMalloc(void** address, size_t size) {
    std::lock_guard<std::recursive_mutex> lock(device);
    if (lost) return lost;
    if (used + size > most()) return 2;
    size_t given = size - missing(size);
    if (posix_memalign(address, 256, given + MARGIN)) return 2;
    // NaN. Not all of the workspaces that are allocated for trials: no test computes with so much.
    memset(*address, 0xff, given < FILLED ? given : FILLED);
    memset((char*) *address + given, UNTOUCHED, MARGIN);
    allocations[(char*) *address] = size;
    used += size;
    return 0;
}
int cudaFree(void* address) {
    if (lost) return lost;
    if (!address) return 0;
    std::lock_guard<std::recursive_mutex> lock(device);
    auto at = allocations.find((char*) address);
    if (at == allocations.end()) fail("%s of memory that is none of the GPU's", "a release");
    requireMargins();
    used -= at->second;
    allocations.erase(at);
    free(address);
    return 0;
}
int cudaHostAlloc(void** address, size_t size, unsigned) { *address = malloc(size); return 0; }
int cudaFreeHost(void* address) { free(address); return 0; }
int cudaMemcpy(void* to, const void* from, size_t size, int kind) {
    checkCopy(to, from, size, kind);
    copy(to, from, size, kind);
    return 0;
}
int cudaMemcpyAsync(void* to, const void* from, size_t size, int kind, void* stream) {
    if (lost) return lost;
    checkCopy(to, from, size, kind);
    enqueue(stream, [=] { copy(to, from, size, kind); });
    return 0;
}
int cudaMemset(void* address, int value, size_t size) {
    requireOnDevice(address, size, "a fill");
    memset(address, value, size);
    return 0;
}
int cudaStreamCreateWithFlags(void** stream, unsigned) { *stream = new Stream(); return 0; }
int cudaStreamDestroy(void* stream) { delete (Stream*) stream; return 0; }
int cudaStreamSynchronize(void* stream) { return lost ? lost : stream && ((Stream*) stream)->capturing ? 900 : 0; }
int cudaStreamBeginCapture(void* stream, int) {
    ((Stream*) stream)->capturing = true;
    ((Stream*) stream)->calls.clear();
    return 0;
}
int cudaStreamEndCapture(void* stream, void** graph) {
    ((Stream*) stream)->capturing = false;
    *graph = new Graph{((Stream*) stream)->calls};
    return 0;
}
int cudaGraphInstantiate(void** executable, void* graph, unsigned long long) { *executable = new Graph(*(Graph*) graph); return 0; }
int cudaGraphDestroy(void* graph) { delete (Graph*) graph; return 0; }
int cudaGraphExecDestroy(void* graph) { delete (Graph*) graph; return lost; }
int cudaGraphLaunch(void* executable, void*) {
    std::lock_guard<std::recursive_mutex> lock(device);
    if (lost) return lost;
    if (int status = failure()) return status;
    for (auto& call : ((Graph*) executable)->calls) call();
    return 0;
}
typedef std::chrono::steady_clock Clock;
int cudaEventCreate(void** event) { *event = new Clock::time_point(); return 0; }
int cudaEventDestroy(void* event) { delete (Clock::time_point*) event; return 0; }
int cudaEventRecord(void* event, void*) { *(Clock::time_point*) event = Clock::now(); return 0; }
int cudaEventSynchronize(void*) { return 0; }
int cudaEventElapsedTime(float* ms, void* from, void* to) {
    *ms = std::chrono::duration<float, std::milli>(*(Clock::time_point*) to - *(Clock::time_point*) from).count();
    return 0;
}
int cudaEventElapsedTime_v2(float* ms, void* from, void* to) { return cudaEventElapsedTime(ms, from, to); }

// The code is text of NVRTC's stand-in, or a real file for GPUs, whose length is in its head.
int cuModuleLoadData(void** module, const void* image) {
    const char* text = (const char*) image;
    size_t size = strncmp(text, "\177ELF", 4) ? strlen(text)
            : *(unsigned long long*) (text + 40) + (size_t) *(unsigned short*) (text + 58) * *(unsigned short*) (text + 60);
    Type type = memmem(text, size, "storesHalf", 10) ? HALF : memmem(text, size, "storesBfloat16", 14) ? BFLOAT16 : FLOAT;
    *module = new Type(type);
    return 0;
}
int cuModuleUnload(void* module) { delete (Type*) module; return 0; }
int cuModuleGetFunction(void** function, void* module, const char* name) {
    auto& all = kernels(*(Type*) module);
    auto at = all.find(name);
    if (at == all.end()) fail("there is no kernel %s", name);
    *function = &at->second;
    return 0;
}
int cuLaunchKernel(void* function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
        unsigned blockZ, unsigned, void* stream, void** arguments, void**) {
    if (!gridX || !gridY || !gridZ || gridY > 65535 || gridZ > 65535 || blockX * blockY * blockZ > 1024) return 1;
    // As CUDA does: takes the arguments when the call is made.
    Kernel* kernel = (Kernel*) function;
    std::vector<long long> values(kernel->arguments);
    for (int i = 0; i < kernel->arguments; i++) memcpy(&values[i], arguments[i], 8);
    enqueue(stream, [=]() {
        std::vector<long long> copies = values;
        std::vector<void*> addresses;
        for (auto& value : copies) addresses.push_back(&value);
        launch(kernel, {(int) gridX, (int) gridY, (int) gridZ}, {(int) blockX, (int) blockY, 1}, addresses.data());
    });
    return 0;
}
}
