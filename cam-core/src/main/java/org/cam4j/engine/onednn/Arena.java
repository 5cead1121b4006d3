package org.cam4j.engine.onednn;

import java.util.ArrayList;
import java.util.List;

/**
 * Assigns offsets in one block of memory so that values that are kept at the same time do not overlap: the largest first, each
 * at the lowest gap that is free during all its life.
 */
final class Arena {

    private static final long ALIGNMENT = 64;

    private Arena() {}

    /**
     * Places all tensors that are used and are not part of another tensor.
     *
     * @return the bytes that the block needs
     */
    static long place(List<Tensor> tensors) {
        List<Tensor> open = new ArrayList<>(tensors.stream()
                .filter(tensor -> !tensor.isPart() && tensor.isUsed())
                .toList());
        open.sort((one, other) -> Long.compare(other.bytes(), one.bytes()));
        List<Tensor> placed = new ArrayList<>();
        long end = 0;
        for (Tensor tensor : open) {
            tensor.placeAt(lowestGap(tensor, placed));
            placed.add(tensor);
            end = Math.max(end, tensor.offset() + aligned(tensor.bytes()));
        }
        return end;
    }

    private static long lowestGap(Tensor tensor, List<Tensor> placed) {
        List<Tensor> meanwhile = placed.stream()
                .filter(other -> other.firstUse() <= tensor.lastUse() && tensor.firstUse() <= other.lastUse())
                .sorted((one, other) -> Long.compare(one.offset(), other.offset()))
                .toList();
        long start = 0;
        for (Tensor other : meanwhile) {
            if (start + aligned(tensor.bytes()) <= other.offset()) {
                break;
            }
            start = Math.max(start, other.offset() + aligned(other.bytes()));
        }
        return start;
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
