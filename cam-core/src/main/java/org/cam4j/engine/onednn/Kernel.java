package org.cam4j.engine.onednn;

import java.util.List;
import org.bytedeco.dnnl.primitive;

/** One native call of a network's run. */
sealed interface Kernel {

    /**
     * A oneDNN primitive.
     *
     * @param name the step's
     * @param implementation oneDNN's name of the chosen code
     * @param code the primitive to run
     * @param arguments the primitive's arguments
     */
    record Primitive(String name, String implementation, primitive code, List<Argument> arguments) implements Kernel {}

    /**
     * Sets a place to zeros.
     *
     * @param tensor the place
     */
    record Clear(Tensor tensor) implements Kernel {}
}
