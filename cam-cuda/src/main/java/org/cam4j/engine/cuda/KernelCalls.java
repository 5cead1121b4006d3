package org.cam4j.engine.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;

/** Calls of the engine's own kernels on tensors that have their places; y is written, x read. */
final class KernelCalls {

    private static final int PACK = 4;

    /** Parts that {@link #join} takes. */
    static final int MOST_PARTS = 4;

    /** Cells that one block of {@code reduceCells} adds up, at least. */
    private static final int LEAST_CELLS = 256;

    /** Blocks of {@code reduceCells} for one image. */
    private static final int MOST_CHUNKS = 4096;

    private final Kernels kernels;
    private final Weights weights;
    private final int batch;
    private final int bytesEach;

    KernelCalls(Device device, Weights weights, int batch) {
        this.kernels = device.kernels();
        this.weights = weights;
        this.batch = batch;
        this.bytesEach = device.precision().bytes();
    }

    /** The kernels' number of a function. */
    private static int function(Activation activation) {
        return KernelNumbers.of(activation.function());
    }

    /** Neighbouring numbers that a thread handles if packs must not cross cells (rows) or channels (planes). */
    static int pack(Tensor tensor) {
        int neighbours = tensor.isPlanes() ? tensor.cells() : tensor.shape().channels();
        return (neighbours | tensor.pitch() | tensor.block().start()) % PACK == 0 ? PACK : 1;
    }

    /** Packs of a plane; 0 says that the tensor lies in rows. */
    private static int inner(Tensor tensor, int pack) {
        return tensor.isPlanes() ? tensor.cells() / pack : 0;
    }

    private int packs(Tensor tensor, int pack) {
        return Math.multiplyExact(batch, tensor.shape().size()) / pack;
    }

    /** activation(scale·x + shift + residual); 0 for a vector or a residual that is missing. The residual has no pitch. */
    Call affine(Tensor y, Tensor x, long scale, long shift, long residual, Activation activation) {
        int v = Math.min(pack(x), pack(y));
        int count = packs(y, v);
        return kernels.each(
                "affine" + v,
                count,
                y.address(),
                x.address(),
                scale,
                shift,
                residual,
                count,
                x.run() / v,
                x.pitch() / v,
                y.pitch() / v,
                inner(y, v),
                y.shape().channels(),
                function(activation),
                activation.alpha(),
                activation.beta());
    }

    /**
     * Numbers of each run of a tensor, perhaps of axes other than the channels.
     *
     * @param from the first number in a run
     * @param length how many numbers
     * @param pitch numbers from one run to the next
     */
    record Runs(Tensor tensor, int from, int length, int pitch) {

        /** Whether all of them can be read or written four at a time. */
        private boolean isInPacks() {
            return (from | length | pitch | tensor.block().start()) % PACK == 0;
        }
    }

    /**
     * Copies parts of runs to their places.
     *
     * @param y as many as x, all in one tensor, with the same lengths
     * @param x at most {@link #MOST_PARTS}
     * @param runs for each image
     */
    Call join(List<Runs> y, List<Runs> x, int runs) {
        int v = Stream.concat(y.stream(), x.stream()).allMatch(Runs::isInPacks) ? PACK : 1;
        Runs first = y.get(0);
        int length = y.stream().mapToInt(Runs::length).sum() / v;
        int count = Math.multiplyExact(batch * runs, length);
        List<Object> arguments = new ArrayList<>(List.of(first.tensor.address(), first.pitch / v, length, count));
        int end = 0;
        for (int i = 0; i < MOST_PARTS; i++) {
            // There are no numbers behind the last part's.
            Runs part = x.get(Math.min(i, x.size() - 1));
            end = Math.min(length, end + part.length / v);
            arguments.addAll(List.of(
                    part.tensor.address() + (long) bytesEach * part.from,
                    part.pitch / v,
                    end,
                    y.get(Math.min(i, y.size() - 1)).from / v));
        }
        return kernels.each("join" + v, count, arguments.toArray());
    }

    Call combine(Elementwise step, Tensor y, Tensor x, Tensor other) {
        int v = pack(y);
        int mode = other.shape().equals(x.shape())
                ? 0
                : other.shape().channels() == 1 && other.shape().sameCells(x.shape()) ? 2 : 1;
        return kernels.each(
                "combine" + v,
                packs(y, v),
                y.address(),
                x.address(),
                other.address(),
                packs(y, v),
                y.run() / v,
                y.pitch() / v,
                y.shape().size() / v,
                inner(y, v),
                y.shape().channels(),
                mode,
                KernelNumbers.of(step.kind()),
                function(step.activation()),
                step.activation().alpha(),
                step.activation().beta());
    }

    Call activationGradient(ActivationGradient step, Tensor y, Tensor gradient, Tensor z) {
        Activation activation = step.activation();
        return kernels.each(
                "activationGradient",
                packs(y, 1),
                y.address(),
                gradient.address(),
                z.address(),
                packs(y, 1),
                step.gates() == Gates.HELD && Double.isFinite(activation.atZero()) ? 1 : 0,
                function(activation),
                activation.alpha(),
                activation.beta());
    }

    Call prelu(ParametricRelu step, Tensor y, Tensor x) {
        int v = pack(y);
        return kernels.each(
                "prelu" + v,
                packs(y, v),
                y.address(),
                x.address(),
                weights.floats(step.slopes()),
                inner(y, v),
                step.slopes().length,
                packs(y, v));
    }

    // ---- sums over channels or cells, in rows ----

    Call dense(Dense step, Tensor y, Tensor x) {
        int cells = batch * x.cells();
        return kernels.warps(
                "dense",
                step.outputs(),
                (cells + 7) / 8,
                y.address(),
                x.address(),
                weights.stored(step.weights()),
                weights.floats(step.bias()),
                step.inputs(),
                step.outputs(),
                cells,
                function(step.activation()),
                step.activation().alpha(),
                step.activation().beta());
    }

    Call normalize(LayerNormalize step, Tensor y, Tensor x) {
        int cells = batch * x.cells();
        return kernels.warps(
                "normalize",
                cells,
                1,
                y.address(),
                x.address(),
                weights.floats(step.scale()),
                weights.floats(step.shift()),
                x.shape().channels(),
                cells,
                step.epsilon());
    }

    Call softmax(Tensor y, Tensor x) {
        int cells = batch * x.cells();
        return kernels.warps(
                "softmax", cells, 1, y.address(), x.address(), x.shape().channels(), cells);
    }

    /** Bytes that {@link #globalPool} needs between its two kernels. */
    static long reductionBytes(Tensor x, int batch) {
        int chunks = x.isPlanes() ? 1 : chunks(x);
        return chunks == 1 ? 0 : 4L * batch * chunks * x.shape().channels();
    }

    private static int cellsEach(Tensor x) {
        return Math.max(LEAST_CELLS, x.cells() / MOST_CHUNKS + 1);
    }

    private static int chunks(Tensor x) {
        return (x.cells() + cellsEach(x) - 1) / cellsEach(x);
    }

    Call globalPool(Pooling.Kind kind, Tensor y, Tensor x, Block scratch) {
        int cells = x.cells();
        int channels = x.shape().channels();
        float factor = kind == Pooling.Kind.AVERAGE ? 1f / cells : 1;
        if (x.isPlanes()) {
            int planes = batch * channels;
            return kernels.warps(
                    "reducePlanes", planes, 1, y.address(), x.address(), cells, planes, KernelNumbers.of(kind), factor);
        }
        int blocks = (channels + 31) / 32;
        int chunks = chunks(x);
        if (chunks == 1) {
            return kernels.blocks(
                    "reduceToT",
                    blocks,
                    1,
                    batch,
                    32,
                    8,
                    y.address(),
                    x.address(),
                    cells,
                    channels,
                    cells,
                    KernelNumbers.of(kind),
                    factor);
        }
        Call first = kernels.blocks(
                "reduceToFloat",
                blocks,
                chunks,
                batch,
                32,
                8,
                scratch.address(),
                x.address(),
                cells,
                channels,
                cellsEach(x),
                KernelNumbers.of(kind),
                1f);
        Call second = kernels.blocks(
                "reduceFloatToT",
                blocks,
                1,
                batch,
                32,
                8,
                y.address(),
                scratch.address(),
                chunks,
                channels,
                chunks,
                KernelNumbers.of(kind),
                factor);
        return stream -> {
            first.on(stream);
            second.on(stream);
        };
    }

    // ---- other orders ----

    /** The same numbers in the other layout. */
    Call turn(Tensor y, Tensor x) {
        int rows = x.isPlanes() ? x.shape().channels() : x.cells();
        int columns = x.isPlanes() ? x.cells() : x.shape().channels();
        int across = (columns + 31) / 32;
        int down = (rows + 31) / 32;
        return kernels.blocks("turn", across * down, batch, 1, 32, 8, y.address(), x.address(), rows, columns, across);
    }

    /** Reads x by four steps, one for each axis of the result; both arrays have four entries. */
    Call permute(Tensor y, Tensor x, int[] sizes, int[] steps) {
        return kernels.each(
                "permute",
                packs(y, 1),
                y.address(),
                x.address(),
                sizes[0],
                sizes[1],
                sizes[2],
                sizes[3],
                steps[0],
                steps[1],
                steps[2],
                steps[3],
                packs(y, 1));
    }

    /** Floats as the network stores its values. */
    Call narrow(long y, long x, int count) {
        return kernels.each("narrow", count, y, x, count);
    }

    /** Stored values as floats. */
    Call widen(long y, long x, int count) {
        return kernels.each("widen", count, y, x, count);
    }
}
