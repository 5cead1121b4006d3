package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;

import java.util.Optional;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.Shape;

/** Compiles elementwise operations on two values. */
final class ElementwiseCompiler {

    private final KernelList kernels;

    ElementwiseCompiler(KernelList kernels) {
        this.kernels = kernels;
    }

    Tensor combine(String name, Elementwise step, Tensor first, Tensor second, Shape shape, Shape secondShape)
            throws EngineUnavailableException {
        algorithm done =
                switch (step.kind()) {
                    case ADD -> algorithm.binary_add;
                    case SUBTRACT -> algorithm.binary_sub;
                    case MULTIPLY -> algorithm.binary_mul;
                    case MAXIMUM -> algorithm.binary_max;
                    case MINIMUM -> algorithm.binary_min;
                };
        post_ops operations = new post_ops();
        PostOperations.append(operations, step.activation());
        // A number of a cell is combined with the padding of its channels too.
        boolean isPerCell = secondShape.channels() != shape.channels();
        boolean keepsZeros =
                step.activation().atZero() == 0 && !(isPerCell && step.kind() != Elementwise.Kind.MULTIPLY);
        return combine(name, done, first, second, shape, secondShape, operations, keepsZeros)
                .orElseThrow(() -> Candidates.none(step.describe() + " of " + shape + " and " + secondShape, name));
    }

    /** Combines two values of the same size. */
    Tensor combine(String name, algorithm done, Tensor first, Tensor second, Shape shape)
            throws EngineUnavailableException {
        boolean keepsZeros = done != algorithm.binary_div;
        return combine(name, done, first, second, shape, shape, new post_ops(), keepsZeros)
                .orElseThrow(() -> Candidates.none("two of " + shape, name));
    }

    private Optional<Tensor> combine(
            String name,
            algorithm done,
            Tensor first,
            Tensor second,
            Shape shape,
            Shape secondShape,
            post_ops operations,
            boolean keepsZeros) {
        Layouts layouts = kernels.layouts();
        for (CellLayouts attempt : CellLayouts.toTry(layouts, first, shape, keepsZeros)) {
            memory.desc seen = attempt.second(layouts, shape, secondShape);
            Optional<binary.primitive_desc> found =
                    Candidates.firstFast(() -> kernels.binary(done, attempt.values(), seen, new post_ops()));
            if (found.isPresent()) {
                binary.primitive_desc described = kernels.binary(done, attempt.values(), seen, operations);
                memory.desc secondLayout =
                        attempt.isMatrix() ? layouts.plain(secondShape) : layouts.preferred(secondShape);
                Tensor left = kernels.in(attempt.layout(), name, first);
                Tensor right = kernels.in(secondLayout, name, second);
                Tensor result = kernels.tensor(attempt.layout());
                kernels.add(
                        name,
                        described,
                        new binary(described),
                        kernels.view(DNNL_ARG_SRC_0, left, attempt.values()),
                        kernels.view(DNNL_ARG_SRC_1, right, seen),
                        kernels.view(DNNL_ARG_DST, result, attempt.values()));
                return Optional.of(result);
            }
        }
        return Optional.empty();
    }
}
