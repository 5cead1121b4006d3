package org.cam4j.engine.cuda;

import org.cam4j.plan.operation.Shape;

/**
 * A value of a batch in an execution's memory.
 *
 * @param block where it lies
 * @param shape its size for one image
 * @param layout the order of its numbers
 */
record Tensor(Block block, Shape shape, Layout layout) {

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

    /** The same numbers as a value of another size. */
    Tensor as(Shape other) {
        return new Tensor(block, other, layout);
    }
}
