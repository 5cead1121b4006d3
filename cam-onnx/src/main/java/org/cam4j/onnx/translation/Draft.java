package org.cam4j.onnx.translation;

import org.cam4j.plan.operation.Shape;

/**
 * A plan under construction, with what extends it.
 *
 * @param steps the steps so far
 * @param arrangement orders of axes
 * @param copies entries of one axis
 * @param scaling factors and summands
 * @param combination two tensors, number by number
 */
record Draft(Steps steps, Arrangement arrangement, Copies copies, Scaling scaling, Combination combination) {

    static Draft of(Shape image) {
        Steps steps = new Steps(image);
        Arrangement arrangement = new Arrangement(steps);
        Scaling scaling = new Scaling(steps, arrangement);
        return new Draft(
                steps,
                arrangement,
                new Copies(steps, arrangement),
                scaling,
                new Combination(steps, arrangement, scaling));
    }
}
