package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;

import java.util.List;
import java.util.function.Function;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.format_tag;
import org.cam4j.plan.operation.Shape;

/**
 * The memory layouts of values on this processor: blocks of 16 channels with AVX-512, otherwise all channels of a cell together.
 * Without AVX-512 oneDNN has only reference kernels for blocks, a thousand times slower.
 */
final class Layouts {

    static final int BLOCK = 16;

    /** Layouts of one image, or of values that are the same for all images. */
    static final Layouts ONE = new Layouts(1);

    private final int images;

    /** Creates the layouts of a number of images, one after the other. */
    Layouts(int images) {
        this.images = images;
    }

    int images() {
        return images;
    }

    static boolean areBlocked() {
        return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core;
    }

    /** Returns the layout that this processor's kernels prefer. */
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
        return floats(tag, sizes(shape));
    }

    /** Returns the layout of a vector. */
    static memory.desc vector(long length) {
        return floats(format_tag.x, length);
    }

    static memory.desc floats(format_tag tag, long... sizes) {
        return new memory.desc(sizes, data_type.f32, tag);
    }
}
