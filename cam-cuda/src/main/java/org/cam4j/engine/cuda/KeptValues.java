package org.cam4j.engine.cuda;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.cam4j.engine.DeviceValues;
import org.cam4j.engine.HostValues;
import org.cam4j.exception.BackendException;
import org.cam4j.plan.operation.Shape;

/** A run's outputs, one of which stays on the GPU until it is asked for. Thread-safe. */
final class KeptValues implements DeviceValues {

    private final HostValues others;
    private final String kept;
    private final Shape shape;
    private final boolean[] finite;
    private final KeptOutputs outputs;
    private final KeptOutputs.Block block;
    private final ToLongFunction<float[]> weights;
    /** Null until it is asked for, or if it was lost with the GPU. */
    private volatile float[] onHost;

    /**
     * Creates values that have a block.
     *
     * @param others outputs on the host
     * @param kept the name of the output on the GPU
     * @param shape of the output on the GPU
     * @param finite whether its numbers are finite, by image
     * @param weights gives the address on the GPU of the columns of a matrix [channels][columns]
     */
    KeptValues(
            HostValues others,
            String kept,
            Shape shape,
            boolean[] finite,
            KeptOutputs outputs,
            KeptOutputs.Block block,
            ToLongFunction<float[]> weights) {
        this.others = others;
        this.kept = kept;
        this.shape = shape;
        this.finite = finite;
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
        return output.equals(kept) ? shape : asked(output).shape(output);
    }

    @Override
    public float[] host(String output) {
        if (!output.equals(kept)) {
            return asked(output).host(output);
        }
        bringToHost();
        if (onHost == null) {
            throw new BackendException("the output '" + kept + "' was lost with the GPU: run the images again.");
        }
        return onHost;
    }

    /** Copies the output to the host, unless it is there or the engine was closed. */
    void bringToHost() {
        synchronized (outputs) {
            if (onHost == null) {
                try {
                    onHost = outputs.numbers(block, Math.multiplyExact(count(), shape.size()))
                            .orElse(null);
                } catch (GpuFailure e) {
                    // Of a GPU that is lost nothing can be copied; says so whoever asks for it.
                    onHost = null;
                }
            }
        }
    }

    @Override
    public boolean isFinite(String output, int image) {
        return output.equals(kept)
                ? finite[Objects.checkIndex(image, count())]
                : asked(output).isFinite(output, image);
    }

    /** The outputs on the host, which say that they do not have one that was not asked for. */
    private HostValues asked(String output) {
        if (others.arrays().containsKey(output)) {
            return others;
        }
        Map<String, float[]> names = new HashMap<>(others.arrays());
        names.put(kept, new float[0]);
        throw new IllegalArgumentException("output '" + output + "' was not asked for, only " + names.keySet());
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
        if (!output.equals(kept)) {
            return Optional.empty();
        }
        try {
            synchronized (outputs) {
                long start = block.address() + 4L * firstImage * shape.size();
                return outputs.isClosed()
                        ? Optional.empty()
                        : outputs.channelSums(start, images, shape, weights.applyAsLong(matrix), columns);
            }
        } catch (GpuFailure e) {
            throw new BackendException(
                    "the GPU could not compute maps: " + e.getMessage() + ". Build a new mapper.", e);
        }
    }
}
