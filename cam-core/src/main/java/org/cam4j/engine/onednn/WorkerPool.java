package org.cam4j.engine.onednn;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Uninterrupted;

/** One network on a team's threads, each of which runs it in memory of its own. */
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

    private final Team.Workers workers;
    private final CompiledNetwork network;
    private final Binding binding;

    @SuppressWarnings("ThreadLocalUsage") // One per pool; what is closed is small.
    private final ThreadLocal<Execution> own = new ThreadLocal<>();

    /** Bound when the network was compiled, for the thread that runs first. */
    private final Queue<Execution> unused = new ConcurrentLinkedQueue<>();

    private final Queue<Execution> all = new ConcurrentLinkedQueue<>();

    /**
     * Compiles, and binds memory for the first thread; others bind theirs on demand.
     *
     * @param workers the threads
     */
    WorkerPool(Team.Workers workers, Compilation compilation, Binding binding) throws EngineUnavailableException {
        this.workers = workers;
        this.binding = binding;
        try {
            network = workers.aside(() -> {
                CompiledNetwork made = compilation.compile();
                unused.add(bound(made));
                return made;
            });
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
        workers.requirePrepared();
        Execution execution = own.get();
        if (execution == null) {
            execution = unused.poll();
            if (execution == null) {
                execution = bound(network);
            }
            own.set(execution);
        }
        return execution;
    }

    CompiledNetwork network() {
        return network;
    }

    /** Runs a task with one thread's execution; then runs {@code afterwards}, also if the task failed. */
    Future<?> submit(Work work, Runnable afterwards) {
        return workers.threads().submit(() -> {
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
        all.forEach(Execution::close);
        all.clear();
    }
}
