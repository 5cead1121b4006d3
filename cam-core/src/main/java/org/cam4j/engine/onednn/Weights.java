package org.cam4j.engine.onednn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;
import org.cam4j.engine.Packing;
import org.cam4j.plan.operation.WeightArray;

/** A network's weights in the layouts that kernels need, each packed at most once and shared by all executions. Thread-safe. */
final class Weights {

    /**
     * One packed array.
     *
     * @param source the plan's array
     * @param value the convolution's value number; -1 for small arrays
     * @param content in the needed layout
     * @param memory the memory of the content
     */
    private record Packed(Object source, int value, memory content, BytePointer memory) {}

    private static final int SMALL = -1;

    private final engine processor;
    private final NativeObjects natives;
    private final Optional<PackedWeights> earlier;
    private final SharedWeights shared;
    /** Searched first. */
    private final Optional<Weights> others;

    private final List<Packed> packed = new ArrayList<>();
    /** The packed arrays by their source: a search through a list is slow in networks of thousands of layers. */
    private final Map<Object, List<Packed>> bySource = new HashMap<>();

    /**
     * Creates an empty collection.
     *
     * @param natives owns the layouts' objects and small arrays; when it is closed, these weights are used no more
     * @param earlier weights packed earlier for the same plan that fit this processor
     * @param shared with other networks
     */
    Weights(engine processor, NativeObjects natives, Optional<PackedWeights> earlier, SharedWeights shared) {
        this(processor, natives, earlier, shared, Optional.empty());
    }

    private Weights(
            engine processor,
            NativeObjects natives,
            Optional<PackedWeights> earlier,
            SharedWeights shared,
            Optional<Weights> others) {
        this.processor = processor;
        this.natives = natives;
        this.earlier = earlier;
        this.shared = shared;
        this.others = others;
    }

    /** Returns these weights plus those for groups of images, which are never stored in a file and are owned by {@code nativesOfGroups}. */
    Weights forGroups(NativeObjects nativesOfGroups) {
        return new Weights(processor, nativesOfGroups, earlier, shared, Optional.of(this));
    }

    /** Returns the transpose of a dense layer's weights in the needed layout; {@code plain} is the layout of the original. */
    synchronized memory packed(
            int value, WeightArray source, WeightArray original, memory.desc plain, memory.desc needed) {
        return known(source, needed).orElseGet(() -> {
            byte[] layout = bytes(needed);
            BytePointer place = shared.place(source, layout, natives, owner -> earlier(value, layout, needed.get_size())
                    .map(owner::own)
                    .orElseGet(() -> pack(original.values(), plain, needed, owner)));
            return kept(value, source, needed, place);
        });
    }

    /** Returns a small array in the needed layout; {@code plain} is the layout of the array. */
    synchronized memory packed(float[] source, memory.desc plain, memory.desc needed) {
        return known(source, needed).orElseGet(() -> kept(SMALL, source, needed, pack(source, plain, needed, natives)));
    }

    /** Returns weights as a vector, without another layout. */
    memory vector(float[] source) {
        memory.desc layout = Layouts.vector(source.length);
        return packed(source, layout, layout);
    }

    /** Whether a convolution must use Winograd's algorithm; empty without weights packed earlier. */
    Optional<Boolean> winograd(int value) {
        return earlier.map(packing -> packing.winograd().contains(value));
    }

    private Optional<memory> known(Object source, memory.desc needed) {
        return others.flatMap(weights -> weights.known(source, needed))
                .or(() -> bySource.getOrDefault(source, List.of()).stream()
                        .map(Packed::content)
                        .filter(known -> known.get_desc().equals(needed))
                        .findFirst());
    }

    /** Wraps a block packed earlier without copying. */
    private Optional<BytePointer> earlier(int value, byte[] layout, long bytes) {
        return earlier.flatMap(packing -> packing.find(value, layout, bytes)).map(content -> {
            BytePointer place = new BytePointer(content);
            if (place.address() % Packing.ALIGNMENT != 0) {
                throw new IllegalArgumentException(
                        "packed weights at " + place.address() + ": not on a multiple of " + Packing.ALIGNMENT);
            }
            return place;
        });
    }

    private BytePointer pack(float[] values, memory.desc plain, memory.desc needed, NativeObjects owner) {
        if (plain.get_size() != (long) values.length * Float.BYTES) {
            throw new IllegalArgumentException(
                    values.length + " weights for a layout of " + plain.get_size() + " bytes");
        }
        BytePointer place = owner.own(owner.allocate(needed.get_size()));
        if (plain.equals(needed)) {
            // Most biases: generating a kernel for each would take a quarter of the time of a start.
            fill(place, values);
            return place;
        }
        try (BytePointer copy = NativeObjects.block(plain.get_size());
                memory from = new memory(plain, processor, copy);
                memory target = new memory(needed, processor, place);
                stream queue = new stream(processor);
                reorder packing = new reorder(from, target)) {
            fill(copy, values);
            packing.execute(queue, from, target);
            queue._wait();
        }
        return place;
    }

    private static void fill(BytePointer place, float[] values) {
        place.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer().put(values);
    }

    private memory kept(int value, Object source, memory.desc layout, BytePointer place) {
        memory content = natives.own(new memory(layout, processor, place));
        Packed made = new Packed(source, value, content, place);
        packed.add(made);
        bySource.computeIfAbsent(source, key -> new ArrayList<>()).add(made);
        return content;
    }

    /** Returns the packed weights of convolutions and dense layers; {@code winograd} names the transformed ones. */
    synchronized PackedWeights packing(Set<Integer> winograd) {
        List<PackedWeights.Block> blocks = new ArrayList<>();
        for (Packed made : packed) {
            if (made.value != SMALL) {
                memory.desc layout = made.content.get_desc();
                ByteBuffer content = made.memory
                        .getPointer(BytePointer.class)
                        .capacity(layout.get_size())
                        .asByteBuffer();
                blocks.add(new PackedWeights.Block(made.value, bytes(layout), content));
            }
        }
        return new PackedWeights(winograd, blocks);
    }

    private static byte[] bytes(memory.desc layout) {
        dnnl_memory_desc_t description = layout.data();
        byte[] bytes = new byte[description.sizeof()];
        new BytePointer(description).capacity(bytes.length).get(bytes);
        return bytes;
    }
}
