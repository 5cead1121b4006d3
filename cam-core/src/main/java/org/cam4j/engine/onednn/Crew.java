package org.cam4j.engine.onednn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.cam4j.engine.EngineUnavailableException;

/**
 * Threads of the engine's own that run one network, each image with the same number of OpenMP threads.
 *
 * <p>OpenMP keeps a number of threads, and threads, for every thread that calls it: with threads of our own those of the callers
 * are left as they are, however many call.
 */
final class Crew implements AutoCloseable {

    /** Compiles for the number of threads that the calling thread has. */
    @FunctionalInterface
    interface Compilation {
        CompiledNetwork compile() throws EngineUnavailableException;
    }

    /** Binds a network to memory. */
    @FunctionalInterface
    interface Binding {
        Execution bind(CompiledNetwork network);
    }

    /** Something to do with an execution. */
    @FunctionalInterface
    interface Work {
        void run(Execution execution);
    }

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final ExecutorService threads;
    private final Binding binding;
    private final CompiledNetwork network;
    private final Deque<Execution> idle = new ArrayDeque<>();
    private final List<Execution> all = new ArrayList<>();

    /**
     * Starts threads and compiles on one of them.
     *
     * @param size how many threads
     * @param cores OpenMP threads of each
     */
    Crew(int size, int cores, Compilation compilation, Binding binding) throws EngineUnavailableException {
        this.binding = binding;
        threads = Executors.newFixedThreadPool(size, task -> {
            Thread thread = new Thread(() -> {
                if (OpenMp.canSetThreads()) {
                    OpenMp.setThreads(cores);
                }
                task.run();
            });
            thread.setName("cam4j-onednn-" + NUMBER.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        try {
            network = compiled(compilation);
        } catch (EngineUnavailableException | RuntimeException | Error e) {
            threads.shutdown();
            throw e;
        }
    }

    private CompiledNetwork compiled(Compilation compilation) throws EngineUnavailableException {
        Future<CompiledNetwork> future = threads.submit(compilation::compile);
        try {
            return Uninterrupted.get(future);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EngineUnavailableException unavailable) {
                throw unavailable;
            }
            throw Uninterrupted.unchecked(e);
        }
    }

    CompiledNetwork network() {
        return network;
    }

    /** Does something with an execution that nobody else uses meanwhile, and something after that whatever happened. */
    Future<?> submit(Work work, Runnable afterwards) {
        return threads.submit(() -> {
            try {
                Execution execution = take();
                work.run(execution);
                giveBack(execution);
            } finally {
                afterwards.run();
            }
        });
    }

    private Execution take() {
        synchronized (idle) {
            if (!idle.isEmpty()) {
                return idle.pop();
            }
        }
        Execution made = binding.bind(network);
        synchronized (idle) {
            all.add(made);
        }
        return made;
    }

    private void giveBack(Execution execution) {
        synchronized (idle) {
            idle.push(execution);
        }
    }

    /** Frees the memory; to be called when nothing is under way. */
    @Override
    public void close() {
        threads.shutdown();
        synchronized (idle) {
            all.forEach(Execution::close);
            all.clear();
            idle.clear();
        }
    }
}
