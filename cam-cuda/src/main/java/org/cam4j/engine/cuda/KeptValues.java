package org.cam4j.engine.cuda;

import java.lang.ref.Reference;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.cam4j.engine.Batch;
import org.cam4j.engine.DeviceValues;
import org.cam4j.engine.FiniteNumbers;
import org.cam4j.engine.HostValues;
import org.cam4j.exception.BackendException;
import org.cam4j.plan.operation.Shape;

/** A run's outputs, some of which stay on the GPU until they are asked for. Thread-safe. */
final class KeptValues implements DeviceValues {

    private final HostValues others;
    private final Map<String, Place> kept;
    private final Map<String, boolean[]> finite;
    private final KeptOutputs outputs;
    private final KeptOutputs.Block block;
    private final ToLongFunction<float[]> weights;
    /** What came to the host. Guarded by {@link #outputs}, as all below. */
    private final Map<String, float[]> onHost = new HashMap<>();

    private boolean released;

    /**
     * An output on the GPU.
     *
     * @param shape of one image
     * @param offset where it begins, in bytes from the block's start
     */
    record Place(Shape shape, long offset) {}

    /**
     * Creates values that have a block.
     *
     * @param others outputs on the host
     * @param kept outputs in the block, by name
     * @param finite whether numbers are finite, by image, of outputs for which it is known
     * @param weights gives the address on the GPU of the columns of a matrix [channels][columns]
     */
    KeptValues(
            HostValues others,
            Map<String, Place> kept,
            Map<String, boolean[]> finite,
            KeptOutputs outputs,
            KeptOutputs.Block block,
            ToLongFunction<float[]> weights) {
        this.others = others;
        this.kept = Map.copyOf(kept);
        this.finite = Map.copyOf(finite);
        this.outputs = outputs;
        this.block = block;
        this.weights = weights;
    }

    @Override
    public int count() {
        return others.count();
    }

    @Override
    public Shape shape(String output) {
        return kept.containsKey(output) ? kept.get(output).shape : asked(output).shape(output);
    }

    @Override
    public float[] host(String output) {
        if (!kept.containsKey(output)) {
            return asked(output).host(output);
        }
        synchronized (outputs) {
            requireUnreleased(output);
            bringToHost(output);
            float[] numbers = onHost.get(output);
            if (numbers == null) {
                throw new BackendException("the output '" + output + "' was lost with the GPU: run the images again.");
            }
            return numbers;
        }
    }

    private void requireUnreleased(String output) {
        if (released) {
            throw new IllegalStateException("the output '" + output + "' was released");
        }
    }

    /** Copies all outputs to the host, unless they are there or the engine was closed. */
    void bringToHost() {
        synchronized (outputs) {
            kept.keySet().forEach(this::bringToHost);
        }
    }

    private void bringToHost(String output) {
        if (!onHost.containsKey(output)) {
            Place place = kept.get(output);
            try {
                outputs.numbers(block, place.offset, Math.multiplyExact(count(), place.shape.size()))
                        .ifPresent(numbers -> onHost.put(output, numbers));
            } catch (GpuFailure e) {
                // Of a GPU that is lost nothing can be copied; says so whoever asks for it.
                onHost.remove(output);
            }
        }
    }

    @Override
    public Batch batch(String output) {
        return kept.containsKey(output) ? new KeptBatch(this, output) : DeviceValues.super.batch(output);
    }

    /**
     * Does something with an output where it lies, which stays there until then.
     *
     * @param by the GPU that reads it
     * @param work takes the output's address; waits until the output has been read
     * @return empty if the output is not on this GPU
     */
    <T> Optional<T> onDevice(String output, Device by, LongFunction<T> work) {
        Place place = kept.get(output);
        synchronized (outputs) {
            requireUnreleased(output);
            if (place == null || !outputs.isHeld(by)) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(work.apply(block.address() + place.offset));
        } finally {
            outputs.letGo();
            // The block is used again once these values are collected.
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public void release() {
        synchronized (outputs) {
            if (!released) {
                released = true;
                onHost.clear();
                outputs.takeBack(this, block);
            }
        }
    }

    @Override
    public boolean isFinite(String output, int image) {
        Objects.checkIndex(image, count());
        if (finite.containsKey(output)) {
            return finite.get(output)[image];
        }
        int size = shape(output).size();
        return FiniteNumbers.areAll(host(output), image * size, (image + 1) * size);
    }

    /** The outputs on the host, which say that they do not have one that was not asked for. */
    private HostValues asked(String output) {
        if (others.arrays().containsKey(output)) {
            return others;
        }
        Set<String> names = new TreeSet<>(others.arrays().keySet());
        names.addAll(kept.keySet());
        throw new IllegalArgumentException("output '" + output + "' was not asked for, only " + names);
    }

    @Override
    public Optional<float[]> channelSums(String output, int firstImage, int images, float[] matrix, int... columns) {
        Shape of = shape(output);
        Objects.checkFromIndexSize(firstImage, images, count());
        if (images == 0 || columns.length == 0 || of.rank() != 3 || matrix.length % of.channels() != 0) {
            throw new IllegalArgumentException(
                    columns.length + " sums of " + images + " images of " + of + " by " + matrix.length + " weights");
        }
        for (int column : columns) {
            Objects.checkIndex(column, matrix.length / of.channels());
        }
        if (!kept.containsKey(output)) {
            return Optional.empty();
        }
        return computed(() -> {
            synchronized (outputs) {
                requireUnreleased(output);
                long start = block.address() + kept.get(output).offset + 4L * firstImage * of.size();
                return outputs.isClosed()
                        ? Optional.empty()
                        : outputs.channelSums(start, images, of, () -> weights.applyAsLong(matrix), columns);
            }
        });
    }

    @Override
    public Optional<float[]> sumsByMeans(String gradient, Batch activations) {
        Shape of = shape(gradient);
        if (of.rank() != 3 || !activations.shape().equals(of) || activations.count() != count()) {
            throw new IllegalArgumentException(activations.count() + " activations of " + activations.shape() + " for "
                    + count() + " gradients of " + of);
        }
        if (!kept.containsKey(gradient) || !(activations instanceof KeptBatch values)) {
            return Optional.empty();
        }
        return computed(() -> values.values()
                .onDevice(values.output(), outputs.device(), address -> {
                    synchronized (outputs) {
                        requireUnreleased(gradient);
                        long start = block.address() + kept.get(gradient).offset;
                        return outputs.sumsByMeans(start, address, count(), of);
                    }
                })
                .flatMap(found -> found));
    }

    private static Optional<float[]> computed(Supplier<Optional<float[]>> work) {
        try {
            return work.get();
        } catch (GpuFailure e) {
            if (e.isOutOfMemory()) {
                // The host has room for what is asked of it.
                return Optional.empty();
            }
            throw new BackendException(
                    "the GPU could not compute maps: " + e.getMessage() + ". Build a new mapper.", e);
        }
    }
}
