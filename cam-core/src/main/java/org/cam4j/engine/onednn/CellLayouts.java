package org.cam4j.engine.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.cam4j.plan.operation.Shape;

/**
 * A layout for elementwise kernels, with the shapes in which the kernels see it.
 *
 * <p>If all channels of a cell are contiguous, these kernels see a value as a matrix [cells, channels]: oneDNN has fast code to combine a
 * matrix with a row, but not an image with a vector.
 *
 * @param layout the memory layout
 * @param values the values as the kernels see them
 * @param perChannel one number per channel, the same for all images, as the kernels see it
 */
record CellLayouts(memory.desc layout, memory.desc values, memory.desc perChannel) {

    /**
     * Returns the layouts to try for a value, the best first.
     *
     * @param keepsZeros whether the function of zeros is zero: in blocks that are not full the padding stays zero, so that kernels may see
     *     them as full
     */
    static List<CellLayouts> toTry(Layouts layouts, Tensor input, Shape shape, boolean keepsZeros) {
        CellLayouts plain = new CellLayouts(
                layouts.plain(shape),
                layouts.numbers(format_tag.ab, cells(layouts, shape), shape.channels()),
                layouts.numbers(format_tag.ab, 1, shape.channels()));
        boolean isFull = shape.channels() % Layouts.BLOCK == 0;
        boolean blocks = layouts.areBlocked()
                && (isFull
                        ? !input.layout().equals(plain.layout)
                        : keepsZeros && input.layout().equals(layouts.preferred(shape)));
        if (!blocks) {
            return List.of(plain);
        }
        Shape full = full(shape);
        CellLayouts preferred = new CellLayouts(
                layouts.preferred(shape),
                layouts.preferred(full),
                layouts.ofOne().preferred(new Shape(1, 1, full.channels())));
        return List.of(preferred, plain);
    }

    /** Also tries channel after channel: few channels, as of an image, do not fill a vector register, but their cells do. */
    static List<CellLayouts> toTryPerChannel(Layouts layouts, Tensor input, Shape shape, boolean keepsZeros) {
        if (shape.channels() >= Layouts.BLOCK || shape.isVector()) {
            return toTry(layouts, input, shape, keepsZeros);
        }
        List<CellLayouts> all = new ArrayList<>();
        all.add(new CellLayouts(
                layouts.planar(shape),
                layouts.planar(shape),
                layouts.ofOne().planar(new Shape(1, 1, shape.channels()))));
        all.addAll(toTry(layouts, input, shape, keepsZeros));
        return all;
    }

    /** The same size with all channels of its blocks. */
    private static Shape full(Shape shape) {
        return new Shape(
                shape.height(), shape.width(), (shape.channels() + Layouts.BLOCK - 1) / Layouts.BLOCK * Layouts.BLOCK);
    }

    private static long cells(Layouts layouts, Shape shape) {
        return (long) layouts.images() * shape.height() * shape.width();
    }

    /** Whether the values are seen as a matrix [cells, channels]. */
    boolean isMatrix() {
        return values.data().ndims() == 2;
    }

    /** Returns how the kernels see a second value: of the same size, one number per channel, or one per cell. */
    memory.desc second(Layouts layouts, Shape shape, Shape second) {
        if (second.equals(shape)) {
            return values;
        }
        if (second.isVector() && second.channels() == shape.channels()) {
            return layouts.images() == 1 ? perChannel : layouts.preferred(full(second));
        }
        return isMatrix() ? layouts.numbers(format_tag.ab, cells(layouts, shape), 1) : layouts.preferred(second);
    }
}
