package org.cam4j.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/** Threads that do the same at the same time. */
final class Callers {

    private Callers() {}

    static void run(int count, Runnable work) {
        List<Thread> threads =
                Stream.generate(() -> new Thread(work)).limit(count).toList();
        threads.forEach(Thread::start);
        threads.forEach(Callers::join);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
