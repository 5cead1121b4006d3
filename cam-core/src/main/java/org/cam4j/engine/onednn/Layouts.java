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
 * How values lie in memory on this processor: channels in blocks of sixteen where it has AVX-512, otherwise all channels of a
 * cell together. Elsewhere oneDNN has only its reference kernels for blocks, a thousand times slower.
 */
final class Layouts {

    static final int BLOCK = 16;

    /** Of one image, or of what is the same for all. */
    static final Layouts ONE = new Layouts(1);

    private final int images;

    /** Layouts of so many images one after the other. */
    Layouts(int images) {
        this.images = images;
    }

    int images() {
        return images;
    }

    static boolean areBlocked() {
        return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core;
    }

    /** The layout that this processor's kernels like. */
    memory.desc preferred(Shape shape) {
        return of(shape, areBlocked() ? format_tag.nChw16c : format_tag.nhwc);
    }

    /** All channels of a cell together: how images come in and features go out. */
    memory.desc plain(Shape shape) {
        return of(shape, format_tag.nhwc);
    }

    /** Both, the one that this processor's kernels like first. */
    List<Function<Shape, memory.desc>> toTry() {
        return List.of(this::preferred, this::plain);
    }

    /** A layout out of which pieces can be cut, and into which they can be put: of blocks oneDNN takes whole ones only. */
    memory.desc cuttable(Shape shape) {
        return shape.channels() % BLOCK == 0 ? preferred(shape) : plain(shape);
    }

    /** Images, channels, rows and columns: the order in which oneDNN counts axes, however they lie. */
    long[] sizes(Shape shape) {
        return new long[] {images, shape.channels(), shape.height(), shape.width()};
    }

    /** Channel after channel. */
    memory.desc planar(Shape shape) {
        return of(shape, format_tag.nchw);
    }

    /** Whatever the kernel likes. */
    memory.desc any(Shape shape) {
        return of(shape, format_tag.any);
    }

    memory.desc of(Shape shape, format_tag tag) {
        return floats(tag, sizes(shape));
    }

    /** Numbers in a row. */
    static memory.desc vector(long length) {
        return floats(format_tag.x, length);
    }

    static memory.desc floats(format_tag tag, long... sizes) {
        return new memory.desc(sizes, data_type.f32, tag);
    }
}
