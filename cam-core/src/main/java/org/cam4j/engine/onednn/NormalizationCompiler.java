package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import org.bytedeco.dnnl.global.dnnl.normalization_flags;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.layer_normalization_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.softmax_forward;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Softmax;

/** Compiles layer normalisation and softmax; both need all channels of a cell contiguous. */
final class NormalizationCompiler {

    private static final int CHANNEL_AXIS = 1;

    private final KernelList kernels;
    private final Weights weights;

    NormalizationCompiler(KernelList kernels, Weights weights) {
        this.kernels = kernels;
        this.weights = weights;
    }

    Tensor normalize(String name, LayerNormalize step, Tensor input, Shape shape) throws EngineUnavailableException {
        memory.desc cells = cells(shape);
        layer_normalization_forward.primitive_desc described = Candidates.firstFast(
                        () -> new layer_normalization_forward.primitive_desc(
                                new layer_normalization_forward.desc(
                                        prop_kind.forward_inference.value,
                                        cells,
                                        step.epsilon(),
                                        normalization_flags.use_scale.value | normalization_flags.use_shift.value),
                                PostOperations.attributes(),
                                kernels.processor(),
                                false))
                .orElseThrow(() -> Candidates.none(step.describe(), name));
        Tensor source = kernels.in(kernels.layouts().plain(shape), name, input);
        Tensor result = kernels.tensor(kernels.layouts().plain(shape));
        kernels.add(
                name,
                described,
                new layer_normalization_forward(described),
                kernels.view(DNNL_ARG_SRC, source, cells),
                new Argument.Fixed(DNNL_ARG_SCALE, weights.vector(step.scale())),
                new Argument.Fixed(DNNL_ARG_SHIFT, weights.vector(step.shift())),
                kernels.view(DNNL_ARG_DST, result, cells));
        return result;
    }

    Tensor softmax(String name, Softmax step, Tensor input, Shape shape) throws EngineUnavailableException {
        memory.desc cells = cells(shape);
        softmax_forward.primitive_desc described = Candidates.firstFast(() -> new softmax_forward.primitive_desc(
                        new softmax_forward.desc(prop_kind.forward_inference, cells, CHANNEL_AXIS),
                        PostOperations.attributes(),
                        kernels.processor(),
                        false))
                .orElseThrow(() -> Candidates.none(step.describe(), name));
        Tensor source = kernels.in(kernels.layouts().plain(shape), name, input);
        Tensor result = kernels.tensor(kernels.layouts().plain(shape));
        kernels.add(
                name,
                described,
                new softmax_forward(described),
                kernels.view(DNNL_ARG_SRC, source, cells),
                kernels.view(DNNL_ARG_DST, result, cells));
        return result;
    }

    /** Describes a matrix [cells, channels]. */
    private memory.desc cells(Shape shape) {
        return Layouts.floats(
                format_tag.ab, (long) kernels.layouts().images() * shape.height() * shape.width(), shape.channels());
    }
}
