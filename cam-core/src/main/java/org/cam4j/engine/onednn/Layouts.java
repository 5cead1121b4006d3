package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;

import java.util.List;
import java.util.function.Function;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.format_tag;
import org.cam4j.engine.Precision;
import org.cam4j.plan.operation.Shape;

/**
 * The memory layouts of a network's values: the order of the numbers and their type.
 *
 * <p>Without AVX-512 oneDNN has only reference kernels for blocks, a thousand times slower.
 */
final class Layouts {

    /**
     * What is contiguous.
     *
     * <p>Measured on a Xeon with AVX-512 and AMX: floats in cells take 0.97 to 1.1 of the time of floats in blocks for networks without
     * Winograd's algorithm, 1.8 for VGG19; bfloat16 in blocks runs on older kernels, at a thirtieth of the speed of those for cells.
     */
    enum Order {
        /** Blocks of 16 channels, which Winograd's algorithm needs. */
        BLOCKS,
        /** All channels of a cell. */
        CELLS;

        /** Returns the order in which this processor computes fastest. */
        static Order of(Precision precision) {
            return hasBlocks() && precision == Precision.FLOAT32 ? BLOCKS : CELLS;
        }
    }

    static final int BLOCK = 16;

    /** The layouts in which weights come. */
    static final Layouts FLOATS = of(1, Order.CELLS);

    private final int images;
    private final Order order;
    private final data_type type;

    private Layouts(int images, Order order, data_type type) {
        this.images = images;
        this.order = order;
        this.type = type;
    }

    /** Creates the layouts of a number of images, one after the other, of floats in an order. */
    static Layouts of(int images, Order order) {
        return new Layouts(images, order, data_type.f32);
    }

    /** Returns the same layouts with bfloat16, the upper half of a float, for each number. */
    Layouts ofHalves() {
        return new Layouts(images, order, data_type.bf16);
    }

    /** Returns the layouts of one image, or of values that are the same for all images. */
    Layouts ofOne() {
        return new Layouts(1, order, type);
    }

    int images() {
        return images;
    }

    /** Whether this processor has kernels for blocks. */
    static boolean hasBlocks() {
        return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core;
    }

    boolean areBlocked() {
        return order == Order.BLOCKS;
    }

    /** Whether a layout is of numbers of the network's type. */
    boolean haveTypeOf(memory.desc other) {
        return other.data().data_type() == type.value;
    }

    /** Returns the layout in the network's order. */
    memory.desc preferred(Shape shape) {
        return of(shape, areBlocked() ? format_tag.nChw16c : format_tag.nhwc);
    }

    /** Returns the layout [n, h, w, c], in which images come in and outputs are returned. */
    memory.desc plain(Shape shape) {
        return of(shape, format_tag.nhwc);
    }

    /** Returns both layouts, the preferred one first. */
    List<Function<Shape, memory.desc>> toTry() {
        return List.of(this::preferred, this::plain);
    }

    /** Returns a layout for slices and concatenations: oneDNN slices blocked layouts at whole blocks only. */
    memory.desc cuttable(Shape shape) {
        return shape.channels() % BLOCK == 0 ? preferred(shape) : plain(shape);
    }

    /** Returns the sizes in oneDNN's axis order for any layout: images, channels, rows, columns. */
    long[] sizes(Shape shape) {
        return new long[] {images, shape.channels(), shape.height(), shape.width()};
    }

    /** Returns the layout [n, c, h, w]. */
    memory.desc planar(Shape shape) {
        return of(shape, format_tag.nchw);
    }

    /** Leaves the layout to the kernel. */
    memory.desc any(Shape shape) {
        return of(shape, format_tag.any);
    }

    memory.desc of(Shape shape, format_tag tag) {
        return numbers(tag, sizes(shape));
    }

    /** Returns a layout of numbers of the network's type. */
    memory.desc numbers(format_tag tag, long... sizes) {
        return new memory.desc(sizes, type, tag);
    }

    /** Returns a layout of numbers of the network's type with the given distances between them. */
    memory.desc spread(long[] sizes, long[] distances) {
        return new memory.desc(sizes, type, distances, false);
    }

    /** Returns the layout of a vector of floats. */
    static memory.desc vector(long length) {
        return floats(format_tag.x, length);
    }

    static memory.desc floats(format_tag tag, long... sizes) {
        return new memory.desc(sizes, data_type.f32, tag);
    }
}
