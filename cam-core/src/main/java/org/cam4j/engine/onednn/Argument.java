package org.cam4j.engine.onednn;

import org.bytedeco.dnnl.memory;

/** An argument of a primitive: a place in the arena, fixed memory such as weights, or scratch memory. */
sealed interface Argument {

    /** oneDNN's number of the argument. */
    int index();

    /** A value's place, seen in a layout that may differ from its own. */
    record Place(int index, Tensor tensor, memory.desc layout) implements Argument {}

    /** Memory shared by all executions, such as weights. */
    record Fixed(int index, memory content) implements Argument {}

    /** Scratch memory, not read after the primitive has run. */
    record Scratch(int index, memory.desc layout) implements Argument {}
}
