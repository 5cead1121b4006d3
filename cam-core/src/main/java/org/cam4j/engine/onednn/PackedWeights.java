package org.cam4j.engine.onednn;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cam4j.engine.Packing;

/**
 * Weights in oneDNN's layouts, with the step and layout of each block of a {@link Packing}. Layouts from a file are only compared byte by
 * byte with those that kernels ask for; they are never passed to oneDNN.
 *
 * @param winograd the numbers of the values that are computed by Winograd's algorithm
 * @param blocks one for each layout of each convolution or dense layer
 */
record PackedWeights(Set<Integer> winograd, List<Block> blocks) {

    /**
     * The weights of one step in one layout.
     *
     * @param value the number of the step's result
     * @param layout oneDNN's description of the layout
     * @param content as in {@link Packing#blocks()}
     */
    record Block(int value, byte[] layout, ByteBuffer content) {}

    /** Finds the block of a step, layout and size. */
    Optional<ByteBuffer> find(int value, byte[] layout, long bytes) {
        return blocks.stream()
                .filter(block -> block.value() == value
                        && Arrays.equals(block.layout(), layout)
                        && block.content().limit() == bytes)
                .map(Block::content)
                .findFirst();
    }

    /** As other rooms keep them: values of Winograd's algorithm, then each block's value and layout, counts before them. */
    Packing packing(String fits, long convolutions) {
        int bytes = (2 + winograd.size()) * Integer.BYTES
                + blocks.stream()
                        .mapToInt(block -> 2 * Integer.BYTES + block.layout().length)
                        .sum();
        ByteBuffer description = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        description.putInt(winograd.size());
        winograd.stream().sorted().forEach(description::putInt);
        description.putInt(blocks.size());
        for (Block block : blocks) {
            description.putInt(block.value()).putInt(block.layout().length).put(block.layout());
        }
        return new Packing(
                fits,
                winograd.size() + " of " + convolutions + " convolutions by Winograd's algorithm",
                description.array(),
                blocks.stream().map(Block::content).toList());
    }

    /**
     * Decodes a packing's description.
     *
     * @throws IllegalArgumentException if the description does not fit the blocks
     */
    static PackedWeights of(Packing packing) {
        ByteBuffer description = ByteBuffer.wrap(packing.description()).order(ByteOrder.LITTLE_ENDIAN);
        try {
            Set<Integer> winograd = new HashSet<>();
            int transformed = description.getInt();
            for (int i = 0; i < transformed; i++) {
                winograd.add(description.getInt());
            }
            if (transformed >= 0 && description.getInt() == packing.blocks().size()) {
                List<Block> blocks = new ArrayList<>();
                for (ByteBuffer content : packing.blocks()) {
                    int value = description.getInt();
                    blocks.add(new Block(value, layout(description), content));
                }
                if (!description.hasRemaining()) {
                    return new PackedWeights(winograd, blocks);
                }
            }
        } catch (BufferUnderflowException e) {
            throw damaged(packing, e);
        }
        throw damaged(packing, null);
    }

    private static byte[] layout(ByteBuffer description) {
        int length = description.getInt();
        if (length < 0 || length > description.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] layout = new byte[length];
        description.get(layout);
        return layout;
    }

    private static IllegalArgumentException damaged(Packing packing, BufferUnderflowException cause) {
        return new IllegalArgumentException(
                "the packed weights' description of " + packing.description().length + " bytes does not fit their "
                        + packing.blocks().size() + " blocks",
                cause);
    }
}
