package org.cam4j.engine.onednn;

import java.util.Set;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;

/**
 * Decides what oneDNN 2.5.2 must not be asked for, because it computes a wrong result or ends the process. Each rule names the plan that
 * failed.
 */
final class KernelLimits {

    private static final Set<Float> POWERS = Set.of(-1f, -0.5f, 0.5f, 2f);

    private KernelLimits() {}

    /**
     * Returns the same pooling without rows and columns that no position needs, so that no border is wider than the positions reach.
     *
     * <p>{@code maximum pooling 13x13 padding 6,6,6,6} of 4x4 cells writes beyond its buffers: its kernels count, from the border and the
     * stride, more positions on the left than there are. Here the window that ends where every window reaches the image's end, and begins
     * where all begin before the image, sees the same cells: 7x7 with a border of 3. What the border holds takes no part in a pooling,
     * so that averages are exact too.
     */
    static Pooling trimmed(Pooling pooling, Shape input, Shape output) {
        Window window = pooling.window();
        Padding border = window.padding();
        int top = before(border.top(), window.strideY(), output.height());
        int left = before(border.left(), window.strideX(), output.width());
        int height = Math.min(window.height() - border.top(), input.height()) + top;
        int width = Math.min(window.width() - border.left(), input.width()) + left;
        Padding rest = new Padding(
                top,
                after(input.height(), top, height, window.strideY(), output.height()),
                left,
                after(input.width(), left, width, window.strideX(), output.width()));
        return new Pooling(pooling.kind(), new Window(height, width, window.strideY(), window.strideX(), 1, 1, rest));
    }

    /** Returns the border before the image that some windows, but not all, reach into. */
    private static int before(int border, int stride, int positions) {
        return (int) Math.min(border, (positions - 1L) * stride);
    }

    /** Returns the border after the image that the last window reaches into. */
    private static int after(int size, int before, int extent, int stride, int positions) {
        return (int) Math.max(0, (positions - 1L) * stride + extent - size - before);
    }

    /**
     * Whether a trimmed pooling's side borders are within reach of oneDNN's code, which computes as many neighbouring positions together as
     * it has registers for, and knows a border in the first and the last of these groups alone.
     *
     * <p>{@code maximum pooling 1x9/3x1 padding 0,0,2,4} of 12x8x17 is wrong with AVX2, and wider borders end the process.
     */
    static boolean sidesAreInReach(Pooling pooling, Shape input, Shape output, boolean areBlocked) {
        Window window = pooling.window();
        int left = window.padding().left();
        int right = after(input.width(), left, window.width(), window.strideX(), output.width());
        return Math.max(left, right) <= (long) window.strideX() * positionsTogether(pooling.kind(), areBlocked);
    }

    private static int positionsTogether(Pooling.Kind kind, boolean areBlocked) {
        if (areBlocked) {
            return kind == Pooling.Kind.MAXIMUM ? 16 : 24;
        }
        // With AVX2 one fewer than registers: channels that do not fill the last vector take one.
        return kind == Pooling.Kind.MAXIMUM ? 3 : 12;
    }

    /**
     * Whether a kernel must not be used at all.
     *
     * <p>In bfloat16 {@code convolution 1x1 40->48} of 6x6 cells is wrong, and that of 32 to 80 channels ends the process: the kernel of
     * pointwise convolutions for AMX reads and writes beyond its tiles for 17 to 48 cells. oneDNN's next one is as fast.
     */
    static boolean isBroken(String implementation) {
        return implementation.startsWith("jit_1x1:avx512_core_amx");
    }

    /**
     * Whether a kernel must not compute a convolution.
     *
     * <p>The brgconv kernels divide rows into halves or more parts, and in the part before the last read beyond the image if its windows reach
     * over the right side too: {@code convolution 1x10 padding 0,1,0,8} of 1x16x3 is wrong in column 7 of 15, {@code convolution 1x11/2,1
     * dilated by 2 padding 0,0,6,9} of 3x22x19, in bfloat16, in column 8 of 17.
     *
     * <p>The older kernels for bfloat16, which processors without AMX use for groups, lose sums that are in registers when an activation
     * needs registers of its own, if their vectors are of four channels: {@code convolution 3x3 padding 1,1,1,1 12->24 groups 3 swish} of
     * 3x29x12 is wrong.
     */
    static boolean isBroken(String implementation, Convolution convolution, Shape input, Shape output) {
        Window window = convolution.window();
        int right = after(input.width(), window.padding().left(), window.spanX(), window.strideX(), output.width());
        return isBroken(implementation)
                || (implementation.startsWith("brgconv") && right > window.strideX() * (output.width() / 2L))
                || (implementation.startsWith("jit_bf16")
                        && computesFourChannels(convolution)
                        && !keepsRegisters(convolution.activation()));
    }

    /** Whether oneDNN's kernels for AVX-512 and cells use vectors of four channels: those of each group, if not whole eights. */
    private static boolean computesFourChannels(Convolution convolution) {
        int groups = convolution.groups();
        return groups > 1 && (convolution.inputs() / groups % 8 != 0 || convolution.outputs() / groups % 8 != 0);
    }

    private static boolean keepsRegisters(Activation activation) {
        return switch (activation.function()) {
            case IDENTITY, RELU, CLIP -> true;
            default -> false;
        };
    }

    /**
     * Whether a convolution may add its second input itself; otherwise the sum is a step of its own.
     *
     * <p>A {@code convolution 1x1/2 padding 3,3,3,3 + sum} of 8x8 cells has positions that see the border alone. For those oneDNN's
     * AVX-512 kernels jump to code that was not generated, and end the process, or leave out sum and activation.
     *
     * <p>On processors without AVX2, depthwise kernels read what they add as if it were aligned: {@code depthwise convolution 1x1 + sum} of
     * 5 channels ends the process.
     */
    static boolean canAddInput(Convolution convolution, Shape input, Shape output) {
        Window window = convolution.window();
        Padding border = window.padding();
        return !(convolution.isDepthwise() && !Processor.hasAvx2())
                && seesCells(
                        input.height(),
                        border.top(),
                        window.height(),
                        window.dilationY(),
                        window.strideY(),
                        output.height())
                && seesCells(
                        input.width(),
                        border.left(),
                        window.width(),
                        window.dilationX(),
                        window.strideX(),
                        output.width());
    }

    /** Whether a weight meets a cell at every position along one axis. */
    private static boolean seesCells(int size, int before, int weights, int dilation, int stride, int positions) {
        for (int position = 0; position < positions; position++) {
            long start = (long) position * stride - before;
            long first = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
            if (first >= weights || start + first * dilation >= size) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a kernel may end with a power: those that square roots, squares and reciprocals make.
     *
     * <p>{@code power(3)} of 1x1 cells ends the process: for other exponents the kernels call {@code powf} in their middle.
     */
    static boolean hasPower(float exponent) {
        return POWERS.contains(exponent);
    }

    /**
     * Whether an elementwise function may follow the functions that a kernel already ends with.
     *
     * <p>No two of one algorithm: after {@code linear(2, 0)} and {@code linear(1, 3)} the kernels compute both with the parameters of
     * the first.
     */
    static boolean mayFollow(post_ops operations, algorithm function) {
        int[] other = new int[1];
        for (int i = 0; i < operations.len(); i++) {
            if (operations.kind(i).value == primitive.kind.eltwise.value) {
                operations.get_params_eltwise(i, new float[1], other, new float[1], new float[1]);
                if (other[0] == function.value) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Whether oneDNN's nearest cells are the plan's. oneDNN rounds differently if a centre lies between two cells: from 2 rows to 41,
     * {@code resize to 41x1 nearest} of 2x1, row 20 is the second of them to oneDNN and the first to TensorFlow.
     */
    static boolean takesNearestCells(Resize resize, Shape input) {
        return takesNearestCells(input.height(), resize.height()) && takesNearestCells(input.width(), resize.width());
    }

    private static boolean takesNearestCells(int cells, int results) {
        int[] wanted = Resize.nearest(cells, results);
        for (int i = 0; i < results; i++) {
            if (wanted[i] != (2L * i + 1) * cells / (2L * results)) {
                return false;
            }
        }
        return true;
    }
}
