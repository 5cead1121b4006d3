package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_forward;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.Window;

/** Compiles poolings. */
final class PoolingCompiler {

    private static final Transpose TRANSPOSE = Transpose.of(1, 0, 2);

    private final KernelList kernels;
    private final RearrangementCompiler rearrangements;

    PoolingCompiler(KernelList kernels, RearrangementCompiler rearrangements) {
        this.kernels = kernels;
        this.rearrangements = rearrangements;
    }

    /** Compiles a pooling; writes into the prepared place if there is one and its layout fits. */
    Tensor pool(String name, Pooling wanted, Tensor input, Shape shape, Shape output, Tensor place)
            throws EngineUnavailableException {
        Pooling pooling = KernelLimits.trimmed(wanted, shape, output);
        return KernelLimits.sidesAreInReach(
                        pooling, shape, output, kernels.layouts().areBlocked())
                ? poolAtOnce(name, pooling, input, shape, output, place)
                : poolByAxes(name, pooling, input, shape, output);
    }

    private Tensor poolAtOnce(String name, Pooling pooling, Tensor input, Shape shape, Shape output, Tensor place)
            throws EngineUnavailableException {
        for (Function<Shape, memory.desc> layout : kernels.layouts().toTry()) {
            Optional<pooling_forward.primitive_desc> found = Candidates.firstFast(
                    () -> described(pooling, layout.apply(shape), layout.apply(output), shape, output));
            if (found.isPresent()) {
                Tensor source = kernels.in(layout.apply(shape), name, input);
                Tensor result = kernels.placeFor(layout.apply(output), place);
                kernels.add(
                        name,
                        found.get(),
                        new pooling_forward(found.get()),
                        kernels.place(DNNL_ARG_SRC, source),
                        kernels.place(DNNL_ARG_DST, result));
                return result == place ? place : kernels.inPreferredLayout(name, result, output);
            }
        }
        throw Candidates.none(pooling.describe(), name);
    }

    /**
     * Pools rows first, then the transposed columns, since oneDNN takes any border width above and below. A window sees the same number
     * of cells in each of its rows, so the average of averages is exact.
     */
    private Tensor poolByAxes(String name, Pooling pooling, Tensor input, Shape shape, Shape output)
            throws EngineUnavailableException {
        Window window = pooling.window();
        Padding border = window.padding();
        Shape between = new Shape(output.height(), shape.width(), shape.channels());
        Pooling rows = downwards(pooling, window.height(), window.strideY(), border.top(), border.bottom());
        Tensor rowsPooled = poolAtOnce(name, rows, input, shape, between, null);
        Pooling columns = downwards(pooling, window.width(), window.strideX(), border.left(), border.right());
        Tensor turned = rearrangements.transpose(name, TRANSPOSE, rowsPooled, between, transposed(between));
        Tensor columnsPooled = poolAtOnce(name, columns, turned, transposed(between), transposed(output), null);
        return rearrangements.transpose(name, TRANSPOSE, columnsPooled, transposed(output), output);
    }

    private static Pooling downwards(Pooling pooling, int extent, int stride, int before, int after) {
        return new Pooling(pooling.kind(), new Window(extent, 1, stride, 1, 1, 1, new Padding(before, after, 0, 0)));
    }

    private static Shape transposed(Shape shape) {
        return new Shape(shape.width(), shape.height(), shape.channels());
    }

    private pooling_forward.primitive_desc described(
            Pooling pooling, memory.desc source, memory.desc result, Shape input, Shape output) {
        Window window = pooling.window();
        Padding border = window.padding();
        algorithm taken =
                pooling.kind() == Pooling.Kind.MAXIMUM ? algorithm.pooling_max : algorithm.pooling_avg_exclude_padding;
        long below = (long) (output.height() - 1) * window.strideY() + window.height() - input.height() - border.top();
        long right = (long) (output.width() - 1) * window.strideX() + window.width() - input.width() - border.left();
        return new pooling_forward.primitive_desc(
                new pooling_forward.desc(
                        prop_kind.forward_inference,
                        taken,
                        source,
                        result,
                        new long[] {window.strideY(), window.strideX()},
                        new long[] {window.height(), window.width()},
                        new long[] {border.top(), border.left()},
                        new long[] {below, right}),
                PostOperations.attributes(),
                kernels.processor(),
                false);
    }
}
