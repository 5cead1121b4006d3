package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDeviceToHost;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyHostToDevice;
import static org.bytedeco.cuda.global.cudart.cudaStreamCreateWithFlags;
import static org.bytedeco.cuda.global.cudart.cudaStreamDestroy;
import static org.bytedeco.cuda.global.cudart.cudaStreamNonBlocking;
import static org.bytedeco.cuda.global.cudart.cudaStreamSynchronize;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.cam4j.plan.operation.Shape;

/**
 * Outputs that stay on the GPU after their run, and what is computed of them there. Their blocks are used again once the outputs are
 * collected; if there are too many, a run's outputs go to the host as all others do. Thread-safe: one caller at a time.
 */
final class KeptOutputs implements AutoCloseable {

    /** Bytes of all blocks: the features of 640 images of ResNet50. */
    private static final long MOST_BYTES = 256L << 20;

    /** Bytes of the host that are page-locked for copies; longer ones are made in parts. */
    private static final int STAGED_BYTES = 4 << 20;

    /** A block, and the outputs that have it while they are reachable. */
    private static final class Lease extends WeakReference<KeptValues> {
        final Block block;

        Lease(KeptValues values, Block block, ReferenceQueue<KeptValues> dropped) {
            super(values, dropped);
            this.block = block;
        }
    }

    /** Memory on the GPU. */
    record Block(long address, long bytes) {}

    private final Device device;
    private final DeviceMemory memory;
    private final long most;
    /** Made when something is first computed or copied: engines for parts of networks seldom need it. */
    private CUstream_st stream;

    private final Map<Long, Deque<Block>> free = new HashMap<>();
    private final Set<Lease> leases = new HashSet<>();
    private final ReferenceQueue<KeptValues> dropped = new ReferenceQueue<>();
    private FloatPointer staged;
    private Block scratch;
    /** Other engines that read outputs at this moment. */
    private int readers;

    private boolean closed;

    KeptOutputs(Device device, MemoryLimit limit) {
        this.device = device;
        this.memory = new DeviceMemory(limit);
        // An eighth of what cam4j may take; the rest is for running networks.
        this.most = Math.min(MOST_BYTES, Math.min(Device.allBytes(), limit.most()) / 8);
    }

    private void prepare() {
        device.use();
        if (stream == null) {
            CUstream_st made = new CUstream_st();
            Status.cuda(cudaStreamCreateWithFlags(made, cudaStreamNonBlocking), "making a stream");
            stream = made;
        }
        if (staged == null) {
            staged = memory.lockedFloats(STAGED_BYTES / Float.BYTES);
        }
    }

    /** A block for an output, if there is room for one. */
    synchronized Optional<Block> take(long bytes) {
        recycle();
        long size = Math.max(DeviceMemory.ALIGNMENT, Long.highestOneBit(Math.max(1, bytes - 1)) << 1);
        Block known = free.computeIfAbsent(size, key -> new ArrayDeque<>()).poll();
        if (known != null) {
            return Optional.of(known);
        }
        if (memory.bytes() + size > most) {
            freeIdle();
        }
        if (memory.bytes() + size > most) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Block(memory.allocate(size), size));
        } catch (GpuFailure e) {
            if (!e.isOutOfMemory()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Frees the blocks that no outputs have: they are of other sizes than the one that is needed. */
    private void freeIdle() {
        free.values().forEach(blocks -> {
            blocks.forEach(block -> memory.free(block.address));
            blocks.clear();
        });
    }

    /** Gives a block to the outputs that lie in it, until they are collected. */
    synchronized void lend(KeptValues values, Block block) {
        leases.add(new Lease(values, block, dropped));
    }

    /** Takes a block back from outputs that are no longer needed. */
    synchronized void takeBack(KeptValues values, Block block) {
        awaitReaders();
        // Of the closed engine all is freed already.
        if (!closed) {
            leases.removeIf(lease -> {
                boolean isTheirs = lease.get() == values;
                if (isTheirs) {
                    lease.clear();
                }
                return isTheirs;
            });
            giveBack(block);
        }
    }

    Device device() {
        return device;
    }

    /** Keeps all outputs where they are until {@link #letGo}, so that a GPU can read them; false if they are not there. */
    synchronized boolean isHeld(Device by) {
        boolean isThere = !closed && device.ordinal() == by.ordinal();
        if (isThere) {
            readers++;
        }
        return isThere;
    }

    synchronized void letGo() {
        readers--;
        notifyAll();
    }

    synchronized void giveBack(Block block) {
        free.get(block.bytes).push(block);
    }

    private void recycle() {
        for (Object one = dropped.poll(); one != null; one = dropped.poll()) {
            Lease lease = (Lease) one;
            leases.remove(lease);
            giveBack(lease.block);
        }
    }

    /** Numbers of a block, from so many bytes on; empty after the engine was closed. */
    synchronized Optional<float[]> numbers(Block block, long offset, int count) {
        if (closed) {
            return Optional.empty();
        }
        prepare();
        return Optional.of(read(block.address + offset, count));
    }

    /**
     * Weighted sums of the channels of floats in rows, of the images from an address on.
     *
     * @param weights uploads [..][channels] in float
     * @return [images][rows.length][cells]; empty after the engine was closed, and of more sums than a kernel can count
     */
    synchronized Optional<float[]> channelSums(
            long address, int images, Shape shape, LongSupplier weights, int[] rows) {
        if (closed) {
            return Optional.empty();
        }
        int cells = shape.size() / shape.channels();
        int count = Math.multiplyExact(Math.multiplyExact(images, rows.length), cells);
        if (4L * count > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        long matrix = weights.getAsLong();
        prepare();
        long chosen = scratch(4L * rows.length + DeviceMemory.ALIGNMENT + 4L * count);
        long sums = chosen + DeviceMemory.aligned(4L * rows.length);
        try (IntPointer numbers = new IntPointer(rows)) {
            enqueueCopy(DeviceMemory.at(chosen), numbers, 4L * rows.length, cudaMemcpyHostToDevice);
            device.kernels()
                    .each(
                            "channelSums",
                            4L * count,
                            sums,
                            address,
                            matrix,
                            chosen,
                            cells,
                            shape.channels(),
                            rows.length,
                            count)
                    .on(stream);
            return Optional.of(read(sums, count));
        }
    }

    /**
     * Sums of the channels of activations, each weighted by the mean of its gradient, as {@link
     * org.cam4j.engine.DeviceValues#sumsByMeans} describes them.
     *
     * @param gradient floats in rows, on the GPU
     * @param activations the same
     * @return [images][cells]; empty after the engine was closed
     */
    synchronized Optional<float[]> sumsByMeans(long gradient, long activations, int images, Shape shape) {
        if (closed) {
            return Optional.empty();
        }
        prepare();
        int channels = shape.channels();
        int cells = shape.size() / channels;
        int allMeans = Math.multiplyExact(images, channels);
        int count = Math.multiplyExact(images, cells);
        long means = scratch(DeviceMemory.aligned(4L * allMeans) + 4L * count);
        long sums = means + DeviceMemory.aligned(4L * allMeans);
        Kernels kernels = device.kernels();
        kernels.each("channelMeans", allMeans, means, gradient, cells, channels, allMeans)
                .on(stream);
        kernels.each("sumsByMeans", count, sums, activations, means, cells, channels, count)
                .on(stream);
        return Optional.of(read(sums, count));
    }

    /** Maps enlarged to the size of images, both [n][rows][columns]. */
    synchronized float[] enlarged(float[] maps, int rows, int columns, int height, int width) {
        prepare();
        int each = rows * columns;
        int pixels = Math.multiplyExact(height, width);
        int count = maps.length / each;
        float[] results = new float[Math.multiplyExact(count, pixels)];
        // So many at a time that no more is allocated than for a batch of usual size, but at least one.
        int some = (int) Math.max(1, Math.min(count, (64L << 20) / (4L * (each + pixels))));
        for (int first = 0; first < count; first += some) {
            int now = Math.min(some, count - first);
            long from = scratch(DeviceMemory.aligned(4L * now * each) + 4L * now * pixels);
            long to = from + DeviceMemory.aligned(4L * now * each);
            write(from, maps, first * each, now * each);
            device.kernels()
                    .each(
                            "upsample",
                            (long) now * pixels,
                            to,
                            from,
                            rows,
                            columns,
                            height,
                            width,
                            Math.multiplyExact(now, pixels))
                    .on(stream);
            read(to, results, first * pixels, now * pixels);
        }
        return results;
    }

    private long scratch(long bytes) {
        if (scratch == null || scratch.bytes < bytes) {
            if (scratch != null) {
                memory.free(scratch.address);
                scratch = null;
            }
            scratch = new Block(memory.allocate(bytes), bytes);
        }
        return scratch.address;
    }

    private float[] read(long address, int count) {
        float[] result = new float[count];
        read(address, result, 0, count);
        return result;
    }

    private void read(long address, float[] result, int first, int count) {
        int most = STAGED_BYTES / Float.BYTES;
        for (int done = 0; done < count; done += most) {
            int part = Math.min(most, count - done);
            copy(staged, DeviceMemory.at(address + 4L * done), 4L * part, cudaMemcpyDeviceToHost);
            staged.asBuffer().get(result, first + done, part);
        }
    }

    private void write(long address, float[] numbers, int first, int count) {
        int most = STAGED_BYTES / Float.BYTES;
        for (int done = 0; done < count; done += most) {
            int part = Math.min(most, count - done);
            staged.asBuffer().put(numbers, first + done, part);
            copy(DeviceMemory.at(address + 4L * done), staged, 4L * part, cudaMemcpyHostToDevice);
        }
    }

    private void enqueueCopy(Pointer to, Pointer from, long bytes, int direction) {
        Status.cuda(cudaMemcpyAsync(to, from, bytes, direction, stream), "copying results");
    }

    private void copy(Pointer to, Pointer from, long bytes, int direction) {
        enqueueCopy(to, from, bytes, direction);
        Status.cuda(cudaStreamSynchronize(stream), "copying results");
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Bytes held on the GPU. */
    long bytes() {
        return memory.bytes();
    }

    /** Brings outputs that are still reachable to the host, then frees all. */
    @Override
    public synchronized void close() {
        List<KeptValues> reachable = new ArrayList<>();
        leases.forEach(lease -> {
            KeptValues values = lease.get();
            if (values != null) {
                reachable.add(values);
            }
        });
        reachable.forEach(KeptValues::bringToHost);
        closed = true;
        awaitReaders();
        memory.close();
        if (stream != null) {
            cudaStreamDestroy(stream);
        }
    }

    private void awaitReaders() {
        boolean interrupted = false;
        while (readers > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
