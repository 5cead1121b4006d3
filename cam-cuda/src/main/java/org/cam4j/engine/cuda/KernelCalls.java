package org.cam4j.engine.cuda;

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
        return (tensor.isPlanes() ? tensor.cells() : tensor.shape().channels()) % PACK == 0 ? PACK : 1;
    }

    /** Packs of a plane; 0 says that the tensor lies in rows. */
    private static int inner(Tensor tensor, int pack) {
        return tensor.isPlanes() ? tensor.cells() / pack : 0;
    }

    private int packs(Tensor tensor, int pack) {
        return Math.multiplyExact(batch, tensor.shape().size()) / pack;
    }

    /** activation(scale·x + shift + residual); 0 for a vector or a residual that is missing. Only x may have a pitch. */
    Call affine(Tensor y, Tensor x, long scale, long shift, long residual, Activation activation) {
        int v = x.isPacked() || x.pitch() % PACK == 0 ? pack(y) : 1;
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
                x.run() / v,
                inner(y, v),
                y.shape().channels(),
                function(activation),
                activation.alpha(),
                activation.beta());
    }

    /**
     * Runs of numbers to other places; all lengths in numbers.
     *
     * @param from where a run begins
     * @param pitch numbers from one run to the next
     */
    record Runs(Tensor tensor, int from, int pitch) {}

    /** Copies runs of {@code length} numbers, {@code runs} of them for each image. */
    Call copy(Runs y, Runs x, int length, int runs) {
        int v = (length | y.from | y.pitch | x.from | x.pitch) % PACK == 0 ? PACK : 1;
        int count = Math.multiplyExact(batch * runs, length / v);
        return kernels.each(
                "affine" + v,
                count,
                y.tensor.address() + (long) bytesEach * y.from,
                x.tensor.address() + (long) bytesEach * x.from,
                0L,
                0L,
                0L,
                count,
                length / v,
                x.pitch / v,
                y.pitch / v,
                0,
                v,
                function(Activation.IDENTITY),
                0f,
                0f);
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
