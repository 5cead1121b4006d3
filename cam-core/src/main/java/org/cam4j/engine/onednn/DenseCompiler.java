package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.post_ops;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Window;

/**
 * Compiles dense layers: as inner products of vectors where these are faster, otherwise as pointwise convolutions.
 *
 * <p>Measured on a Xeon, vectors of one image on two cores, the inner product's time in the convolution's. With AVX-512 0.25 to 0.6 below
 * 8192 weights, which one core reads faster than two synchronise; 1.2 to 2.5 for 480 to 120 and 1152 to 48 channels, whose sums oneDNN
 * divides among the cores; 0.8 to 1.3 from a million weights on, and 0.73 for several images, which share one reading of the weights.
 * With AVX2 0.5 to 0.9 for squeeze-and-excitation's middle sizes, otherwise about the same.
 */
final class DenseCompiler {

    private static final long FEW_WEIGHTS = 8192;
    private static final long MANY_WEIGHTS = 500_000;

    private final KernelList kernels;
    private final KernelList made;
    private final Layouts layouts;
    private final Weights weights;
    private final ConvolutionCompiler convolutions;

    /**
     * Creates a compiler.
     *
     * @param kernels with the layouts of inputs and weights
     * @param made the same list with the layouts of results
     */
    DenseCompiler(KernelList kernels, KernelList made, Weights weights, ConvolutionCompiler convolutions) {
        this.kernels = kernels;
        this.made = made;
        this.layouts = kernels.layouts();
        this.weights = weights;
        this.convolutions = convolutions;
    }

    Tensor compile(Dense dense, Operands step) throws EngineUnavailableException {
        return step.shape().isVector() && isProduct(dense) ? product(dense, step) : pointwise(dense, step);
    }

    private static boolean isProduct(Dense dense) {
        long weights = dense.weights().length();
        return !Layouts.hasBlocks() || weights < FEW_WEIGHTS || weights >= MANY_WEIGHTS;
    }

    private Tensor pointwise(Dense dense, Operands step) throws EngineUnavailableException {
        Convolution pointwise = new Convolution(
                Window.of(1, 1),
                dense.inputs(),
                dense.outputs(),
                1,
                dense.weights(),
                dense.bias(),
                false,
                dense.activation());
        return convolutions.compile(
                step.value(), step.name(), pointwise, step.input(), step.shape(), step.output(), step.place());
    }

    private Tensor product(Dense dense, Operands step) throws EngineUnavailableException {
        String name = step.name();
        int images = layouts.images();
        memory.desc row = layouts.numbers(format_tag.nc, images, dense.inputs());
        memory.desc result = made.layouts().numbers(format_tag.nc, images, dense.outputs());
        // In a single cell, whole blocks have the same order as plain channels.
        Tensor source = dense.inputs() % Layouts.BLOCK == 0
                        && layouts.haveTypeOf(step.input().layout())
                ? step.input()
                : kernels.in(layouts.plain(step.shape()), name, step.input());
        post_ops operations = new post_ops();
        PostOperations.append(operations, dense.activation());
        inner_product_forward.primitive_desc described = Candidates.firstFast(
                        () -> described(row, format_tag.any, dense, result, operations),
                        () -> described(row, format_tag.oi, dense, result, operations))
                .orElseThrow(() -> Candidates.none(dense.describe(), name));
        // oneDNN transposes many times as fast as a loop in Java.
        boolean isTransposed = dense.weights().original().isPresent();
        memory packed = weights.packed(
                step.value(),
                dense.weights(),
                dense.weights().original().orElse(dense.weights()),
                Layouts.floats(isTransposed ? format_tag.io : format_tag.oi, dense.outputs(), dense.inputs()),
                described.weights_desc());
        Tensor vector = made.placeFor(made.layouts().cuttable(step.output()), step.place());
        kernels.add(
                name,
                described,
                new inner_product_forward(described),
                kernels.view(DNNL_ARG_SRC, source, row),
                new Argument.Fixed(DNNL_ARG_WEIGHTS, packed),
                new Argument.Fixed(DNNL_ARG_BIAS, weights.vector(dense.bias())),
                kernels.view(DNNL_ARG_DST, vector, result));
        return vector;
    }

    private inner_product_forward.primitive_desc described(
            memory.desc row, format_tag weightLayout, Dense dense, memory.desc result, post_ops operations) {
        return new inner_product_forward.primitive_desc(
                new inner_product_forward.desc(
                        prop_kind.forward_inference,
                        row,
                        layouts.numbers(weightLayout, dense.outputs(), dense.inputs()),
                        Layouts.vector(dense.outputs()),
                        result),
                PostOperations.attributes(operations),
                kernels.processor(),
                false);
    }
}
