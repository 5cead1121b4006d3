package org.cam4j.engine.cuda;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.cam4j.exception.BackendException;

/** An engine's life as its runs see it: all of them end before the engine is closed, and what fails is said in words. Thread-safe. */
final class EngineLife {

    private final Device device;
    private final ReadWriteLock lock = new ReentrantReadWriteLock(true);
    private boolean closed;
    /** Set once the GPU no longer answers. */
    private volatile String lost = "";

    EngineLife(Device device) {
        this.device = device;
    }

    /**
     * Does some work of the running engine.
     *
     * @throws IllegalStateException if the engine is closed
     * @throws BackendException if the GPU fails, or failed earlier
     */
    <T> T during(Supplier<T> work) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the mapper is closed: build a new one");
            }
            if (!lost.isEmpty()) {
                throw new BackendException("the GPU no longer runs this network (" + lost + ").");
            }
            return guarded(work);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Says in words what failed, and whether the engine goes on. */
    <T> T guarded(Supplier<T> work) {
        try {
            // Any thread may call, and each has its own choice of a GPU.
            device.use();
            return work.get();
        } catch (GpuFailure e) {
            if (e.isOutOfMemory()) {
                throw new BackendException(
                        device.name() + " has too little free memory: " + e.getMessage()
                                + ". Close other mappers or programs on the GPU, or take a smaller image.",
                        e);
            }
            // Nothing more will run on this engine, and perhaps not on any other of this process.
            lost = e.getMessage()
                    + (device.answers(e.getMessage())
                            ? ": build a new mapper"
                            : "), and it is lost to this process (restart it to use the GPU again");
            throw new BackendException("the GPU could not run the network (" + lost + ").", e);
        }
    }

    /** Waits for all work, then frees what the engine has; only once. */
    void end(Runnable free) {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                free.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
