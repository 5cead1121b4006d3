package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;

import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.resampling_forward;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.Shape;

/** Compiles operations that move cells: padding, cropping, resizing, inserting zeros. */
final class SpatialCompiler {

    private final KernelList kernels;
    private final Layouts layouts;

    SpatialCompiler(KernelList kernels) {
        this.kernels = kernels;
        this.layouts = kernels.layouts();
    }

    Tensor pad(String name, Padding border, Tensor input, Shape shape, Shape output) {
        Tensor result = kernels.tensor(layouts.cuttable(output));
        memory.desc inside = result.layout().submemory_desc(layouts.sizes(shape), offsets(border), false);
        kernels.clear(result);
        kernels.copy(
                name,
                kernels.place(DNNL_ARG_FROM, input),
                input.layout(),
                kernels.view(DNNL_ARG_TO, result, inside),
                inside);
        return kernels.inPreferredLayout(name, result, output);
    }

    Tensor crop(String name, Padding border, Tensor input, Shape shape, Shape output) {
        Tensor source = kernels.in(layouts.cuttable(shape), name, input);
        Tensor result = kernels.tensor(layouts.cuttable(output));
        memory.desc inside = source.layout().submemory_desc(layouts.sizes(output), offsets(border), false);
        kernels.copy(
                name,
                kernels.view(DNNL_ARG_FROM, source, inside),
                inside,
                kernels.place(DNNL_ARG_TO, result),
                result.layout());
        return kernels.inPreferredLayout(name, result, output);
    }

    private static long[] offsets(Padding border) {
        return new long[] {0, 0, border.top(), border.left()};
    }

    Tensor resize(String name, Resize step, Tensor input, Shape shape, Shape output) throws EngineUnavailableException {
        if (step.interpolation() == Resize.Interpolation.NEAREST && !KernelLimits.takesNearestCells(step, shape)) {
            return copyNearest(name, input, shape, output);
        }
        algorithm filled = step.interpolation() == Resize.Interpolation.NEAREST
                ? algorithm.resampling_nearest
                : algorithm.resampling_linear;
        for (Function<Shape, memory.desc> layout : layouts.toTry()) {
            Optional<resampling_forward.primitive_desc> found =
                    Candidates.firstFast(() -> new resampling_forward.primitive_desc(
                            new resampling_forward.desc(
                                    prop_kind.forward_inference, filled, layout.apply(shape), layout.apply(output)),
                            PostOperations.attributes(),
                            kernels.processor(),
                            false));
            if (found.isPresent()) {
                Tensor source = kernels.in(layout.apply(shape), name, input);
                Tensor result = kernels.tensor(layout.apply(output));
                kernels.add(
                        name,
                        found.get(),
                        new resampling_forward(found.get()),
                        kernels.place(DNNL_ARG_SRC, source),
                        kernels.place(DNNL_ARG_DST, result));
                return kernels.inPreferredLayout(name, result, output);
            }
        }
        throw Candidates.none(step.describe(), name);
    }

    /** Copies the nearest cells, row by row, then column by column. */
    private Tensor copyNearest(String name, Tensor input, Shape shape, Shape output) {
        Shape between = new Shape(output.height(), shape.width(), shape.channels());
        Tensor rows = kernels.tensor(layouts.cuttable(between));
        copyNearest(name, kernels.in(layouts.cuttable(shape), name, input), shape, rows, between, true);
        Tensor result = kernels.tensor(layouts.cuttable(output));
        copyNearest(name, rows, between, result, output, false);
        return kernels.inPreferredLayout(name, result, output);
    }

    private void copyNearest(String name, Tensor from, Shape source, Tensor to, Shape target, boolean byRow) {
        int count = byRow ? target.height() : target.width();
        int[] nearest = Resize.nearest(byRow ? source.height() : source.width(), count);
        long[] line = layouts.sizes(
                byRow
                        ? new Shape(1, target.width(), target.channels())
                        : new Shape(target.height(), 1, target.channels()));
        for (int i = 0; i < count; i++) {
            memory.desc read = from.layout().submemory_desc(line, lineAt(nearest[i], byRow), false);
            memory.desc written = to.layout().submemory_desc(line, lineAt(i, byRow), false);
            kernels.copy(
                    name,
                    kernels.view(DNNL_ARG_FROM, from, read),
                    read,
                    kernels.view(DNNL_ARG_TO, to, written),
                    written);
        }
    }

    private static long[] lineAt(int place, boolean isRow) {
        return isRow ? new long[] {0, 0, place, 0} : new long[] {0, 0, 0, place};
    }

    /**
     * Copies cells into a place of zeros, with the operation's steps between them.
     *
     * <p>oneDNN counts the zeros after the last column as part of the row, and refuses rows that would then overlap, such as those of 1x2.
     * The last column is then copied separately.
     */
    Tensor insertZeros(String name, InsertZeros step, Tensor input, Shape shape, Shape output) {
        Tensor result = kernels.tensor(layouts.plain(output));
        kernels.clear(result);
        if (shape.width() == 1 || (long) step.stepY() * output.width() >= (long) step.stepX() * shape.width()) {
            copyColumns(name, step, input, input.layout(), shape, 0, result, output);
        } else {
            Tensor source = kernels.in(layouts.cuttable(shape), name, input);
            int last = shape.width() - 1;
            for (int start : new int[] {0, last}) {
                Shape columns = new Shape(shape.height(), start == 0 ? last : 1, shape.channels());
                memory.desc from =
                        source.layout().submemory_desc(layouts.sizes(columns), new long[] {0, 0, 0, start}, false);
                copyColumns(name, step, source, from, columns, start, result, output);
            }
        }
        return kernels.inPreferredLayout(name, result, output);
    }

    private void copyColumns(
            String name,
            InsertZeros step,
            Tensor input,
            memory.desc from,
            Shape columns,
            int start,
            Tensor result,
            Shape output) {
        long cell = output.channels();
        long row = cell * output.width();
        memory.desc to = new memory.desc(
                layouts.sizes(columns),
                data_type.f32,
                new long[] {
                    row * output.height(), 1, row * step.stepY(), columns.width() == 1 ? cell : cell * step.stepX()
                },
                false);
        to.data().offset0(cell * start * step.stepX());
        kernels.copy(name, kernels.view(DNNL_ARG_FROM, input, from), from, kernels.view(DNNL_ARG_TO, result, to), to);
    }
}
