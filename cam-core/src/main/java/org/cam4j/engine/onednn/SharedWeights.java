package org.cam4j.engine.onednn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.javacpp.BytePointer;
import org.cam4j.engine.EngineGroup;
import org.cam4j.plan.operation.WeightArray;

/**
 * The packed weights of a group of engines: a mapper's network, and the parts of it that methods run, hold the same arrays once.
 *
 * <p>Thread-safe.
 */
final class SharedWeights {

    /** Identifies the group's packed weights. */
    private enum Key {
        ONLY
    }

    /** An array in one layout. */
    private static final class Block {

        private final byte[] layout;
        private final BytePointer place;
        private final NativeObjects natives;
        private int users;

        Block(byte[] layout, BytePointer place, NativeObjects natives) {
            this.layout = layout;
            this.place = place;
            this.natives = natives;
        }
    }

    private final Map<WeightArray, List<Block>> blocks = new HashMap<>();

    static SharedWeights of(EngineGroup group) {
        return group.shared(Key.ONLY, SharedWeights::new);
    }

    /**
     * Returns an array in a layout, packed if no engine has it yet.
     *
     * @param layout oneDNN's description
     * @param user when it is closed, it uses the array no more; the memory is freed with the last user
     * @param pack packs the array into memory of what it is given
     */
    synchronized BytePointer place(
            WeightArray source, byte[] layout, NativeObjects user, Function<NativeObjects, BytePointer> pack) {
        Block block = blocks.getOrDefault(source, List.of()).stream()
                .filter(other -> Arrays.equals(other.layout, layout))
                .findFirst()
                .orElseGet(() -> {
                    Block made = packed(layout, pack);
                    blocks.computeIfAbsent(source, key -> new ArrayList<>(1)).add(made);
                    return made;
                });
        block.users++;
        user.atEnd(() -> release(source, block));
        return block.place;
    }

    private static Block packed(byte[] layout, Function<NativeObjects, BytePointer> pack) {
        NativeObjects natives = new NativeObjects();
        try {
            return new Block(layout, pack.apply(natives), natives);
        } catch (RuntimeException | Error e) {
            natives.close();
            throw e;
        }
    }

    private synchronized void release(WeightArray source, Block block) {
        block.users--;
        if (block.users == 0) {
            block.natives.close();
            List<Block> known = blocks.get(source);
            known.remove(block);
            if (known.isEmpty()) {
                blocks.remove(source);
            }
        }
    }
}
