package org.cam4j.engine.onednn;

import java.util.List;
import org.bytedeco.dnnl.primitive;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;

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
     * Computes an operation by its definition in Java.
     *
     * @param operation what to compute
     * @param shapes the sizes of what is read, for one image
     * @param read the places of what is read, row-major
     * @param output the size of the result, for one image
     * @param written the place of the result, row-major
     */
    record Definition(Operation operation, List<Shape> shapes, List<Tensor> read, Shape output, Tensor written)
            implements Kernel {}

    /**
     * Sets a place to zeros.
     *
     * @param tensor the place
     */
    record Clear(Tensor tensor) implements Kernel {}
}
