package org.cam4j.engine.cuda;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.cam4j.plan.operation.Shape;

/** What a batch does, one task after the other, and the memory that each task uses. Calls are made once the memory has its place. */
final class TaskList {

    /** The task after all others. */
    private static final int END = Integer.MAX_VALUE - 1;

    private final int batch;
    private final int bytesEach;
    private final List<Supplier<Call>> tasks = new ArrayList<>();
    private final Set<Block> blocks = new LinkedHashSet<>();

    /**
     * Starts an empty list.
     *
     * @param batch number of images
     * @param bytesEach bytes of a stored number
     */
    TaskList(int batch, int bytesEach) {
        this.batch = batch;
        this.bytesEach = bytesEach;
    }

    int batch() {
        return batch;
    }

    int bytesEach() {
        return bytesEach;
    }

    /** Memory for one value of every image. */
    Tensor tensor(Shape shape, Layout layout) {
        return Tensor.packed(block((long) batch * shape.size() * bytesEach), shape, layout);
    }

    Block block(long bytes) {
        Block block = new Block(bytes);
        blocks.add(block);
        return block;
    }

    /** Appends a task that reads and writes blocks. */
    void add(Supplier<Call> task, Block... used) {
        for (Block block : used) {
            block.use(tasks.size());
        }
        tasks.add(task);
    }

    /** Fills a block before the first task. */
    static void fillAtStart(Block block) {
        block.use(-1);
    }

    /** Keeps a block until all tasks have run. */
    static void keepToEnd(Block block) {
        block.use(END);
    }

    int size() {
        return tasks.size();
    }

    Arena arena() {
        return new Arena(List.copyOf(blocks));
    }

    /** Makes the calls of all tasks, in order. */
    List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        tasks.forEach(task -> calls.add(task.get()));
        return calls;
    }
}
