package org.cam4j.engine.cuda;

import org.cam4j.plan.operation.Shape;

/**
 * A value of a batch in an execution's memory: runs of consecutive numbers, the channels of a cell (rows) or an image (planes).
 *
 * @param block where it lies, from the start
 * @param shape its size for one image
 * @param layout the order of its numbers
 * @param pitch numbers from one run to the next; more than a run has if the value is a part of a larger one
 */
record Tensor(Block block, Shape shape, Layout layout, int pitch) {

    /** A value whose runs follow one another. */
    static Tensor packed(Block block, Shape shape, Layout layout) {
        return new Tensor(block, shape, layout, run(shape, layout));
    }

    private static int run(Shape shape, Layout layout) {
        return layout == Layout.PLANES ? shape.size() : shape.channels();
    }

    /** Numbers of a run. */
    int run() {
        return run(shape, layout);
    }

    boolean isPacked() {
        return pitch == run();
    }

    /** The address on the GPU; known once blocks are placed. */
    long address() {
        return block.address();
    }

    int cells() {
        return shape.size() / shape.channels();
    }

    boolean isPlanes() {
        return layout == Layout.PLANES;
    }
}
