package org.cam4j.engine.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;

/** The weights in the layouts that kernels want them in, each packed once and shared by all executions. */
final class Weights {

    private record Packed(float[] source, memory content) {}

    private final engine processor;
    private final NativeObjects natives;
    private final List<Packed> packed = new ArrayList<>();

    Weights(engine processor, NativeObjects natives) {
        this.processor = processor;
        this.natives = natives;
    }

    /** Weights in the layout in which they are needed; {@code plain} says how the array lies. */
    synchronized memory packed(float[] source, memory.desc plain, memory.desc needed) {
        for (Packed known : packed) {
            if (known.source == source && known.content.get_desc().equals(needed)) {
                return known.content;
            }
        }
        if (plain.get_size() != (long) source.length * Float.BYTES) {
            throw new IllegalArgumentException(
                    source.length + " weights for a layout of " + plain.get_size() + " bytes");
        }
        memory target = natives.own(new memory(needed, processor, natives.allocate(needed.get_size())));
        try (FloatPointer copy = new FloatPointer(source);
                memory from = new memory(plain, processor, copy);
                stream queue = new stream(processor);
                reorder packing = new reorder(from, target)) {
            packing.execute(queue, from, target);
            queue._wait();
        }
        packed.add(new Packed(source, target));
        return target;
    }

    /** Weights that are needed as they are. */
    memory vector(float[] source) {
        memory.desc layout = Layouts.vector(source.length);
        return packed(source, layout, layout);
    }
}
