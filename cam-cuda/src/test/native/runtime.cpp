// CUDA's runtime and driver.
#include <chrono>
#include "standin.h"

using namespace standin;

namespace {
struct Graph {
    std::vector<Work> calls;
};

typedef std::chrono::steady_clock Clock;
struct Event {
    Clock::time_point time;
    Stream* stream;
};

struct Module {
    Type type;
    int device;
};
struct Function {
    Kernel* kernel;
    int device;
};

// CAM4J_STANDIN_FAILURE=LAUNCHES:STATUS:STAYS lets a graph's launch fail after so many; if STAYS is 1, all calls fail from then on, as
// on a GPU that is lost.
int failure() {
    static int launches = 0;
    const char* text = getenv("CAM4J_STANDIN_FAILURE");
    int after, status, stays;
    if (!text || sscanf(text, "%d:%d:%d", &after, &status, &stays) != 3 || launches++ != after) return 0;
    if (stays) lost = status;
    return status;
}

int number(const char* variable, int otherwise) {
    const char* text = getenv(variable);
    return text ? atoi(text) : otherwise;
}

// CAM4J_STANDIN_COPIES: a file to which the bytes of each copy are written, after "up", "down" or "within".
void copy(void* to, const void* from, size_t size, int kind) {
    memcpy(to, from, size);
    static FILE* log = getenv("CAM4J_STANDIN_COPIES") ? fopen(getenv("CAM4J_STANDIN_COPIES"), "a") : nullptr;
    if (!log) return;
    fprintf(log, "%s %zu\n", kind == 1 ? "up" : kind == 2 ? "down" : "within", size);
    fflush(log);
}

// When it is enqueued, and again when it is done: memory may have been freed meanwhile.
void check(void* to, const void* from, size_t size, int kind, bool isLocked, bool isPlain) {
    if (kind < 1 || kind > 3) fail("%s of kind %zu", "a copy", kind);
    if (kind != 2) requireOnDevice(to, size, "a copy to the GPU");
    if (kind != 1) requireOnDevice(from, size, "a copy from the GPU");
    if (isLocked && !standin::isLocked(kind == 1 ? from : to, size)) fail("%s of memory of the host that was freed", "a copy");
    if (isPlain) fail("%s of memory that is not page-locked, in a graph", "a copy");
}

// From plain memory of the host CUDA copies to a buffer of its own before it returns; to plain memory it waits.
void enqueueCopy(void* stream, void* to, const void* from, size_t size, int kind) {
    const void* host = kind == 1 ? from : kind == 2 ? to : nullptr;
    bool isLocked = host && standin::isLocked(host, size), isPlain = host && !isLocked;
    check(to, from, size, kind, isLocked, isPlain && onStream(stream)->capturing);
    if (isPlain && kind == 1) {
        std::vector<char> own((const char*) from, (const char*) from + size);
        enqueue(stream, [=] { check(to, from, size, kind, false, false), copy(to, own.data(), size, kind); });
        return;
    }
    enqueue(stream, [=] { check(to, from, size, kind, isLocked, false), copy(to, from, size, kind); });
    if (isPlain) run(onStream(stream));
}
}

extern "C" {
const char* cudaGetErrorString(int status) { return status == 2 ? "out of memory" : status ? "an error" : "no error"; }
int cudaGetLastError() { return 0; }
int cuGetErrorName(int, const char** name) { *name = "CUDA_ERROR_OF_THE_STANDIN"; return 0; }
int cudaGetDeviceCount(int* count) {
    *count = 2;
    return number("CAM4J_STANDIN_STATUS", 0);
}
int cudaSetDevice(int number) {
    if (number < 0 || number > 1) return 101;
    choose(number);
    return lost;
}
int cudaDeviceSynchronize() {
    std::lock_guard<std::recursive_mutex> lock(device);
    if (lost) return lost;
    int status = 0;
    for (Stream* stream : allStreams()) {
        // Whoever captures has nothing to show for it then.
        if (stream->device == currentDevice() && stream->capturing) stream->isBroken = true, status = 900;
    }
    if (!status) runAll();
    return status;
}
int cudaDeviceGetAttribute(int* value, int attribute, int) {
    int capability = number("CAM4J_STANDIN_CAPABILITY", 90);
    *value = attribute == 75 ? capability / 10 : attribute == 76 ? capability % 10 : 1;
    return 0;
}
int cuDeviceGetName(char* name, int size, int) { snprintf(name, size, "CUDA stand-in"); return 0; }
int cudaRuntimeGetVersion(int* version) { *version = 13000; return 0; }
int cudaDriverGetVersion(int* version) { *version = number("CAM4J_STANDIN_DRIVER", 12040); return 0; }
int cudaMemGetInfo(size_t* free, size_t* total) {
    enter();
    *total = bytesOfDevice();
    *free = freeBytes();
    return 0;
}
int cudaMalloc(void** address, size_t size) {
    enter();
    if (lost) return lost;
    if (int status = unsafeCall()) return status;
    return allocate(address, size);
}
int cudaFree(void* address) {
    enter();
    if (lost) return lost;
    if (!address) return 0;
    if (int status = unsafeCall()) return status;
    return release(address);
}
int cudaHostAlloc(void** address, size_t size, unsigned) {
    enter();
    if (int status = unsafeCall()) return status;
    if (!(*address = malloc(size))) return 2;
    lock(*address, size);
    return 0;
}
int cudaFreeHost(void* address) {
    unlock(address);
    free(address);
    return lost;
}
int cudaMemcpy(void* to, const void* from, size_t size, int kind) {
    enter();
    if (lost) return lost;
    if (int status = unsafeCall()) return status;
    enqueueCopy(nullptr, to, from, size, kind);
    return 0;
}
int cudaMemcpyAsync(void* to, const void* from, size_t size, int kind, void* stream) {
    enter();
    if (lost) return lost;
    enqueueCopy(stream, to, from, size, kind);
    return 0;
}
int cudaMemset(void* address, int value, size_t size) {
    enter();
    if (lost) return lost;
    requireOn(nullptr, address, size, "a fill");
    enqueue(nullptr, [=] { requireOnDevice(address, size, "a fill"), memset(address, value, size); });
    return 0;
}
int cudaStreamCreateWithFlags(void** stream, unsigned flags) {
    enter();
    if (flags != 1) fail("%s waits for the default one", "a stream");
    *stream = made(currentDevice());
    return lost;
}
int cudaStreamDestroy(void* stream) { forget((Stream*) stream); return lost; }
int cudaStreamSynchronize(void* stream) {
    std::lock_guard<std::recursive_mutex> lock(device);
    enter();
    if (lost) return lost;
    if (onStream(stream)->capturing) {
        onStream(stream)->isBroken = true;
        return 900;
    }
    run(onStream(stream));
    return 0;
}
int cudaStreamBeginCapture(void* stream, int mode) {
    std::lock_guard<std::recursive_mutex> lock(device);
    Stream* on = (Stream*) stream;
    if (!on || on->capturing) return 1;
    on->capturing = true;
    on->isBroken = false;
    on->mode = mode;
    on->by = std::this_thread::get_id();
    on->captured.clear();
    return 0;
}
int cudaStreamEndCapture(void* stream, void** graph) {
    std::lock_guard<std::recursive_mutex> lock(device);
    Stream* on = (Stream*) stream;
    on->capturing = false;
    *graph = on->isBroken ? nullptr : new Graph{on->captured};
    return on->isBroken ? 901 : 0;
}
int cudaGraphGetNodes(void* graph, void** nodes, size_t* count) {
    if (nodes) fail("%s are not asked for by cam-cuda", "a graph's nodes");
    *count = ((Graph*) graph)->calls.size();
    return 0;
}
int cudaGraphInstantiate(void** executable, void* graph, unsigned long long) { *executable = new Graph(*(Graph*) graph); return 0; }
int cudaGraphDestroy(void* graph) { delete (Graph*) graph; return 0; }
int cudaGraphExecDestroy(void* graph) { delete (Graph*) graph; return lost; }
int cudaGraphLaunch(void* executable, void* stream) {
    std::lock_guard<std::recursive_mutex> lock(device);
    if (lost) return lost;
    if (int status = failure()) return status;
    for (auto& call : ((Graph*) executable)->calls) enqueue(stream, call);
    return 0;
}
int cudaEventCreate(void** event) { *event = new Event(); return 0; }
int cudaEventDestroy(void* event) { delete (Event*) event; return 0; }
int cudaEventRecord(void* event, void* stream) {
    Event* of = (Event*) event;
    of->stream = onStream(stream);
    enqueue(stream, [=] { of->time = Clock::now(); });
    return 0;
}
int cudaEventSynchronize(void* event) { run(((Event*) event)->stream); return 0; }
int cudaEventElapsedTime(float* ms, void* from, void* to) {
    *ms = std::chrono::duration<float, std::milli>(((Event*) to)->time - ((Event*) from)->time).count();
    return 0;
}
int cudaEventElapsedTime_v2(float* ms, void* from, void* to) { return cudaEventElapsedTime(ms, from, to); }

// The code is text of NVRTC's stand-in, or a real file for GPUs, whose length is in its head.
int cuModuleLoadData(void** module, const void* image) {
    if (!hasContext()) return 201;
    const char* text = (const char*) image;
    size_t size = strncmp(text, "\177ELF", 4) ? strlen(text)
            : *(unsigned long long*) (text + 40) + (size_t) *(unsigned short*) (text + 58) * *(unsigned short*) (text + 60);
    if (memmem(text, size, "of other GPUs", 13)) return 209;
    Type type = memmem(text, size, "storesHalf", 10) ? HALF : memmem(text, size, "storesBfloat16", 14) ? BFLOAT16 : FLOAT;
    *module = new Module{type, currentDevice()};
    return 0;
}
int cuModuleUnload(void* module) { delete (Module*) module; return 0; }
int cuModuleGetFunction(void** function, void* module, const char* name) {
    if (!hasContext()) return 201;
    auto& all = kernels(((Module*) module)->type);
    auto at = all.find(name);
    if (at == all.end()) fail("there is no kernel %s", name);
    *function = new Function{&at->second, ((Module*) module)->device};
    return 0;
}
int cuLaunchKernel(void* function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
        unsigned blockZ, unsigned, void* stream, void** arguments, void**) {
    if (!hasContext()) return 201;
    if (lost) return lost;
    if (!gridX || !gridY || !gridZ || gridY > 65535 || gridZ > 65535 || blockX * blockY * blockZ > 1024) return 1;
    Function* of = (Function*) function;
    if (of->device != currentDevice() || of->device != onStream(stream)->device) return 400;
    // As CUDA does: takes the arguments when the call is made.
    Kernel* kernel = of->kernel;
    std::vector<long long> values(kernel->arguments);
    for (int i = 0; i < kernel->arguments; i++) {
        memcpy(&values[i], arguments[i], 8);
        int owner = standin::owner((void*) values[i]);
        if (owner >= 0 && owner != of->device) fail("%s of another GPU", "a kernel's memory");
    }
    enqueue(stream, [=]() {
        std::vector<long long> copies = values;
        std::vector<void*> addresses;
        for (auto& value : copies) addresses.push_back(&value);
        launch(kernel, {(int) gridX, (int) gridY, (int) gridZ}, {(int) blockX, (int) blockY, 1}, addresses.data());
    });
    return 0;
}
}
