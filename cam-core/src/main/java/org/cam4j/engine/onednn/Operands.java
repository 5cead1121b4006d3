package org.cam4j.engine.onednn;

import java.util.List;
import org.cam4j.plan.operation.Shape;

/**
 * A step's inputs and the place of its result.
 *
 * @param value the number of the result
 * @param name the step's name
 * @param inputs the places of the inputs, in order
 * @param shapes the sizes of the inputs
 * @param output the size of the result
 * @param place the place for the result; null for any
 * @param mayOverwriteSecond whether no later step reads the second input, so that a sum may overwrite it
 */
record Operands(
        int value,
        String name,
        List<Tensor> inputs,
        List<Shape> shapes,
        Shape output,
        Tensor place,
        boolean mayOverwriteSecond) {

    Tensor input() {
        return inputs.get(0);
    }

    Shape shape() {
        return shapes.get(0);
    }

    /** Returns the same operands without a place for the result. */
    Operands anywhere() {
        return new Operands(value, name, inputs, shapes, output, null, mayOverwriteSecond);
    }
}
