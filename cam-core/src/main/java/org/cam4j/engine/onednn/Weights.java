package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_blocked;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.dnnl.dnnl_blocking_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
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

    /** Weights that are reordered at a time, 16 MB: a plain copy of a large dense layer would need as much memory as the layer. */
    private static final int PIECE = 4 << 20;

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
                    .orElseGet(() -> pack(original, plain, needed, owner)));
            return kept(value, source, needed, place);
        });
    }

    /** Returns a small array in the needed layout; {@code plain} is the layout of the array. */
    synchronized memory packed(float[] source, memory.desc plain, memory.desc needed) {
        return known(source, needed)
                .orElseGet(() -> kept(SMALL, source, needed, pack(WeightArray.of(source), plain, needed, natives)));
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

    private BytePointer pack(WeightArray source, memory.desc plain, memory.desc needed, NativeObjects owner) {
        if (plain.get_size() != (long) source.length() * Float.BYTES) {
            throw new IllegalArgumentException(
                    source.length() + " weights for a layout of " + plain.get_size() + " bytes");
        }
        BytePointer place = owner.own(owner.allocate(needed.get_size()));
        if (plain.equals(needed)) {
            // Most biases: generating a kernel for each would take a quarter of the time of a start.
            fill(place, source.parts(), 0, source.length());
            return place;
        }
        try (stream queue = new stream(processor)) {
            if (source.length() > PIECE && hasWholeBlocks(needed)) {
                reorderInPieces(source, plain, needed, place, queue);
            } else {
                reorder(source.parts(), 0, plain, needed, place, queue);
            }
        }
        return place;
    }

    /** Reorders whole blocks of rows, where rows are those numbers of the plain layout that follow each other longest. */
    private void reorderInPieces(
            WeightArray source, memory.desc plain, memory.desc needed, BytePointer place, stream queue) {
        int axis = outermost(plain);
        long[] sizes = new long[plain.data().ndims()];
        plain.data().dims().get(sizes);
        long[] offsets = new long[sizes.length];
        long rows = sizes[axis];
        int row = (int) (source.length() / rows);
        int block = block(needed, axis);
        int most = Math.max(1, PIECE / row / block) * block;
        WeightArray.Parts parts = source.parts();
        for (int first = 0; first < rows; first += most) {
            sizes[axis] = Math.min(most, rows - first);
            memory.desc piece = plain.submemory_desc(sizes, offsets);
            offsets[axis] = first;
            reorder(parts, first * row, piece, needed.submemory_desc(sizes, offsets), place, queue);
            offsets[axis] = 0;
        }
    }

    /** Whether a layout is plain or in blocks without padding, which oneDNN 2.5 can divide. */
    private static boolean hasWholeBlocks(memory.desc layout) {
        dnnl_memory_desc_t data = layout.data();
        return data.format_kind() == dnnl_blocked
                && IntStream.range(0, data.ndims())
                        .allMatch(axis ->
                                data.dims().get(axis) == data.padded_dims().get(axis));
    }

    /** Returns the axis of a plain layout along which neighbours are farthest from each other. */
    private static int outermost(memory.desc plain) {
        LongPointer strides = plain.data().format_desc_blocking().strides();
        return IntStream.range(0, plain.data().ndims())
                .reduce((found, axis) -> strides.get(axis) > strides.get(found) ? axis : found)
                .orElseThrow();
    }

    /** Returns how many entries of an axis a block of a layout has: 1 if the layout divides other axes. */
    private static int block(memory.desc layout, int axis) {
        dnnl_blocking_desc_t blocking = layout.data().format_desc_blocking();
        int block = 1;
        for (int i = 0; i < blocking.inner_nblks(); i++) {
            if (blocking.inner_idxs().get(i) == axis) {
                block *= (int) blocking.inner_blks().get(i);
            }
        }
        return block;
    }

    private void reorder(
            WeightArray.Parts source,
            int first,
            memory.desc plain,
            memory.desc needed,
            BytePointer place,
            stream queue) {
        try (BytePointer copy = NativeObjects.block(plain.get_size());
                memory from = new memory(plain, processor, copy);
                memory target = new memory(needed, processor, place);
                reorder packing = new reorder(from, target)) {
            fill(copy, source, first, (int) (plain.get_size() / Float.BYTES));
            packing.execute(queue, from, target);
            queue._wait();
        }
    }

    private static void fill(BytePointer place, WeightArray.Parts source, int first, int count) {
        source.copy(
                first,
                place.asByteBuffer()
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer()
                        .limit(count));
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
