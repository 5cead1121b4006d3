// GPUs, their memory and their streams.
#include "standin.h"

namespace standin {

std::recursive_mutex device;
int lost = 0;

void fail(const char* format, const char* what, size_t number) {
    fprintf(stderr, "CUDA stand-in: ");
    fprintf(stderr, format, what, number);
    fprintf(stderr, "\n");
    fflush(stderr);
    abort();
}

// ---- threads

static thread_local int chosen = 0;
static thread_local bool entered = false;

int currentDevice() { return chosen; }
bool hasContext() { return entered; }
void enter() { entered = true; }
void choose(int number) {
    chosen = number;
    entered = true;
}

// ---- streams

static std::vector<Stream*> streams;
static int numbers = 0;
static std::map<int, Stream*> defaults;

Stream* made(int device) {
    std::lock_guard<std::recursive_mutex> lock(standin::device);
    streams.push_back(new Stream{device, numbers++});
    return streams.back();
}

Stream* onStream(void* stream) {
    if (stream) return (Stream*) stream;
    std::lock_guard<std::recursive_mutex> lock(device);
    Stream*& own = defaults[chosen];
    if (!own) own = made(chosen);
    return own;
}

void forget(Stream* stream) {
    std::lock_guard<std::recursive_mutex> lock(device);
    if (!stream->waiting.empty() && !lost) fail("%s that has work", "the end of a stream");
    std::erase(streams, stream);
    delete stream;
}

std::vector<Stream*> allStreams() { return streams; }

// CAM4J_STANDIN_ORDER=mixed: every second stream does its work at once, so that streams that rely on others show.
static bool isAtOnce(Stream* stream) {
    static const char* order = getenv("CAM4J_STANDIN_ORDER");
    return order && !strcmp(order, "mixed") && stream->number % 2;
}

void enqueue(void* stream, Work work) {
    std::lock_guard<std::recursive_mutex> lock(device);
    Stream* on = onStream(stream);
    if (on->capturing) {
        on->captured.push_back(work);
        return;
    }
    on->waiting.push_back(work);
    if (isAtOnce(on)) run(on);
}

void run(Stream* stream) {
    std::lock_guard<std::recursive_mutex> lock(device);
    while (!stream->waiting.empty()) {
        Work work = stream->waiting.front();
        stream->waiting.pop_front();
        work();
    }
}

void runAll() {
    std::lock_guard<std::recursive_mutex> lock(device);
    for (Stream* stream : allStreams()) run(stream);
}

int unsafeCall() {
    std::lock_guard<std::recursive_mutex> lock(device);
    int status = 0;
    for (Stream* stream : streams) {
        // Modes: global, this thread's, relaxed.
        bool forbids = stream->mode == 0 || (stream->mode == 1 && stream->by == std::this_thread::get_id());
        if (stream->capturing && forbids) {
            stream->isBroken = true;
            status = 900;
        }
    }
    return status;
}

// ---- memory

// Behind each allocation lies a margin whose bytes must not change, or AddressSanitizer's.
#ifdef __SANITIZE_ADDRESS__
static const size_t MARGIN = 0;
#else
static const size_t MARGIN = 256;
#endif
static const unsigned char UNTOUCHED = 0xA5;
struct Allocation {
    size_t size;
    int device;
};
static std::map<char*, Allocation> allocations;
static std::map<char*, size_t> locked;
static std::map<int, size_t> used;

// NaN. Not all of the workspaces that are allocated for trials: no test computes with so much.
static const size_t FILLED = 1 << 20;
static void poison(void* address, size_t size) { memset(address, 0xff, size < FILLED ? size : FILLED); }

// CAM4J_STANDIN_SHORT: bytes by which small allocations are too short, so that kernels read and write beyond them.
static size_t missing(size_t size) {
    const char* text = getenv("CAM4J_STANDIN_SHORT");
    size_t bytes = text ? strtoull(text, nullptr, 10) : 0;
    return size < FILLED && size > bytes ? bytes : 0;
}

size_t bytesOfDevice() {
    const char* text = getenv("CAM4J_STANDIN_BYTES");
    return text ? strtoull(text, nullptr, 10) : 8ull << 30;
}

size_t freeBytes() {
    std::lock_guard<std::recursive_mutex> lock(device);
    return bytesOfDevice() - used[chosen];
}

int allocate(void** address, size_t size) {
    std::lock_guard<std::recursive_mutex> lock(device);
    if (used[chosen] + size > bytesOfDevice()) return 2;
    size_t given = size - missing(size);
    if (posix_memalign(address, 256, given + MARGIN)) return 2;
    poison(*address, given);
    memset((char*) *address + given, UNTOUCHED, MARGIN);
    allocations[(char*) *address] = {size, chosen};
    used[chosen] += size;
    return 0;
}

int release(void* address) {
    std::lock_guard<std::recursive_mutex> lock(device);
    // Waits for the GPU, as CUDA does.
    runAll();
    auto at = allocations.find((char*) address);
    if (at == allocations.end()) fail("%s of memory that is none of the GPU's", "a release");
    requireMargins();
    used[at->second.device] -= at->second.size;
    poison(address, at->second.size - missing(at->second.size));
    allocations.erase(at);
    free(address);
    return 0;
}

void lock(void* address, size_t size) {
    std::lock_guard<std::recursive_mutex> lock(device);
    poison(address, size);
    locked[(char*) address] = size;
}

void unlock(void* address) {
    std::lock_guard<std::recursive_mutex> lock(device);
    auto at = locked.find((char*) address);
    if (at == locked.end()) fail("%s of memory that was not", "unlocking");
    poison(address, at->second);
    locked.erase(at);
}

// The block of a map that an address lies in or behind.
template <typename V> static auto before(std::map<char*, V>& blocks, const void* address) {
    auto next = blocks.upper_bound((char*) address);
    return next == blocks.begin() ? blocks.end() : std::prev(next);
}

bool isLocked(const void* address, size_t size) {
    std::lock_guard<std::recursive_mutex> lock(device);
    auto at = before(locked, address);
    return at != locked.end() && (char*) address + size <= at->first + at->second;
}

int owner(const void* address) {
    std::lock_guard<std::recursive_mutex> lock(device);
    auto at = before(allocations, address);
    return at != allocations.end() && (char*) address < at->first + at->second.size ? at->second.device : -1;
}

void requireOnDevice(const void* address, size_t size, const char* what) {
    if (size == 0) return;
    std::lock_guard<std::recursive_mutex> lock(device);
    auto at = before(allocations, address);
    if (at == allocations.end()) fail("%s: %zu bytes outside of the GPU's memory", what, size);
    if ((char*) address + size > at->first + at->second.size) fail("%s: %zu bytes beyond an allocation", what, size);
}

void requireOn(void* stream, const void* address, size_t size, const char* what, size_t alignment) {
    if (size == 0) return;
    requireOnDevice(address, size, what);
    if (owner(address) != onStream(stream)->device) fail("%s: %zu bytes of another GPU", what, size);
    if ((size_t) address % alignment) fail("%s is not aligned to %zu bytes", what, alignment);
}

void requireMargins() {
    for (auto& [start, block] : allocations)
        for (size_t i = 0; i < MARGIN; i++)
            if ((unsigned char) start[block.size + i] != UNTOUCHED)
                fail("%s wrote behind an allocation of %zu bytes", "a kernel", block.size);
}
}
