package org.cam4j.engine.cuda;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/** Places blocks in one piece of memory: blocks that are needed at the same time lie apart. */
final class Arena {

    private final Map<Block, Long> offsets = new HashMap<>();
    private long bytes;

    /** Places blocks, the largest first. */
    Arena(List<Block> blocks) {
        List<Block> placed = new ArrayList<>();
        blocks.stream()
                .sorted(Comparator.comparingLong(Block::bytes).reversed().thenComparingInt(Block::first))
                .forEach(block -> place(block, placed));
    }

    /** Places a block at the lowest place that is free while it is needed. */
    private void place(Block block, List<Block> placed) {
        List<Block> inTheWay = placed.stream()
                .filter(block::meets)
                .sorted(Comparator.comparingLong(offsets::get))
                .toList();
        long size = DeviceMemory.aligned(block.bytes());
        long offset = 0;
        for (Block other : inTheWay) {
            long start = offsets.get(other);
            if (offset + size <= start) {
                break;
            }
            offset = Math.max(offset, start + DeviceMemory.aligned(other.bytes()));
        }
        offsets.put(block, offset);
        placed.add(block);
        bytes = Math.max(bytes, offset + size);
    }

    /** The bytes of all. */
    long bytes() {
        return bytes;
    }

    /**
     * Gives every block memory of its own.
     *
     * @param allocate returns the address of so many bytes
     */
    void lieApart(LongUnaryOperator allocate) {
        offsets.keySet().forEach(block -> block.lieAt(allocate.applyAsLong(block.bytes())));
    }

    /** Tells every block its address. */
    void lieAt(long address) {
        offsets.forEach((block, offset) -> block.lieAt(address + offset));
    }
}
