package org.cam4j.engine;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/**
 * Runs a network that leaves the size of its images open: an engine for each size, made when it first comes. The sizes used
 * longest ago are let go of beyond a bound.
 */
public final class SizedEngines implements Engine {

    private static final int SIZES = 4;

    /** Makes an engine for one size. */
    @FunctionalInterface
    public interface Maker {

        /**
         * Makes an engine.
         *
         * @param height rows of the images
         * @param width columns of the images
         * @return a running engine
         */
        Engine make(int height, int width);
    }

    private record Size(int height, int width) {}

    private final Maker maker;
    private final Size usual;
    private final String name;
    private final Map<Size, Engine> engines = new LinkedHashMap<>(16, 0.75f, true);
    /** Held for reading during a run, so that no engine is closed under it. */
    private final ReadWriteLock life = new ReentrantReadWriteLock(true);

    private boolean closed;

    /**
     * Starts with the usual size.
     *
     * @param maker makes the engines
     * @param height rows of the usual images
     * @param width columns of the usual images
     */
    public SizedEngines(Maker maker, int height, int width) {
        this.maker = maker;
        this.usual = new Size(height, width);
        Engine first = maker.make(height, width);
        this.name = first.name();
        engines.put(usual, first);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Values run(Batch images, Set<String> wanted) {
        Size size = new Size(images.shape().height(), images.shape().width());
        makeRoom(size);
        life.readLock().lock();
        try {
            return engine(size).run(images, wanted);
        } finally {
            life.readLock().unlock();
        }
    }

    private Engine engine(Size size) {
        synchronized (engines) {
            if (closed) {
                throw new IllegalStateException("the mapper is closed: build a new one");
            }
            return engines.computeIfAbsent(size, wanted -> maker.make(wanted.height(), wanted.width()));
        }
    }

    /** Lets go of the size used longest ago where a new one would be one too many. */
    private void makeRoom(Size size) {
        synchronized (engines) {
            if (engines.size() < SIZES || engines.containsKey(size)) {
                return;
            }
        }
        life.writeLock().lock();
        try {
            synchronized (engines) {
                Iterator<Engine> oldest = engines.values().iterator();
                while (engines.size() >= SIZES) {
                    oldest.next().close();
                    oldest.remove();
                }
            }
        } finally {
            life.writeLock().unlock();
        }
    }

    /** The usual size's. */
    @Override
    public void showPacking(Consumer<Optional<Packing>> reader) {
        makeRoom(usual);
        life.readLock().lock();
        try {
            engine(usual).showPacking(reader);
        } finally {
            life.readLock().unlock();
        }
    }

    @Override
    public void close() {
        life.writeLock().lock();
        try {
            synchronized (engines) {
                closed = true;
                engines.values().forEach(Engine::close);
                engines.clear();
            }
        } finally {
            life.writeLock().unlock();
        }
    }
}
