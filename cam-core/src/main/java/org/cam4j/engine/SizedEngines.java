package org.cam4j.engine;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/**
 * Runs a network without a fixed image size: one engine for each size, started on first use. If there are too many engines, the least
 * recently used one is closed.
 */
public final class SizedEngines implements Engine {

    private static final int SIZES = 4;

    /** Starts an engine for one image size. */
    @FunctionalInterface
    public interface Maker {

        /**
         * Starts an engine.
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
    private final boolean takesPixels;
    private final Map<Size, Engine> engines = new LinkedHashMap<>(16, 0.75f, true);
    /** Held for reading during a run, so that no engine is closed meanwhile. */
    private final ReadWriteLock life = new ReentrantReadWriteLock(true);

    private boolean closed;

    /**
     * Starts the engine for the standard size.
     *
     * @param maker starts the engines
     * @param height rows of images of the standard size
     * @param width columns of images of the standard size
     */
    public SizedEngines(Maker maker, int height, int width) {
        this.maker = maker;
        this.usual = new Size(height, width);
        Engine first = maker.make(height, width);
        this.name = first.name();
        this.takesPixels = first.takesPixels();
        engines.put(usual, first);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean takesPixels() {
        return takesPixels;
    }

    @Override
    public Values run(Map<String, Batch> inputs, Set<String> wanted) {
        Shape shape = image(inputs).shape();
        Size size = new Size(shape.height(), shape.width());
        makeRoom(size);
        life.readLock().lock();
        try {
            return engine(size).run(inputs, wanted);
        } finally {
            life.readLock().unlock();
        }
    }

    private static Batch image(Map<String, Batch> inputs) {
        Batch image = inputs.get(InferencePlan.IMAGE);
        if (image == null) {
            throw new IllegalArgumentException(
                    "inputs " + inputs.keySet() + " for a network that takes '" + InferencePlan.IMAGE + "'");
        }
        return image;
    }

    private Engine engine(Size size) {
        synchronized (engines) {
            if (closed) {
                throw new IllegalStateException("the mapper is closed: build a new one");
            }
            return engines.computeIfAbsent(size, wanted -> maker.make(wanted.height(), wanted.width()));
        }
    }

    /** Closes the least recently used engine if a new one would exceed the limit. */
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

    /** Returns the name of the standard size's engine. */
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
    public Optional<float[]> enlarged(Supplier<float[]> maps, int rows, int columns, int height, int width) {
        makeRoom(usual);
        life.readLock().lock();
        try {
            return engine(usual).enlarged(maps, rows, columns, height, width);
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
