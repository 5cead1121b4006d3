package org.cam4j.engine.onednn;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Uninterrupted;
import org.cam4j.process.Affinity;
import org.cam4j.process.OpenMp;

/**
 * The engine's own threads that run one network, each image with the same number of OpenMP threads.
 *
 * <p>OpenMP keeps settings and helper threads for every thread that calls it. Only the engine's own threads call it, so any number of
 * callers changes nothing.
 */
final class WorkerPool implements AutoCloseable {

    /** Compiles for the calling thread's number of OpenMP threads. */
    @FunctionalInterface
    interface Compilation {
        CompiledNetwork compile() throws EngineUnavailableException;
    }

    /** Binds a network to memory. */
    @FunctionalInterface
    interface Binding {
        Execution bind(CompiledNetwork network);
    }

    /** A task with an execution. */
    @FunctionalInterface
    interface Work {
        void run(Execution execution);
    }

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final AtomicInteger started = new AtomicInteger();
    private final ExecutorService threads;
    private final CompiledNetwork network;
    private final Binding binding;

    @SuppressWarnings("ThreadLocalUsage") // One per pool; the pool's threads end with the pool.
    private final ThreadLocal<Execution> own = new ThreadLocal<>();

    /** The failure of a thread's start; null if none. */
    private volatile Throwable unprepared;

    private final Queue<Execution> all = new ConcurrentLinkedQueue<>();

    /**
     * Starts one thread and compiles on it; other threads start on demand.
     *
     * @param size number of threads
     * @param cores OpenMP threads of each thread
     */
    WorkerPool(int size, int cores, Compilation compilation, Binding binding) throws EngineUnavailableException {
        this.binding = binding;
        threads = Executors.newFixedThreadPool(size, task -> thread(task, size, cores));
        try {
            network = compiled(compilation);
        } catch (EngineUnavailableException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private Thread thread(Runnable task, int size, int cores) {
        int number = started.getAndIncrement();
        Thread thread = new Thread(() -> {
            try {
                prepare(number, size, cores);
            } catch (RuntimeException | Error e) {
                // If the thread ended here, its first task would wait for ever: the task throws the failure instead.
                unprepared = e;
            }
            task.run();
        });
        thread.setName("cam4j-onednn-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    private static void prepare(int number, int size, int cores) {
        if (OpenMp.canSetThreads()) {
            OpenMp.setThreads(cores);
            if (cores == 2) {
                Affinity.separatePair();
            } else if (size == 2) {
                Affinity.takeOneOfTwo(number % 2);
            }
        }
    }

    private void requirePrepared() {
        Throwable failure = unprepared;
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    private CompiledNetwork compiled(Compilation compilation) throws EngineUnavailableException {
        Future<CompiledNetwork> future = threads.submit(() -> {
            requirePrepared();
            CompiledNetwork made = compilation.compile();
            own.set(bound(made));
            return made;
        });
        try {
            return Uninterrupted.get(future);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EngineUnavailableException unavailable) {
                throw unavailable;
            }
            throw Uninterrupted.unchecked(e);
        }
    }

    private Execution bound(CompiledNetwork compiled) {
        Execution made = binding.bind(compiled);
        all.add(made);
        return made;
    }

    private Execution execution() {
        requirePrepared();
        Execution execution = own.get();
        if (execution == null) {
            execution = bound(network);
            own.set(execution);
        }
        return execution;
    }

    CompiledNetwork network() {
        return network;
    }

    /** Runs a task with one thread's execution; then runs {@code afterwards}, also if the task failed. */
    Future<?> submit(Work work, Runnable afterwards) {
        return threads.submit(() -> {
            try {
                work.run(execution());
            } finally {
                afterwards.run();
            }
        });
    }

    /** Frees the memory; call only if no task is running. */
    @Override
    public void close() {
        threads.shutdown();
        all.forEach(Execution::close);
        all.clear();
    }
}
