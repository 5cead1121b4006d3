package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;

import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Transpose;

/** Compiles what gives the same numbers another size or order: copies between layouts, or no kernel at all. */
final class RearrangementCompiler {

    private final KernelList kernels;
    private final Layouts layouts;

    RearrangementCompiler(KernelList kernels) {
        this.kernels = kernels;
        this.layouts = kernels.layouts();
    }

    /** Reads with the strides of the axes that become rows, columns and channels. */
    Tensor transpose(String name, Transpose step, Tensor input, Shape shape, Shape output)
            throws EngineUnavailableException {
        requireImage(name, step, shape);
        Tensor source = kernels.in(layouts.plain(shape), name, input);
        Tensor result = kernels.tensor(layouts.plain(output));
        memory.desc exchanged = new memory.desc(sizes(output), data_type.f32, new long[] {
            shape.size(),
            stride(shape, step.order().get(2)),
            stride(shape, step.order().get(0)),
            stride(shape, step.order().get(1))
        });
        kernels.copy(
                name,
                kernels.view(DNNL_ARG_FROM, source, exchanged),
                exchanged,
                kernels.place(DNNL_ARG_TO, result),
                result.layout());
        return kernels.settled(name, result, output);
    }

    private static long stride(Shape shape, int axis) {
        long stride = 1;
        for (int after = axis + 1; after < shape.rank(); after++) {
            stride *= shape.size(after);
        }
        return stride;
    }

    private static void requireImage(String name, Operation step, Shape shape) throws EngineUnavailableException {
        if (!shape.isImage()) {
            throw new EngineUnavailableException("it cannot " + step.describe() + " of " + shape + " ('" + name + "')");
        }
    }

    /** The same memory, seen in another size. */
    Tensor reshape(String name, Reshape step, Tensor input, Shape shape) {
        Tensor source = kernels.in(layouts.plain(shape), name, input);
        Tensor result = kernels.part(source, layouts.plain(step.shape()), 0);
        return kernels.settled(name, result, step.shape());
    }

    /** oneDNN cuts pieces out of whole blocks only. */
    Tensor slice(String name, Slice step, Tensor input, Shape shape, Shape output) throws EngineUnavailableException {
        if (step.axis() != shape.rank() - 1) {
            throw new EngineUnavailableException("it cannot " + step.describe() + " of " + shape + " ('" + name + "')");
        }
        boolean blocks = (step.first() | step.count()) % Layouts.BLOCK == 0 && shape.channels() % Layouts.BLOCK == 0;
        Tensor source = kernels.in(blocks ? layouts.preferred(shape) : layouts.plain(shape), name, input);
        Tensor result = kernels.tensor(blocks ? layouts.preferred(output) : layouts.plain(output));
        memory.desc inside = source.layout().submemory_desc(sizes(output), new long[] {0, step.first(), 0, 0}, false);
        kernels.copy(
                name,
                kernels.view(DNNL_ARG_FROM, source, inside),
                inside,
                kernels.place(DNNL_ARG_TO, result),
                result.layout());
        return kernels.settled(name, result, output);
    }

    private long[] sizes(Shape shape) {
        return new long[] {layouts.images(), shape.channels(), shape.height(), shape.width()};
    }
}
