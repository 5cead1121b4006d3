package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.LinearHead;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;

/** Compiles what makes logits of the features: their averages, times the head's weights. */
final class HeadCompiler {

    private static final String NAME = "the head";

    private final KernelList kernels;
    private final Weights weights;
    private final SpatialCompiler spatial;

    HeadCompiler(KernelList kernels, Weights weights, SpatialCompiler spatial) {
        this.kernels = kernels;
        this.weights = weights;
        this.spatial = spatial;
    }

    /** The logits, [n, classes]. */
    Tensor compile(LinearHead head, Tensor features, Shape shape) throws EngineUnavailableException {
        Shape pooled = new Shape(1, 1, shape.channels());
        Pooling average = new Pooling(Pooling.Kind.AVERAGE, Window.of(shape.height(), shape.width()));
        Tensor means = spatial.pool("the features' averages", average, features, shape, pooled, null);
        int images = kernels.layouts().images();
        memory.desc row = Layouts.floats(format_tag.nc, images, head.channels());
        // Whole blocks of a single cell lie as the channels do.
        Tensor source = head.channels() % Layouts.BLOCK == 0
                ? means
                : kernels.in(kernels.layouts().plain(pooled), NAME, means);
        Tensor logits = kernels.tensor(Layouts.floats(format_tag.nc, images, head.classes()));
        inner_product_forward.primitive_desc described = Candidates.firstFast(
                        () -> described(row, format_tag.any, head, logits),
                        () -> described(row, format_tag.io, head, logits))
                .orElseThrow(() -> new EngineUnavailableException("it has no fast kernel for the head"));
        memory packed = weights.packed(
                head.weights(),
                Layouts.floats(format_tag.io, head.classes(), head.channels()),
                described.weights_desc());
        kernels.add(
                NAME,
                described,
                new inner_product_forward(described),
                kernels.view(DNNL_ARG_SRC, source, row),
                new Argument.Fixed(DNNL_ARG_WEIGHTS, packed),
                new Argument.Fixed(DNNL_ARG_BIAS, weights.vector(head.bias())),
                kernels.place(DNNL_ARG_DST, logits));
        return logits;
    }

    private inner_product_forward.primitive_desc described(
            memory.desc row, format_tag weightLayout, LinearHead head, Tensor logits) {
        return new inner_product_forward.primitive_desc(
                new inner_product_forward.desc(
                        prop_kind.forward_inference,
                        row,
                        Layouts.floats(weightLayout, head.classes(), head.channels()),
                        Layouts.vector(head.classes()),
                        logits.layout()),
                PostOperations.attributes(),
                kernels.processor(),
                false);
    }
}
