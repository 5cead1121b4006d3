// Runs kernels: one thread after the other; where threads wait for each other, each has a stack of its own.
#include <ucontext.h>
#include "standin.h"

namespace standin {

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

static void begin() {
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
        makecontext(&thread->context, begin, 0);
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

void launch(Kernel* kernel, Dim grid, Dim block, void** arguments) {
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
}
