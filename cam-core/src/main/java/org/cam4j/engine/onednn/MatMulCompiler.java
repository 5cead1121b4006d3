package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Shape;

/** Compiles batched matrix products: one matrix for each image and each position of the leading axes. */
final class MatMulCompiler {

    private final KernelList kernels;

    MatMulCompiler(KernelList kernels) {
        this.kernels = kernels;
    }

    Tensor multiply(MatMul product, Operands step) throws EngineUnavailableException {
        Shape first = step.shape();
        Shape second = step.shapes().get(1);
        long matrices = (long) kernels.layouts().images() * first.height();
        memory.desc left = Layouts.floats(format_tag.abc, matrices, first.width(), first.channels());
        memory.desc right = Layouts.floats(
                product.transposesSecond() ? format_tag.acb : format_tag.abc,
                matrices,
                first.channels(),
                step.output().channels());
        memory.desc result = Layouts.floats(
                format_tag.abc, matrices, first.width(), step.output().channels());
        matmul.primitive_desc described = Candidates.firstFast(() -> new matmul.primitive_desc(
                        new matmul.desc(left, right, result), PostOperations.attributes(), kernels.processor(), false))
                .orElseThrow(
                        () -> Candidates.none(product.describe() + " of " + first + " and " + second, step.name()));
        Tensor one = kernels.in(kernels.layouts().plain(first), step.name(), step.input());
        Tensor other = kernels.in(
                kernels.layouts().plain(second), step.name(), step.inputs().get(1));
        Tensor made = kernels.tensor(kernels.layouts().plain(step.output()));
        kernels.add(
                step.name(),
                described,
                new matmul(described),
                kernels.view(DNNL_ARG_SRC, one, left),
                kernels.view(DNNL_ARG_WEIGHTS, other, right),
                kernels.view(DNNL_ARG_DST, made, result));
        return made;
    }
}
